import { randomBytes, timingSafeEqual } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import type { Session, Tenant } from '@millwright/contracts'
import { type Actor, type Authenticate, systemActor } from '@millwright/trust'

const PREFIX = 'mwo_'

/**
 * A token for programs of whoever runs the platform, on the same machine: the simulated plant, replay, the command line.
 * New at each start, in a file for the owner's eyes only, taken from loopback addresses alone. Who can read the file holds
 * the data directory, and with it everything already.
 */
export class LocalOperator {
  readonly token = `${PREFIX}${randomBytes(32).toString('base64url')}`
  readonly #actor: Actor

  constructor(tenant: string) {
    this.#actor = { ...systemActor(tenant, 'local operator'), kind: 'token' }
  }

  /** Writes the token into the data directory. */
  async write(directory: string): Promise<void> {
    await writeFile(join(directory, 'local-token'), `${this.token}\n`, { mode: 0o600 })
  }

  /** Whether it is the local operator who acts. */
  is(actor: Actor): boolean {
    return actor.kind === this.#actor.kind && actor.id === this.#actor.id
  }

  /** Its "who am I": it is nobody's account. @param tenant the first one */
  session(tenant: Tenant): Session {
    const permissions = Object.fromEntries([...this.#actor.permissions].map(([node, held]) => [node, [...held]]))
    return {
      user: {
        id: `usr_${'0'.repeat(26)}`,
        tenant: tenant.id,
        email: 'operator@localhost',
        name: this.#actor.name,
        state: 'active',
        createdAt: tenant.createdAt,
        version: 1,
      },
      tenant,
      permissions,
      csrf: '',
      // As long as this process; the schema asks for a time.
      expiresAt: Number.MAX_SAFE_INTEGER,
      mustSetPassword: false,
    }
  }

  /** Recognises the local operator; everybody else is asked as before. */
  over(authenticate: Authenticate): Authenticate {
    const expected = Buffer.from(`Bearer ${this.token}`)
    return (given) => {
      const header = Buffer.from(given.authorization ?? '')
      const mine = header.length === expected.length && timingSafeEqual(header, expected)
      if (!mine || !isLoopback(given.address)) return authenticate(given)
      return Promise.resolve({ actor: { ...this.#actor, address: given.address } })
    }
  }
}

/** Whether an address is of this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.replace(/^::ffff:/, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}
