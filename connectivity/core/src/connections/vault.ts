import type { Seal } from '@millwright/trust'
import type { Secrets } from './secrets.ts'

/** Secrets of connections at rest: sealed for one connection, so that they open for no other. */
export class Vault {
  readonly #seal: Seal

  constructor(seal: Seal) {
    this.#seal = seal
  }

  /** @returns null when there are none */
  close(connection: string, secrets: Secrets): string | null {
    if (Object.keys(secrets).length === 0) return null
    return this.#seal.seal(nameOf(connection), Buffer.from(JSON.stringify(secrets)))
  }

  /** @throws when it was sealed for another connection, by another platform, or changed since */
  open(connection: string, sealed: string | null): Secrets {
    return sealed === null ? {} : (JSON.parse(this.#seal.open(nameOf(connection), sealed).toString()) as Secrets)
  }
}

const nameOf = (connection: string): string => `connections/${connection}`
