import { type ConnectionPorts, isRefusal, reconnectWait } from '@millwright/connectivity'
import { settled } from '@millwright/connectivity-files'
import { DAY, type Timer } from '@millwright/foundation'
import { canErrors } from '../errors.ts'
import type { BusDecoders } from '../frames/buses.ts'
import type { FrameBytes } from '../frames/extract.ts'
import type { FrameLine } from './lines.ts'

/** How long rows come together before they are handed over, µs. */
const WINDOW = 50_000
const MANY = 20_000
/** Batches on their way to storage; beyond, nothing is read. */
const MAX_WAITING = 20
const EARLIEST = 946_684_800_000_000

/** A bus that can be listened to: the stream of its frames until it ends. */
export interface Bus {
  /** Calls `frame` for each frame and `bad` for what is none; resolves or rejects with words when the stream ends. */
  listen(frame: () => void, bad: (text: string) => void, signal: AbortSignal): Promise<void>
  /** Stops reading, or goes on. */
  pause(on: boolean): void
  /** @param frame as `123#DEADBEEF` */
  send(frame: string): Promise<void>
}

/** Frames of a live bus into readings, in windows of 50 ms; comes back when the bus is away. */
export class LiveSource {
  readonly counters = { bad_lines: 0, reconnects: 0, not_stored: 0 }
  readonly #ports: ConnectionPorts
  readonly #decoders: BusDecoders
  readonly #bus: Bus
  readonly #line: FrameLine
  readonly #frame: FrameBytes
  readonly #source: string
  readonly #stop = new AbortController()
  readonly #waiting = new Set<Promise<void>>()
  #rows = 0
  #failures = 0
  #timer: Timer | undefined
  #retry: Timer | undefined
  #listening: Promise<void> = Promise.resolve()
  #refusedAt = Number.NEGATIVE_INFINITY

  constructor(
    ports: ConnectionPorts,
    decoders: BusDecoders,
    bus: Bus,
    line: FrameLine,
    frame: FrameBytes,
    source: string,
  ) {
    this.#ports = ports
    this.#decoders = decoders
    this.#bus = bus
    this.#line = line
    this.#frame = frame
    this.#source = source
  }

  start(): void {
    this.#listening = this.#listen()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#retry?.cancel()
    await this.#listening
    this.#handOver()
    await settled(this.#ports.clock, Promise.allSettled(this.#waiting))
  }

  async #listen(): Promise<void> {
    const { status, clock, random } = this.#ports
    try {
      await this.#bus.listen(
        () => this.#take(),
        (text) => this.#bad(text),
        this.#stop.signal,
      )
    } catch (error) {
      if (this.#stop.signal.aborted) return
      status.waiting(error instanceof Error ? error.message : String(error))
    }
    if (this.#stop.signal.aborted) return
    this.counters.reconnects++
    this.#retry = clock.after(reconnectWait(++this.#failures, random), () => this.start())
  }

  #take(): void {
    const { clock } = this.#ports
    if (this.#failures > 0) this.#failures = 0
    const line = this.#line
    if (line.empty) return
    // A log that is played back may carry its own times; a bus without a clock may not.
    const now = clock.now()
    const time = line.time >= EARLIEST && line.time <= now + DAY ? line.time : now
    this.#rows += this.#decoders.of(line.channel)?.decode(line.id, line.extended, this.#frame, time) ?? 0
    if (this.#rows >= MANY) this.#handOver()
    else if (this.#rows > 0) this.#timer ??= clock.after(WINDOW, () => this.#handOver())
  }

  #handOver(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#rows = 0
    const { readings } = this.#ports
    for (const { rows, device } of this.#decoders.filled()) this.#settle(readings.accept(rows, this.#source, device))
    this.#decoders.clear()
    if (this.#waiting.size < MAX_WAITING && !readings.saturated) return
    this.#bus.pause(true)
    void Promise.allSettled([readings.saturated ? readings.drained() : undefined, ...this.#waiting]).then(() =>
      this.#bus.pause(false),
    )
  }

  #settle(accepted: Promise<void>): void {
    const work: Promise<void> = accepted
      .catch((error) => {
        if (isRefusal(error)) return
        this.counters.not_stored++
        this.#ports.log.warn({ error }, 'readings of the bus were not stored')
      })
      .finally(() => this.#waiting.delete(work))
    this.#waiting.add(work)
  }

  /** One dead letter a second: a bus that says nothing but nonsense must not fill the disk. */
  #bad(text: string): void {
    this.counters.bad_lines++
    const now = this.#ports.clock.steady()
    if (now - this.#refusedAt < 1e6) return
    this.#refusedAt = now
    const error = canErrors.liveLine({ what: text.slice(0, 100) })
    this.#settle(this.#ports.readings.refuse(Buffer.from(text.slice(0, 1024)), this.#source, error))
  }
}
