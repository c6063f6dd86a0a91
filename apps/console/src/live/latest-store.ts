import type { Latest } from '../api/types.ts'

/** The newest value of one signal as the screen holds it. */
export interface Value {
  readonly value: unknown
  /** µs; null: no reading yet. */
  readonly time: number | null
  readonly quality: number
  /** Smoothed distance between live rows, µs; undefined until two came. */
  readonly interval: number | undefined
  /** What the platform said of it when it was read. */
  readonly told: boolean
  /** Every number that was seen of it so far was a whole one. */
  readonly whole: boolean
}

const isWhole = (value: unknown) => typeof value !== 'number' || Number.isInteger(value)

/** Latest values of many signals; whoever shows one is told of that one only, at most once a frame. */
export class LatestStore {
  readonly #values = new Map<string, Value>()
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #changed = new Set<string>()
  readonly #schedule: (work: () => void) => void
  #waiting = false

  /** @param schedule calls its work soon, once; the next frame in a browser */
  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule
  }

  get(signal: string): Value | undefined {
    return this.#values.get(signal)
  }

  /** What was read from history: never takes the place of something newer. */
  fill(items: readonly Latest[]): void {
    for (const item of items) {
      const held = this.#values.get(item.signal)
      if (held?.time != null && (item.time === null || held.time >= item.time)) continue
      const interval = held?.interval
      this.#put(item.signal, {
        value: item.value,
        time: item.time,
        quality: item.quality,
        interval,
        told: item.stale,
        whole: (held?.whole ?? true) && isWhole(item.value),
      })
    }
  }

  /** One live row. */
  push(signal: string, value: unknown, time: number, quality: number): void {
    const held = this.#values.get(signal)
    if (held?.time != null && held.time >= time) return
    const step = held?.time == null ? undefined : time - held.time
    const interval = held?.interval === undefined || step === undefined ? step : held.interval * 0.8 + step * 0.2
    this.#put(signal, { value, time, quality, interval, told: false, whole: (held?.whole ?? true) && isWhole(value) })
  }

  subscribe(signal: string, listener: () => void): () => void {
    const all = this.#listeners.get(signal) ?? new Set()
    this.#listeners.set(signal, all)
    all.add(listener)
    return () => all.delete(listener)
  }

  #put(signal: string, value: Value): void {
    this.#values.set(signal, value)
    this.#changed.add(signal)
    if (this.#waiting) return
    this.#waiting = true
    this.#schedule(() => {
      this.#waiting = false
      const changed = [...this.#changed]
      this.#changed.clear()
      for (const one of changed) for (const listener of this.#listeners.get(one) ?? []) listener()
    })
  }
}
