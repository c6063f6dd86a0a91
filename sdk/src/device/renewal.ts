import { X509Certificate } from 'node:crypto'
import type { DeviceClock } from './clock.ts'
import { renew } from './enrol.ts'
import type { Identity } from './identity.ts'

export interface RenewalOptions {
  readonly clock: DeviceClock
  identity(): Identity
  /** The new identity: keep it and reconnect with it. */
  onRenewed(identity: Identity): Promise<void>
  onError(error: Error): void
}

/** Renews when this part of the certificate's life is left. */
const LEFT = 1 / 3
const RETRY = 60 * 60 * 1_000_000
const SOONEST_RETRY = 10 * 1_000_000

/** Renews a certificate in good time, again and again. After a failure it tries each hour, or more often when little time is left. */
export class Renewal {
  readonly #options: RenewalOptions
  #timer: { cancel(): void } | undefined
  #stopped = false

  constructor(options: RenewalOptions) {
    this.#options = options
  }

  start(): void {
    const { notBefore, notAfter } = lifeOf(this.#options.identity())
    const due = notAfter - (notAfter - notBefore) * LEFT
    this.#after(Math.max(0, due - this.#options.clock.now()))
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #after(delay: number): void {
    if (this.#stopped) return
    this.#timer = this.#options.clock.after(delay, () => void this.#renew())
  }

  async #renew(): Promise<void> {
    try {
      const renewed = await renew(this.#options.identity())
      if (this.#stopped) return
      await this.#options.onRenewed(renewed)
      this.start()
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)))
      const left = lifeOf(this.#options.identity()).notAfter - this.#options.clock.now()
      this.#after(Math.max(SOONEST_RETRY, Math.min(RETRY, left / 10)))
    }
  }
}

/** µs since the epoch. */
function lifeOf(identity: Identity): { notBefore: number; notAfter: number } {
  const certificate = new X509Certificate(identity.certificate)
  return { notBefore: Date.parse(certificate.validFrom) * 1000, notAfter: Date.parse(certificate.validTo) * 1000 }
}
