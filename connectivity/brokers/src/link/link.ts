import { reconnectWait, type StatusPort } from '@millwright/connectivity'
import { type Clock, type Log, type Micros, SECOND } from '@millwright/foundation'
import type { BrokerConfig } from './config.ts'
import { type InboundMessage, MqttLine, type Will } from './line.ts'
import { openTcp, openTls } from './socket.ts'
import type { Trouble } from './trouble.ts'

export interface LinkOptions {
  readonly config: BrokerConfig
  readonly clientId: string
  readonly sessionExpiry?: number | undefined
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly status: StatusPort
  readonly packetBytes: number
  readonly inflight?: { readonly messages: number; readonly bytes: number }
  /** Asked before each CONNECT. */
  will?(): Will | undefined
  /** A line is open: subscribe, publish. When it rejects, the line is closed and the next one tried. */
  connected(line: MqttLine): Promise<void>
  message(message: InboundMessage): Promise<void> | undefined
  hold?(): Promise<void> | undefined
  /** The line that was open is gone. */
  lost?(reason: string): void
}

const SLOW: Micros = 30 * SECOND
/** A line that lived this long was a good one: the next wait is short again. */
const GOOD: Micros = 5 * SECOND
const FAREWELL: Micros = SECOND
const INFLIGHT = { messages: 2_000, bytes: 16 * 1024 * 1024 }

/** A connection to a broker that is made again, with growing waits, until it is stopped; says how it is. */
export class MqttLink {
  readonly #options: LinkOptions
  readonly #stopping = new AbortController()
  /** Lines in a row that could not be had, or were soon lost. */
  #failures = 0
  readonly #received = new Set<number>()
  #line: MqttLine | undefined
  #run: Promise<void> | undefined
  #certificates = false
  readonly counters = { connects: 0, connect_failures: 0, lines_lost: 0 }

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** The open line; undefined: none. */
  get line(): MqttLine | undefined {
    return this.#line?.open === true ? this.#line : undefined
  }

  start(): void {
    this.#run ??= this.#work()
  }

  /** @param farewell what is to be said on an open line before it is closed */
  async stop(farewell?: (line: MqttLine) => Promise<void>): Promise<void> {
    const line = this.line
    if (line !== undefined && farewell !== undefined) {
      const said = farewell(line).catch((error) => this.#options.log.debug({ err: error }, 'farewell was not sent'))
      // A wire that is half open is not waited for.
      await Promise.race([said, this.#pause(FAREWELL)])
    }
    this.#stopping.abort()
    await this.#line?.end()
    await this.#run
  }

  async #work(): Promise<void> {
    const { clock, random } = this.#options
    while (!this.#stopping.signal.aborted) {
      const began = clock.steady()
      const reason = await this.#attempt()
      if (this.#stopping.signal.aborted) return
      this.#say(reason)
      this.#failures = clock.steady() - began >= GOOD ? 1 : this.#failures + 1
      await this.#pause(reason.lasting ? SLOW : reconnectWait(this.#failures, random))
    }
  }

  /** One line from its beginning to its end. @returns why it ended */
  async #attempt(): Promise<Trouble> {
    const { config, clock } = this.#options
    const { signal } = this.#stopping
    let opened = await openTcp(config, signal)
    if (config.tls === true && 'socket' in opened) opened = await openTls(config, opened.socket, clock, signal)
    if ('trouble' in opened) return this.#failed(opened.trouble)
    this.#shown(undefined)
    const line = await MqttLine.open(opened.socket, this.#lineOptions())
    if (!(line instanceof MqttLine)) return this.#failed(line)
    this.#line = line
    this.counters.connects++
    if (signal.aborted) await line.end()
    try {
      await this.#options.connected(line)
    } catch (error) {
      await line.end()
      this.#options.lost?.((error as Error).message)
      return this.#failed({ error: error as Trouble['error'], lasting: false, certificate: undefined })
    }
    const reason = await line.closed
    this.#line = undefined
    this.counters.lines_lost++
    this.#options.lost?.(reason.error.message)
    return reason
  }

  #lineOptions() {
    const {
      config,
      clientId,
      sessionExpiry,
      packetBytes,
      inflight = INFLIGHT,
      log,
      message,
      hold,
      will,
    } = this.#options
    return {
      config,
      clientId,
      sessionExpiry,
      packetBytes,
      inflight,
      log,
      received: this.#received,
      will: will?.(),
      message,
      hold: hold ?? (() => undefined),
    }
  }

  #failed(reason: Trouble): Trouble {
    this.counters.connect_failures++
    return reason
  }

  #say({ error, lasting, certificate }: Trouble): void {
    if (lasting) this.#options.status.failed(error.message)
    else this.#options.status.waiting(error.message)
    this.#shown(certificate)
  }

  #shown(certificate: Trouble['certificate']): void {
    if (certificate === undefined && !this.#certificates) return
    this.#certificates = certificate !== undefined
    this.#options.status.certificates(certificate === undefined ? [] : [certificate])
  }

  #pause(wait: Micros): Promise<void> {
    const { signal } = this.#stopping
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(wait, () => done())
      const done = () => {
        timer.cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
