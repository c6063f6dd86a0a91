import { AsyncResource } from 'node:async_hooks'
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { join } from 'node:path'
import { type Clock, type Log, SECOND, type Timer } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { privateDirectory, readIfThere, writeDurably } from '../authority/files.ts'
import type { KeyStore } from '../authority/key-store.ts'
import { canonicalJson } from './canonical.ts'
import { auditErrors } from './errors.ts'
import { readHash, readHead } from './store.ts'

const Checkpoint = Type.Object({
  tenant: Type.String(),
  sequence: Type.Integer(),
  hash: Type.String(),
  /** Of the signing, µs. */
  time: Type.Integer(),
  /** Ed25519 over the canonical JSON of the other fields, base64. */
  signature: Type.String(),
})
export type Checkpoint = Static<typeof Checkpoint>

/**
 * The head of each chain, signed and kept outside the database: whoever can write the database can also cut entries off
 * the end of a chain and set its head back, but cannot sign the head that this would need.
 */
export interface Checkpoints {
  /** An entry was appended: the head is signed soon, read again after the transaction has ended. */
  due(tenant: string): void
  /** The last signed head; undefined when none was made yet. Throws MW-AUDIT-0001 when the file is not what was signed. */
  read(tenant: string): Promise<Checkpoint | undefined>
  /** Signs what is still due, and stops. */
  stop(): Promise<void>
}

const WAIT = SECOND

export interface CheckpointOptions {
  readonly directory: string
  readonly keys: KeyStore
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
}

export async function openCheckpoints(options: CheckpointOptions): Promise<Checkpoints> {
  await privateDirectory(options.directory)
  return new SignedCheckpoints(options, await signingKey(options.keys))
}

async function signingKey(keys: KeyStore): Promise<KeyObject> {
  const known = await keys.loadSecret('audit')
  if (known !== undefined) return createPrivateKey({ key: known, format: 'der', type: 'pkcs8' })
  const { privateKey } = generateKeyPairSync('ed25519')
  await keys.saveSecret('audit', privateKey.export({ format: 'der', type: 'pkcs8' }))
  return privateKey
}

class SignedCheckpoints implements Checkpoints {
  readonly #o: CheckpointOptions
  readonly #private: KeyObject
  readonly #public: KeyObject
  /** Entries are appended inside transactions; what is done later must not count as a part of them. */
  readonly #outside = new AsyncResource('audit checkpoints')
  readonly #due = new Set<string>()
  #timer: Timer | undefined
  #writing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: CheckpointOptions, key: KeyObject) {
    this.#o = options
    this.#private = key
    this.#public = createPublicKey(key)
  }

  due(tenant: string): void {
    if (this.#stopped) return
    this.#due.add(tenant)
    this.#timer ??= this.#outside.runInAsyncScope(() => this.#o.clock.after(WAIT, () => this.#flush()))
  }

  async read(tenant: string): Promise<Checkpoint | undefined> {
    const text = await readIfThere(this.#path(tenant))
    if (text === undefined) return undefined
    const checkpoint = parseCheckpoint(text)
    if (checkpoint === undefined || checkpoint.tenant !== tenant || !this.#fits(checkpoint)) {
      throw auditErrors.badCheckpoint({ file: this.#path(tenant) })
    }
    return checkpoint
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    this.#flush()
    await this.#writing
    this.#outside.emitDestroy()
  }

  #flush(): void {
    this.#timer = undefined
    const tenants = [...this.#due]
    this.#due.clear()
    this.#writing = this.#writing.then(async () => {
      for (const tenant of tenants) {
        try {
          await this.#write(tenant)
        } catch (error) {
          this.#o.log.error(
            { err: error, tenant },
            'could not sign the head of an audit log; the next entry tries again',
          )
        }
      }
    })
  }

  async #write(tenant: string): Promise<void> {
    const before = await this.read(tenant)
    const { head, hash } = await this.#o.database.tenant(tenant, async (sql) => ({
      head: await readHead(sql, tenant),
      hash: before === undefined ? undefined : await readHash(sql, tenant, before.sequence),
    }))
    // A chain that does not run through its last signed head was tampered with: the old head is the evidence.
    if (before !== undefined && hash !== before.hash) throw auditErrors.notContinued({ sequence: before.sequence })
    const body = { tenant, sequence: head.sequence, hash: head.hash, time: this.#o.clock.now() }
    const signature = sign(null, Buffer.from(canonicalJson(body)), this.#private).toString('base64')
    await writeDurably(this.#path(tenant), `${JSON.stringify({ ...body, signature })}\n`)
  }

  #fits({ signature, ...body }: Checkpoint): boolean {
    return verify(null, Buffer.from(canonicalJson(body)), this.#public, Buffer.from(signature, 'base64'))
  }

  /** Ids of tenants are safe file names; whatever else could come is hashed. */
  #path(tenant: string): string {
    const name = /^ten_[0-9a-z]{26}$/.test(tenant) ? tenant : createHash('sha256').update(tenant).digest('hex')
    return join(this.#o.directory, `${name}.head`)
  }
}

function parseCheckpoint(text: string): Checkpoint | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(Checkpoint, value) ? value : undefined
  } catch {
    // Not JSON: as good as not signed, which the caller reports.
    return undefined
  }
}
