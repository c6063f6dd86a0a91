import { createHash, timingSafeEqual } from 'node:crypto'
import { TokenBucket } from '@millwright/connectivity'
import type { Clock } from '@millwright/foundation'
import type { FastifyRequest } from 'fastify'
import { brokerErrors } from '../errors.ts'

const ADDRESSES = 1_000

/** Questions of one address a second, and those without the right secret. */
export interface AskerRates {
  readonly questions: number
  readonly strangers: number
}

/**
 * Lets in the broker that shows the shared secret: as bearer token, as password of Basic authentication, or as the last
 * part of the path for brokers that can set no header.
 */
export class Askers {
  readonly #secret: Buffer
  readonly #clock: Clock
  readonly #rates: AskerRates
  readonly #buckets = new Map<string, { questions: TokenBucket; strangers: TokenBucket }>()

  constructor(secret: string, clock: Clock, rates: AskerRates) {
    this.#secret = digest(secret)
    this.#clock = clock
    this.#rates = rates
  }

  /** @throws MW-BRK-0060, 0061 */
  check(request: FastifyRequest): void {
    const now = this.#clock.now()
    const { questions, strangers } = this.#bucketsOf(request.ip)
    if (!questions.take(1, now)) throw brokerErrors.askerThrottled()
    const shown = shownSecret(request)
    // Both sides are hashed: their lengths tell nothing.
    if (shown !== undefined && timingSafeEqual(digest(shown), this.#secret)) return
    throw strangers.take(1, now) ? brokerErrors.askerUnknown() : brokerErrors.askerThrottled()
  }

  #bucketsOf(address: string) {
    let buckets = this.#buckets.get(address)
    if (buckets === undefined) {
      // The one that asked first goes: at worst a stranger gets a fresh allowance.
      if (this.#buckets.size >= ADDRESSES) this.#buckets.delete(this.#buckets.keys().next().value!)
      const now = this.#clock.now()
      const { questions, strangers } = this.#rates
      buckets = {
        questions: new TokenBucket(questions, questions, now),
        strangers: new TokenBucket(strangers, strangers, now),
      }
      this.#buckets.set(address, buckets)
    }
    return buckets
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function shownSecret(request: FastifyRequest): string | undefined {
  const { secret } = request.params as { secret?: string }
  if (secret !== undefined) return secret
  const header = request.headers.authorization ?? ''
  const [, scheme, value] = /^(Bearer|Basic) +(\S{1,1000})$/i.exec(header) ?? []
  if (value === undefined) return undefined
  if (scheme!.toLowerCase() === 'bearer') return value
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}
