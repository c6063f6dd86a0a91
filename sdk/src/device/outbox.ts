import { DeviceError } from './errors.ts'

/** One message on its way: kept until the platform has acknowledged it. */
export interface Parcel {
  readonly topic: string
  readonly payload: string | Buffer
  readonly retain: boolean
  /** Given back when the connection is lost, not sent again: its sender keeps it. */
  readonly once: boolean
  readonly settle: { resolve(): void; reject(error: Error): void }
  sentAt: number
  /** It went out before on a connection that was lost. */
  again: boolean
}

export interface OutboxLimits {
  /** Messages sent and not yet acknowledged. */
  readonly maxInFlight: number
  /** Messages held in all, sent or waiting; `add` refuses beyond. */
  readonly maxQueued: number
}

/**
 * What was published and is not yet acknowledged, oldest first. A lost connection puts everything unacknowledged back
 * in its old order, before what waited behind it: nothing is lost, and order is kept for what is sent again. What is to
 * be sent once is given back to its sender instead.
 */
export class Outbox {
  readonly #limits: OutboxLimits
  /** Insertion order is sending order. */
  readonly #flying = new Set<Parcel>()
  #waiting: Parcel[] = []
  /** Index of the first that waits: cheaper than shifting a long array. */
  #head = 0
  #roomAsked: (() => void)[] = []
  #emptyAsked: (() => void)[] = []

  constructor(limits: OutboxLimits) {
    this.#limits = limits
  }

  get inFlight(): number {
    return this.#flying.size
  }

  get size(): number {
    return this.#flying.size + this.#waiting.length - this.#head
  }

  /** Takes a message in. Throws `outbox-full`: the caller decides what to drop. */
  add(topic: string, payload: string | Buffer, retain: boolean, once = false): Promise<void> {
    if (this.size >= this.#limits.maxQueued) {
      throw new DeviceError(
        'outbox-full',
        `${this.size} messages wait for the platform and no more are held: slow down (await room()) or drop.`,
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ topic, payload, retain, once, settle: { resolve, reject }, sentAt: 0, again: false })
    return promise
  }

  /** The next message to send now, marked as in flight; undefined when none waits or the window is full. */
  next(now: number): Parcel | undefined {
    if (this.#flying.size >= this.#limits.maxInFlight) return undefined
    const parcel = this.#waiting[this.#head]
    if (parcel === undefined) return undefined
    this.#head += 1
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
    parcel.sentAt = now
    this.#flying.add(parcel)
    return parcel
  }

  acknowledged(parcel: Parcel): void {
    if (!this.#flying.delete(parcel)) return
    parcel.settle.resolve()
    if (this.size < this.#limits.maxQueued) this.#wake('room')
    if (this.size === 0) this.#wake('empty')
  }

  /** The connection is gone: all that is unacknowledged will be sent again. */
  interrupted(): void {
    const flying = [...this.#flying]
    for (const parcel of flying) parcel.again = true
    this.#flying.clear()
    const all = [...flying, ...this.#waiting.slice(this.#head)]
    this.#waiting = all.filter(({ once }) => !once)
    this.#head = 0
    if (this.#waiting.length === all.length) return
    const error = new DeviceError('unreachable', 'The connection was lost before this message was acknowledged.')
    for (const { once, settle } of all) if (once) settle.reject(error)
    this.#wake('room')
    if (this.size === 0) this.#wake('empty')
  }

  /** When the oldest message in flight was sent; undefined when none is. */
  oldestSentAt(): number | undefined {
    for (const parcel of this.#flying) return parcel.sentAt
    return undefined
  }

  /** Resolves when another message would be taken. */
  room(): Promise<void> {
    if (this.size < this.#limits.maxQueued) return Promise.resolve()
    return new Promise((resolve) => this.#roomAsked.push(resolve))
  }

  /** Resolves when everything is acknowledged. */
  empty(): Promise<void> {
    if (this.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#emptyAsked.push(resolve))
  }

  /** Gives everything up: each promise rejects. */
  abandon(error: Error): void {
    this.interrupted()
    const left = this.#waiting
    this.#waiting = []
    for (const parcel of left) parcel.settle.reject(error)
    this.#wake('room')
    this.#wake('empty')
  }

  #wake(which: 'room' | 'empty'): void {
    const asked = which === 'room' ? this.#roomAsked : this.#emptyAsked
    if (which === 'room') this.#roomAsked = []
    else this.#emptyAsked = []
    for (const resolve of asked) resolve()
  }
}
