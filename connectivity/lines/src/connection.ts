import type { ConnectionCommand, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { MILLISECOND, type Timer } from '@millwright/foundation'
import { DEFAULTS, type LinesConfig } from './config.ts'
import { linesErrors } from './errors.ts'
import { controlText } from './framing/escapes.ts'
import { Lines } from './lines.ts'
import { createSource, sourceName } from './source/open.ts'
import type { TextSource } from './source/source.ts'
import { UdpSource } from './source/udp.ts'

/** So many lines in a row that no pattern reads, and people are told. */
const UNREAD_IN_A_ROW = 5

export class LinesConnection implements RunningConnection {
  readonly #config: LinesConfig
  readonly #ports: ConnectionPorts
  readonly #source: TextSource
  readonly #lines: Lines
  readonly #requests: readonly { readonly bytes: Buffer; readonly interval: number }[]
  readonly #timers = new Set<Timer>()
  #silence: Timer | undefined
  #up = false
  #draining = false
  #unread = 0
  #said = ''

  constructor(config: LinesConfig, ports: ConnectionPorts) {
    this.#config = config
    this.#ports = ports
    this.#lines = new Lines(config, ports, {
      read: () => {
        this.#unread = 0
        this.#say('running', '')
      },
      unread: (line, error) => this.#notRead(line, error.message),
    })
    this.#requests = (config.requests ?? []).map(({ text, interval }, at) => ({
      bytes: Buffer.from(controlText(text, `/requests/${at}/text`), 'latin1'),
      interval: interval * MILLISECOND,
    }))
    this.#source = createSource(
      config.source,
      {
        up: () => this.#isUp(),
        down: (error) => {
          this.#up = false
          this.#say('waiting', error.message)
        },
        data: (peer, bytes) => this.#data(peer, bytes),
        end: (peer) => this.#lines.end(peer),
      },
      ports,
    )
  }

  async start(): Promise<void> {
    this.#source.start()
    for (const { bytes, interval } of this.#requests) this.#repeat(interval, () => void this.#source.send(bytes))
    this.#listen()
  }

  async stop(): Promise<void> {
    this.#silence?.cancel()
    for (const timer of this.#timers) timer.cancel()
    await this.#source.stop()
    await this.#lines.settled()
  }

  async command({ name, params }: ConnectionCommand): Promise<unknown> {
    const allowed = this.#config.commands === true
    if (name !== 'send' || !allowed) {
      const hint = allowed ? '; there is: send { text }' : '; "send" must be allowed in the configuration (commands)'
      throw linesErrors.commandUnknown({ name, hint, path: '/name' })
    }
    const { text } = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>
    if (typeof text !== 'string' || text.length === 0 || text.length > 4_096) {
      throw linesErrors.commandParams({ path: '/params/text' })
    }
    const bytes = Buffer.from(controlText(text, '/params/text'), 'latin1')
    if (!this.#source.send(bytes)) throw linesErrors.notConnected()
    return { sent: bytes.length }
  }

  get counters(): Readonly<Record<string, number>> {
    const { lines, unmatched, tooLong, notStored } = this.#lines.counters
    const lost = this.#source instanceof UdpSource ? this.#source.lost : 0
    return { lines, unmatched, too_long: tooLong, not_stored: notStored, datagrams_lost: lost }
  }

  #isUp(): void {
    this.#up = true
    this.#listen()
    // Those who connect to us may come later: that is no fault.
    this.#say('running', '')
  }

  #data(peer: string, bytes: Uint8Array): void {
    this.#listen()
    this.#lines.push(peer, bytes)
    if (this.#ports.readings.saturated) void this.#drain()
  }

  /** The device, or the network before it, waits with us. */
  async #drain(): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    this.#source.pause()
    await this.#ports.readings.drained()
    this.#draining = false
    this.#source.resume()
  }

  /** Begins to wait anew for the longest silence. */
  #listen(): void {
    const longest = this.#config.silence ?? DEFAULTS.silence
    if (longest === 0) return
    this.#silence?.cancel()
    this.#silence = this.#ports.clock.after(longest * MILLISECOND, () => {
      if (this.#up && !this.#draining) {
        const where = sourceName(this.#config.source)
        this.#say('waiting', `Nothing came from ${where} for ${longest / 1000} s: is the device on, and does it send?`)
        this.#source.renew()
      }
      this.#listen()
    })
  }

  #repeat(interval: number, work: () => void): void {
    const again = () => {
      const timer = this.#ports.clock.after(interval, () => {
        this.#timers.delete(timer)
        if (!this.#draining) work()
        again()
      })
      this.#timers.add(timer)
    }
    again()
  }

  #notRead(line: string, reason: string): void {
    if (++this.#unread < UNREAD_IN_A_ROW) return
    const shown = line.length > 120 ? `${line.slice(0, 120)}…` : line
    this.#say('degraded', `Lines come, but cannot be read: ${reason} The last: ${JSON.stringify(shown)}`)
  }

  #say(state: 'running' | 'degraded' | 'waiting', reason: string): void {
    // A line that changes with each reading is one state: it is not said a thousand times a second.
    const key = state === 'degraded' ? state : `${state} ${reason}`
    if (key === this.#said) return
    this.#said = key
    if (state === 'running') this.#ports.status.running()
    else this.#ports.status[state](reason)
  }
}
