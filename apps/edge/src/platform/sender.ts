import { type Clock, type Log, MILLISECOND, type Micros, SECOND, type Timer } from '@millwright/foundation'
import { type DurableQueue, FRAME, type Parcel } from '../queue/index.ts'
import { readMessage } from '../readings/refusals.ts'
import { believableOnly, isBelievable } from './believable.ts'
import type { PlatformLink } from './link.ts'

export const READINGS_TOPIC = 'mw/v1/agent/readings'

/** What is new, sent and not acknowledged: beyond that it joins the backlog. */
const LIVE_PARCELS = 64
const LIVE_BYTES = 2 * 1024 * 1024
/** The backlog's share, sent and not acknowledged: grows while answers are quick, and shrinks when they are slow. */
const LEAST_SHARE = 64 * 1024
const LARGEST_SHARE = 4 * 1024 * 1024
const BACKLOG_PARCELS = 12
const QUICK: Micros = 400 * MILLISECOND
const SLOW: Micros = 1_500 * MILLISECOND
/** After the line broke with backlog on its way, the backlog waits so long at first: what is new goes on. */
const FIRST_PAUSE = SECOND
const LONGEST_PAUSE = 300 * SECOND

export interface SenderOptions {
  readonly queue: DurableQueue
  readonly link: PlatformLink
  readonly clock: Clock
  readonly log: Log
}

/**
 * Brings the queue to the platform: what is new at once, and what has gathered beside it. Both are bounded by what is not
 * acknowledged, so that neither fills the line for the other.
 */
export class Sender {
  readonly #options: SenderOptions
  #live = 0
  #liveBytes = 0
  #gathered = 0
  #gatheredBytes = 0
  #share = LEAST_SHARE * 4
  #pumping = false
  #failures = 0
  #pausedUntil = 0
  #timer: Timer | undefined
  #stopped = false
  #sent = 0
  #rowsSent = 0

  constructor(options: SenderOptions) {
    this.#options = options
    const { queue, link } = options
    queue.onCommitted = (parcels) => this.#onCommitted(parcels)
    queue.onBacklog = () => this.#pump()
    link.whenUp(() => {
      this.#share = LEAST_SHARE * 4
      this.#pump()
    })
  }

  /** Readings the platform has acknowledged since the start. */
  get acknowledged(): number {
    return this.#rowsSent
  }

  get messages(): number {
    return this.#sent
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #onCommitted(parcels: readonly Parcel[]): void {
    const { link, queue } = this.#options
    let left = false
    for (const parcel of parcels) {
      const { length } = parcel.payload
      if (this.#stopped || !link.up || this.#live >= LIVE_PARCELS || this.#liveBytes + length > LIVE_BYTES) {
        left = true
        continue
      }
      queue.takeOff(parcel)
      this.#live++
      this.#liveBytes += length
      void this.#send(parcel).then(() => {
        this.#live--
        this.#liveBytes -= length
      })
    }
    if (left) this.#pump()
  }

  /** Sends what has gathered, as much at once as the share allows. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    this.#sendGathered()
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'what has gathered could not be read; it is tried again')
        this.#pause()
      })
      .finally(() => {
        this.#pumping = false
      })
  }

  async #sendGathered(): Promise<void> {
    const { queue, link } = this.#options
    while (!this.#stopped && link.up && this.#room && !this.#paused()) {
      const parcel = await queue.takeBacklog()
      if (parcel === undefined) return
      if (this.#stopped || !link.up) return queue.release(parcel)
      this.#sendOne(parcel)
    }
  }

  get #room(): boolean {
    return this.#gathered === 0 || (this.#gathered < BACKLOG_PARCELS && this.#gatheredBytes < this.#share)
  }

  #sendOne(parcel: Parcel): void {
    const { clock } = this.#options
    const { length } = parcel.payload
    const began = clock.steady()
    this.#gathered++
    this.#gatheredBytes += length
    void this.#send(parcel).then((arrived) => {
      this.#gathered--
      this.#gatheredBytes -= length
      if (arrived) this.#tookSoLong(clock.steady() - began)
      else this.#pause()
      this.#pump()
    })
  }

  /** Keeps the wait for one parcel between quick and slow, whatever the line can carry. */
  #tookSoLong(time: Micros): void {
    this.#failures = 0
    if (time < QUICK) this.#share = Math.min(LARGEST_SHARE, this.#share + LEAST_SHARE)
    else if (time > SLOW) this.#share = Math.max(LEAST_SHARE, this.#share / 2)
  }

  #pause(): void {
    const { clock } = this.#options
    // A line that breaks gives everything back at once: that is one failure, not one for each parcel on its way.
    if (this.#paused()) return
    const wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    this.#pausedUntil = clock.steady() + wait
    this.#timer?.cancel()
    this.#timer = clock.after(wait + 1, () => this.#pump())
  }

  #paused(): boolean {
    return this.#options.clock.steady() < this.#pausedUntil
  }

  /** @returns whether it arrived */
  async #send(parcel: Parcel): Promise<boolean> {
    const { queue, link, log } = this.#options
    try {
      await this.#sendWhole(parcel)
    } catch (error) {
      log.debug({ err: error }, 'not acknowledged; it waits again')
      queue.release(parcel)
      return false
    }
    this.#sent++
    this.#rowsSent += parcel.rows
    await queue.acknowledge(parcel)
    return link.up
  }

  async #sendWhole(parcel: Parcel): Promise<void> {
    const { link, clock, queue } = this.#options
    if (parcel.kind === FRAME.message) {
      const { topic, body } = readMessage(parcel.payload)
      return link.send(topic, body)
    }
    const now = clock.now() - (link.offset ?? 0)
    if (parcel.entries.every((entry) => isBelievable(entry.earliest, entry.latest, now))) {
      return link.send(READINGS_TOPIC, parcel.payload)
    }
    // A clock that was wrong when they were taken: the platform would refuse the whole block for one of them.
    const { block, letters } = believableOnly(parcel.payload, now)
    for (const letter of letters) await queue.message(letter)
    if (block !== undefined) await link.send(READINGS_TOPIC, block)
  }
}
