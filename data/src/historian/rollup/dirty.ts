import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import { HOUR, MINUTE, type Micros } from '@millwright/foundation'

/** Sixty minutes of an hour as two halves of thirty bits. */
interface Mask {
  low: number
  high: number
}

const HALF = 30
const ALL = 2 ** HALF - 1

/** Hours of signals with minutes to roll up: signal -> hour number -> minutes. */
export type DirtyHours = Map<SignalKey, Map<number, Mask>>

/** A span of time, `from` inclusive, `to` exclusive, µs. */
export interface Span {
  readonly from: Micros
  readonly to: Micros
}

/**
 * Which minutes of which signals have readings that their rollups do not show yet. Marked after each commit; taken by
 * the roller; queries read these minutes from the readings themselves, so that they are exact at any time.
 */
export class DirtyMinutes {
  /** By key: the minute marked last, whose bit is known to be set. The hot path ends here for nearly every row. */
  #latest = new Float64Array(1024).fill(-1)
  #waiting: DirtyHours = new Map()
  #rolling: DirtyHours = new Map()

  /** Marks what a committed window touched. */
  mark(batch: ReadingBatch): void {
    const { signal, time, length } = batch
    for (let row = 0; row < length; row++) {
      const key = signal[row]!
      const minute = Math.floor(time[row]! / MINUTE)
      if (this.#latest[key] === minute) continue
      this.#markMinute(key, minute)
    }
  }

  /** Marks a whole hour (number of hours since the epoch): after a restart it is not known which minutes were done. */
  markHour(key: SignalKey, hour: number): void {
    const mask = maskOf(this.#waiting, key, hour)
    mask.low = ALL
    mask.high = ALL
  }

  /** Hands over the waiting minutes that ended by `until`, of at most `limit` signal-hours. They stay dirty until `done`. */
  take(until: Micros, limit: number): DirtyHours {
    const end = Math.floor(until / MINUTE)
    const taken: DirtyHours = new Map()
    let count = 0
    for (const [key, hours] of this.#waiting) {
      if (count >= limit) break
      for (const [hour, mask] of hours) {
        const part = cut(mask, end - hour * 60)
        if (part === undefined) continue
        if (mask.low === 0 && mask.high === 0) hours.delete(hour)
        into(taken, key, hour, part)
        into(this.#rolling, key, hour, part)
        count++
      }
      if (hours.size === 0) this.#waiting.delete(key)
      // What comes for a minute that is being rolled up must be marked again.
      this.#latest[key] = -1
    }
    return taken
  }

  /** The minutes taken are in the rollups now. */
  done(): void {
    this.#rolling.clear()
  }

  /** Rolling up failed: the minutes wait again. */
  failed(): void {
    for (const [key, hours] of this.#rolling) for (const [hour, mask] of hours) into(this.#waiting, key, hour, mask)
    this.#rolling.clear()
  }

  /** Dirty minutes of a signal in a span, as spans in order, neighbours joined. */
  spans(key: SignalKey, from: Micros, to: Micros): Span[] {
    const minutes: number[] = []
    for (const set of [this.#waiting, this.#rolling]) {
      for (const [hour, mask] of set.get(key) ?? []) {
        if ((hour + 1) * HOUR <= from || hour * HOUR >= to) continue
        for (let i = 0; i < 60; i++) if (has(mask, i)) minutes.push(hour * 60 + i)
      }
    }
    minutes.sort((a, b) => a - b)
    const spans: { from: Micros; to: Micros }[] = []
    for (const minute of minutes) {
      const last = spans.at(-1)
      if (last !== undefined && minute * MINUTE <= last.to) last.to = (minute + 1) * MINUTE
      else spans.push({ from: minute * MINUTE, to: (minute + 1) * MINUTE })
    }
    return spans
  }

  /** All signal-hours that are not done. */
  *hours(): Generator<[key: SignalKey, hour: number]> {
    for (const set of [this.#waiting, this.#rolling]) {
      for (const [key, hours] of set) for (const hour of hours.keys()) yield [key, hour]
    }
  }

  /** Signal-hours waiting. */
  get size(): number {
    let sum = 0
    for (const hours of this.#waiting.values()) sum += hours.size
    return sum
  }

  #markMinute(key: SignalKey, minute: number): void {
    const hour = Math.floor(minute / 60)
    set(maskOf(this.#waiting, key, hour), minute - hour * 60)
    if (key >= this.#latest.length) {
      const wider = new Float64Array(Math.max(this.#latest.length * 2, key + 1)).fill(-1)
      wider.set(this.#latest)
      this.#latest = wider
    }
    this.#latest[key] = minute
  }
}

function maskOf(hours: DirtyHours, key: SignalKey, hour: number): Mask {
  const ofKey = hours.get(key) ?? new Map<number, Mask>()
  hours.set(key, ofKey)
  const mask = ofKey.get(hour) ?? { low: 0, high: 0 }
  ofKey.set(hour, mask)
  return mask
}

function into(hours: DirtyHours, key: SignalKey, hour: number, part: Mask): void {
  const mask = maskOf(hours, key, hour)
  mask.low |= part.low
  mask.high |= part.high
}

function set(mask: Mask, minute: number): void {
  if (minute < HALF) mask.low |= 1 << minute
  else mask.high |= 1 << (minute - HALF)
}

const has = (mask: Mask, minute: number): boolean =>
  (minute < HALF ? mask.low & (1 << minute) : mask.high & (1 << (minute - HALF))) !== 0

/** Takes the bits of the first `minutes` minutes out of a mask; undefined when there are none. */
function cut(mask: Mask, minutes: number): Mask | undefined {
  const first = (count: number) => (count <= 0 ? 0 : count >= HALF ? ALL : 2 ** count - 1)
  const part = { low: mask.low & first(minutes), high: mask.high & first(minutes - HALF) }
  if (part.low === 0 && part.high === 0) return undefined
  mask.low &= ~part.low
  mask.high &= ~part.high
  return part
}

/** First and last minute number of an hour's mask, `end` exclusive. */
export function extent(hour: number, mask: Mask): { start: number; end: number } {
  let start = 0
  while (!has(mask, start)) start++
  let end = 59
  while (!has(mask, end)) end--
  return { start: hour * 60 + start, end: hour * 60 + end + 1 }
}
