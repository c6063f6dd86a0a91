import type { ConnectionStatus, PeerCertificate } from '@millwright/contracts'
import type { Clock, Micros } from '@millwright/foundation'
import type { StatusPort } from './adapter.ts'
import { Rate } from './rate.ts'

export type ConnectionState = ConnectionStatus['state']

const REASON_CHARS = 1_000
const CERTIFICATES = 20
const COUNTERS = 50

/** How a connection is, kept while it is hosted: what the adapter says, and what passes through its ports. */
export class StatusKeeper {
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #rate: Rate
  #state: ConnectionState = 'starting'
  #reason: string | undefined
  #since: Micros
  #lastReadingAt: Micros | undefined
  #lastError: { time: Micros; reason: string } | undefined
  #readings = 0
  #certificates: readonly PeerCertificate[] = []
  /** The running totals of the connection. */
  counters: () => Readonly<Record<string, number>> = () => ({})

  /** @param changed called when state, reason or certificates became others */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock
    this.#changed = changed
    this.#rate = new Rate(clock)
    this.#since = clock.now()
  }

  get state(): ConnectionState {
    return this.#state
  }

  get reason(): string | undefined {
    return this.#reason
  }

  become(state: ConnectionState, reason?: string): void {
    const text = reason === undefined ? undefined : oneLine(reason)
    if (text !== undefined && state !== 'stopped') this.#lastError = { time: this.#clock.now(), reason: text }
    if (state === this.#state && text === this.#reason) return
    if (state !== this.#state) this.#since = this.#clock.now()
    this.#state = state
    this.#reason = text
    this.#changed()
  }

  /** Something went wrong that changes no state. */
  failed(reason: string): void {
    this.#lastError = { time: this.#clock.now(), reason: oneLine(reason) }
  }

  accepted(readings: number): void {
    this.#readings += readings
    this.#rate.add(readings)
    this.#lastReadingAt = this.#clock.now()
  }

  /** What the adapter says of itself. */
  port(): StatusPort {
    return {
      running: () => this.become('running'),
      degraded: (reason) => this.become('degraded', reason),
      waiting: (reason) => this.become('waiting', reason),
      failed: (reason) => this.become('failed', reason),
      certificates: (unknown) => {
        const next = unknown.slice(0, CERTIFICATES)
        if (fingerprints(next) === fingerprints(this.#certificates)) return
        this.#certificates = next
        this.#changed()
      },
    }
  }

  shown(): ConnectionStatus {
    return {
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      since: this.#since,
      ...(this.#lastReadingAt === undefined ? {} : { lastReadingAt: this.#lastReadingAt }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
      readings: this.#readings,
      readingsPerSecond: Math.round(this.#rate.perSecond * 10) / 10,
      counters: Object.fromEntries(
        Object.entries(this.counters())
          .filter(([, count]) => Number.isFinite(count))
          .slice(0, COUNTERS),
      ),
      certificates: [...this.#certificates],
    }
  }
}

/** The status of a connection that does not run here. */
export const statusOf = (state: ConnectionState, since: Micros, reason?: string): ConnectionStatus => ({
  state,
  ...(reason === undefined ? {} : { reason }),
  since,
  readings: 0,
  readingsPerSecond: 0,
  counters: {},
  certificates: [],
})

const fingerprints = (certificates: readonly PeerCertificate[]): string =>
  certificates.map(({ fingerprint, reason }) => `${fingerprint} ${reason}`).join()

/** What peers say ends up in it: on one line, and short. */
function oneLine(text: string): string {
  const flat = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return flat.length > REASON_CHARS ? `${flat.slice(0, REASON_CHARS - 1).toWellFormed()}…` : flat
}
