import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { authorityErrors } from './errors.ts'
import { readIfThere, writeDurably } from './files.ts'

/** Keeps private keys and other secrets unreadable at rest: AES-256-GCM under one random data key. */
export interface Seal {
  /** @param name what is sealed; it opens under this name only, so that files cannot be swapped */
  seal(name: string, plain: Uint8Array): string
  open(name: string, sealed: string): Buffer
}

const Box = Type.Object({ iv: Type.String(), tag: Type.String(), data: Type.String() })
type Box = Static<typeof Box>

/** The data key, wrapped under a key made from the passphrase, or under the one in the key file. */
const Wrapped = Type.Object({
  format: Type.Integer(),
  kdf: Type.Union([Type.Literal('scrypt'), Type.Literal('file')]),
  salt: Type.String(),
  box: Box,
})

const FORMAT = 1
/** OWASP Password Storage Cheat Sheet, scrypt: 128 MiB, about 0.3 s, once at each start. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 }
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)

function encrypt(key: Buffer, name: string, plain: Uint8Array): Box {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
  const data = Buffer.concat([cipher.update(plain), cipher.final()])
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') }
}

/** @returns undefined when the key is another one, or the box was changed */
function decrypt(key: Buffer, name: string, box: Box): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.iv, 'base64'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(box.tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(box.data, 'base64')), decipher.final()])
  } catch {
    // GCM says only that it does not fit; the caller says what that means where it stands.
    return undefined
  }
}

function parse<S extends typeof Box | typeof Wrapped>(schema: S, text: string, file: string): Static<S> {
  try {
    const value: unknown = JSON.parse(text)
    if (Value.Check(schema, value)) return value
  } catch (cause) {
    throw authorityErrors.sealDamaged({ file, cause })
  }
  throw authorityErrors.sealDamaged({ file })
}

const sealOf = (dataKey: Buffer, directory: string): Seal => ({
  seal: (name, plain) => `${JSON.stringify({ format: FORMAT, ...encrypt(dataKey, name, plain) })}\n`,
  open(name, sealed) {
    const file = join(directory, name)
    const plain = decrypt(dataKey, name, parse(Box, sealed, file))
    if (plain === undefined) throw authorityErrors.sealDamaged({ file })
    return plain
  },
})

/**
 * Opens the seal of a directory, or makes it. Without a passphrase the wrapping key lies beside it in `seal.key` (0600):
 * that keeps keys out of a stray copy of single files, not from whoever can read the directory. Giving a passphrase
 * later wraps the data key anew and takes the key file away.
 */
export async function openSeal(directory: string, passphrase: string | undefined): Promise<Seal> {
  const path = join(directory, 'seal.json')
  const keyPath = join(directory, 'seal.key')
  const written = await readIfThere(path)
  if (written === undefined) {
    // Making another one would lock out what is sealed already. A key file alone is left of a start that broke off.
    const sealed = (await readdir(directory)).some((name) => /\.(key|crt)$/.test(name) && name !== 'seal.key')
    if (sealed) throw authorityErrors.fileMissing({ file: path })
    const dataKey = randomBytes(32)
    await wrap(directory, dataKey, passphrase)
    return sealOf(dataKey, directory)
  }
  const wrapped = parse(Wrapped, written, path)
  if (wrapped.format > FORMAT) throw authorityErrors.newer({ directory })
  if (wrapped.kdf === 'scrypt') {
    if (passphrase === undefined) throw authorityErrors.passphraseNeeded({ directory })
    const dataKey = decrypt(await fromPassphrase(passphrase, wrapped.salt), 'data key', wrapped.box)
    if (dataKey === undefined) throw authorityErrors.passphraseWrong({ directory })
    return sealOf(dataKey, directory)
  }
  const keyFile = await readIfThere(keyPath)
  if (keyFile === undefined) throw authorityErrors.fileMissing({ file: keyPath })
  const dataKey = decrypt(Buffer.from(keyFile.trim(), 'hex').subarray(0, 32), 'data key', wrapped.box)
  if (dataKey === undefined) throw authorityErrors.sealDamaged({ file: keyPath })
  if (passphrase !== undefined) await wrap(directory, dataKey, passphrase)
  return sealOf(dataKey, directory)
}

const fromPassphrase = (passphrase: string, salt: string): Promise<Buffer> =>
  derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, SCRYPT)

async function wrap(directory: string, dataKey: Buffer, passphrase: string | undefined): Promise<void> {
  const keyPath = join(directory, 'seal.key')
  const salt = randomBytes(16).toString('base64')
  const write = (kdf: 'scrypt' | 'file', key: Buffer) => {
    const content = { format: FORMAT, kdf, salt, box: encrypt(key, 'data key', dataKey) }
    return writeDurably(join(directory, 'seal.json'), `${JSON.stringify(content)}\n`)
  }
  if (passphrase !== undefined) {
    await write('scrypt', await fromPassphrase(passphrase, salt))
    await rm(keyPath, { force: true })
    return
  }
  const key = randomBytes(32)
  await writeDurably(keyPath, `${key.toString('hex')}\n`)
  await write('file', key)
}
