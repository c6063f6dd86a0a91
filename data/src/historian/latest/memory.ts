import type { ReadingBatch, SignalKey, WideValue } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import { SKEW_TOLERANCE } from '../../quality/judge.ts'

/** The newest reading of a signal. */
export interface LatestReading {
  readonly time: Micros
  readonly quality: number
  /** NaN for what is not a number. */
  readonly value: number
  /** State, document or position; undefined for numbers and waveforms. */
  readonly wide: WideValue | undefined
}

/** How much of a new interval goes into the usual one. */
const PACE_WEIGHT = 0.1
/** A pause counts at most this many times the usual interval, so that an outage does not become the usual. */
const PACE_MOST = 10

/** Newest reading of every signal, in columns by key; about 45 bytes a signal. */
export class LatestMemory {
  #time = new Float64Array(1024).fill(Number.NaN)
  #value = new Float64Array(1024)
  #quality = new Uint32Array(1024)
  /** Usual time from one new latest reading to the next, µs; 0: not known. Readings sent in bunches count once a bunch. */
  #pace = new Float64Array(1024)
  /** The window in which the time was last moved on, so that the pace counts each window once. */
  #window = new Float64Array(1024)
  readonly #wide = new Map<SignalKey, WideValue>()
  /** Signals whose newest reading is not in the last snapshot. */
  readonly #changed = new Set<SignalKey>()
  #windows = 0

  /** Takes in a committed window. */
  take(batch: ReadingBatch, now: Micros): void {
    this.#windows++
    const ahead = now + SKEW_TOLERANCE
    const { signal, time, value, quality, length } = batch
    for (let row = 0; row < length; row++) {
      const key = signal[row]!
      if (!this.#moves(key, time[row]!, ahead)) continue
      this.#value[key] = value[row]!
      this.#quality[key] = quality[row]!
    }
    for (const row of batch.wide) {
      if (!this.#moves(row.signal, row.time, ahead)) continue
      this.#value[row.signal] = Number.NaN
      this.#quality[row.signal] = row.quality
      if (row.value.kind !== 'waveform') this.#wide.set(row.signal, row.value)
    }
  }

  /** Puts in what is known from before the start. */
  restore(key: SignalKey, time: Micros, value: number, quality: number, wide: WideValue | undefined, pace = 0): void {
    this.#reach(key)
    if (this.#time[key]! > time) return
    this.#time[key] = time
    this.#value[key] = value
    this.#quality[key] = quality
    if (pace > 0) this.#pace[key] = pace
    if (wide !== undefined) this.#wide.set(key, wide)
  }

  get(key: SignalKey): LatestReading | undefined {
    const time = this.#time[key]
    if (time === undefined || Number.isNaN(time)) return undefined
    return { time, value: this.#value[key]!, quality: this.#quality[key]!, wide: this.#wide.get(key) }
  }

  /** Signals that have ever sent a reading. */
  get size(): number {
    return this.#time.reduce((sum, time) => (Number.isNaN(time) ? sum : sum + 1), 0)
  }

  /** Time of the newest reading of these signals, or of all. */
  newest(keys: readonly SignalKey[] | undefined): Micros | undefined {
    let newest = -Infinity
    // Most of the column is NaN, which a comparison passes over.
    if (keys === undefined) {
      for (const time of this.#time) if (time > newest) newest = time
    } else {
      for (const key of keys) newest = Math.max(newest, this.get(key)?.time ?? -Infinity)
    }
    return newest === -Infinity ? undefined : newest
  }

  /** Usual interval between readings, µs; undefined when it is not known yet. */
  pace(key: SignalKey): Micros | undefined {
    const pace = this.#pace[key]
    return pace === undefined || pace === 0 ? undefined : pace
  }

  /** Signals with a newer reading than the snapshot has; the snapshot is then up to date. */
  takeChanged(): SignalKey[] {
    const keys = [...this.#changed]
    this.#changed.clear()
    return keys
  }

  /** A snapshot could not be written: these are still to do. */
  putBackChanged(keys: readonly SignalKey[]): void {
    for (const key of keys) this.#changed.add(key)
  }

  #moves(key: SignalKey, time: Micros, ahead: Micros): boolean {
    this.#reach(key)
    const before = this.#time[key]!
    // The newest reading wins, except that one with a doubtful time in the future gives way to a present one.
    if (before > time && !(before > ahead && time <= ahead)) return false
    if (time > before && this.#window[key] !== this.#windows) this.#count(key, time - before)
    if (time !== before) this.#time[key] = time
    if (this.#window[key] !== this.#windows) {
      this.#window[key] = this.#windows
      this.#changed.add(key)
    }
    return true
  }

  #count(key: SignalKey, interval: Micros): void {
    const pace = this.#pace[key]!
    if (pace === 0) this.#pace[key] = interval
    else this.#pace[key] = pace + (Math.min(interval, pace * PACE_MOST) - pace) * PACE_WEIGHT
  }

  #reach(key: SignalKey): void {
    if (key < this.#time.length) return
    let size = this.#time.length
    while (size <= key) size *= 2
    const time = new Float64Array(size).fill(Number.NaN)
    time.set(this.#time)
    this.#time = time
    this.#value = widened(this.#value, new Float64Array(size))
    this.#pace = widened(this.#pace, new Float64Array(size))
    this.#window = widened(this.#window, new Float64Array(size))
    this.#quality = widened(this.#quality, new Uint32Array(size))
  }
}

function widened<A extends Float64Array | Uint32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
