import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import { type Clock, MILLISECOND, type Timer } from '@millwright/foundation'
import { LiveSubscription, type SubscribeOptions } from './subscription.ts'

/** How often held rows are looked at; finer than the eye, coarse enough to cost nothing. */
const TICK = 20 * MILLISECOND

/** A watcher of a signal: a subscription and the signal's place in it. */
interface Watcher {
  readonly subscription: LiveSubscription
  readonly index: number
}

/** Hands committed readings to those who watch their signals, each at its own pace. */
export class LiveHub {
  readonly #clock: Clock
  readonly #watchers = new Map<SignalKey, Watcher[]>()
  /** By key: 1 when somebody watches. Most readings have no viewer, and must cost nothing here. */
  #watched = new Uint8Array(1024)
  /** Subscriptions with rows to hand over now or later. */
  readonly #holding = new Set<LiveSubscription>()
  #timer: Timer | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Watches signals; `cancel` ends it. The first rows are those committed after this call. */
  subscribe(options: SubscribeOptions): { cancel(): void } {
    const subscription = new LiveSubscription(options)
    for (const [index, key] of options.signals.entries()) {
      const watchers = this.#watchers.get(key)
      // A new list instead of a push: `take` may be walking the old one.
      this.#watchers.set(key, [...(watchers ?? []), { subscription, index }])
      this.#watch(key, 1)
    }
    return { cancel: () => this.#cancel(subscription, options.signals) }
  }

  /** Called with each committed window. */
  take(batch: ReadingBatch): void {
    if (this.#watchers.size === 0) return
    const now = this.#clock.now()
    const { signal, time, value, quality, length } = batch
    const watched = this.#watched
    for (let row = 0; row < length; row++) {
      const key = signal[row]!
      if (watched[key] !== 1) continue
      for (const { subscription, index } of this.#watchers.get(key) ?? []) {
        subscription.offer(index, time[row]!, value[row]!, quality[row]!)
        this.#holding.add(subscription)
      }
    }
    for (const row of batch.wide) {
      for (const { subscription, index } of this.#watchers.get(row.signal) ?? []) {
        subscription.offerWide(index, row)
        this.#holding.add(subscription)
      }
    }
    this.#handOver(now)
  }

  get subscriptions(): number {
    const all = new Set<LiveSubscription>()
    for (const watchers of this.#watchers.values()) for (const { subscription } of watchers) all.add(subscription)
    return all.size
  }

  close(): void {
    this.#timer?.cancel()
    this.#watchers.clear()
    this.#watched.fill(0)
    this.#holding.clear()
  }

  #handOver(now: number): void {
    for (const subscription of this.#holding) {
      if (!subscription.flush(now)) this.#holding.delete(subscription)
    }
    if (this.#holding.size > 0 && this.#timer === undefined) {
      this.#timer = this.#clock.after(TICK, () => {
        this.#timer = undefined
        this.#handOver(this.#clock.now())
      })
    }
  }

  #cancel(subscription: LiveSubscription, signals: readonly SignalKey[]): void {
    this.#holding.delete(subscription)
    for (const key of signals) {
      const left = (this.#watchers.get(key) ?? []).filter((watcher) => watcher.subscription !== subscription)
      if (left.length > 0) this.#watchers.set(key, left)
      else {
        this.#watchers.delete(key)
        this.#watch(key, 0)
      }
    }
  }

  #watch(key: SignalKey, flag: 0 | 1): void {
    if (key >= this.#watched.length) {
      const wider = new Uint8Array(Math.max(this.#watched.length * 2, key + 1))
      wider.set(this.#watched)
      this.#watched = wider
    }
    this.#watched[key] = flag
  }
}
