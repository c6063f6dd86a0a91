import type { Micros } from '@millwright/foundation'

/** Signals are named by a platform-wide 32-bit number on the hot path; the directory turns names and ids into it. */
export type SignalKey = number

/** OPC UA status codes (Part 4, 7.39; Part 6, annex A.2) as used by the platform. */
export const QUALITY = {
  good: 0x00000000,
  uncertain: 0x40000000,
  /** Outside the signal's engineering range. */
  uncertainRange: 0x40940000,
  uncertainLastUsable: 0x40900000,
  uncertainSensor: 0x40930000,
  bad: 0x80000000,
  badNoCommunication: 0x80310000,
  badSensorFailure: 0x808c0000,
  badOutOfRange: 0x803c0000,
} as const

export const isBad = (quality: number): boolean => quality >>> 30 === 2
export const isGood = (quality: number): boolean => quality >>> 30 === 0

/** What is not a number or boolean: rows with their own tables in the historian. */
export type WideValue =
  | { readonly kind: 'state'; readonly value: string }
  | { readonly kind: 'document'; readonly value: unknown }
  | {
      readonly kind: 'position'
      readonly latitude: number
      readonly longitude: number
      readonly altitude: number | undefined
    }
  /** `samples` in the signal's unit, `sampleRate` in Hz; the row's time is that of the first sample. */
  | { readonly kind: 'waveform'; readonly sampleRate: number; readonly samples: Float32Array }

export interface WideRow {
  readonly signal: SignalKey
  readonly time: Micros
  readonly quality: number
  readonly value: WideValue
}

/**
 * Readings as columns (struct of arrays): numbers and booleans (0/1) in typed arrays of `length` used rows, anything
 * else in `wide`. The arrays are longer than `length`; they grow by doubling.
 */
export class ReadingBatch {
  length = 0
  signal: Uint32Array
  /** Integer microseconds since the epoch, in float64. */
  time: Float64Array
  value: Float64Array
  /** OPC UA status code. */
  quality: Uint32Array
  readonly wide: WideRow[] = []

  constructor(capacity = 1024) {
    this.signal = new Uint32Array(capacity)
    this.time = new Float64Array(capacity)
    this.value = new Float64Array(capacity)
    this.quality = new Uint32Array(capacity)
  }

  push(signal: SignalKey, time: Micros, value: number, quality: number): void {
    const at = this.length
    if (at === this.signal.length) this.#grow()
    this.signal[at] = signal
    this.time[at] = time
    this.value[at] = value
    this.quality[at] = quality
    this.length = at + 1
  }

  clear(): void {
    this.length = 0
    this.wide.length = 0
  }

  #grow(): void {
    const size = this.signal.length * 2
    const widen = <A extends Uint32Array | Float64Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    this.signal = widen(this.signal, new Uint32Array(size))
    this.time = widen(this.time, new Float64Array(size))
    this.value = widen(this.value, new Float64Array(size))
    this.quality = widen(this.quality, new Uint32Array(size))
  }
}
