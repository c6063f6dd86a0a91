import { isBad, isGood, type SignalKey } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { Window } from './window.ts'

/**
 * What rules know of one signal: its newest usable reading (quality not Bad), the one before, and its windows. The
 * rules of one piece of equipment share it.
 */
export class SignalState {
  readonly key: SignalKey
  readonly id: string
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  /** Number, or boolean as 0 and 1; NaN: none yet. */
  value = Number.NaN
  /** The word of a state signal. */
  text: string | undefined
  /** Of the newest usable reading; -Infinity: none yet. */
  time: Micros = Number.NEGATIVE_INFINITY
  /** The usable reading before, for `rate` and `delta` without a window. */
  valueBefore = Number.NaN
  timeBefore: Micros = Number.NEGATIVE_INFINITY
  /** Of the newest reading, usable or not; undefined: none yet. */
  quality: number | undefined
  #qualityTime: Micros = Number.NEGATIVE_INFINITY
  readonly windows: Window[] = []

  constructor(signal: { key: SignalKey; id: string; name: string; kind: SignalKind; unit: string }) {
    this.key = signal.key
    this.id = signal.id
    this.name = signal.name
    this.kind = signal.kind
    this.unit = signal.unit
  }

  /**
   * Takes a reading in. `now` is the time the equipment's evaluation has reached: an older reading goes to its place in
   * the windows, and becomes the present value only when it is the newest of its signal. The same time again replaces.
   */
  take(time: Micros, value: number, text: string | undefined, quality: number, now: Micros): void {
    if (time >= this.#qualityTime) {
      this.#qualityTime = time
      this.quality = quality
    }
    if (isBad(quality) || (Number.isNaN(value) && text === undefined)) return
    if (time > this.time) {
      this.valueBefore = this.value
      this.timeBefore = this.time
      this.time = time
      this.value = value
      this.text = text
      for (const window of this.windows) window.push(time, value)
    } else if (time === this.time) {
      this.value = value
      this.text = text
      for (const window of this.windows) window.replaceNewest(value)
    } else {
      if (time > this.timeBefore) {
        this.timeBefore = time
        this.valueBefore = value
      }
      for (const window of this.windows) window.insertLate(time, value, now)
    }
  }

  /** `good`, `uncertain` or `bad`; undefined before the first reading. */
  get qualityWord(): string | undefined {
    if (this.quality === undefined) return undefined
    if (isGood(this.quality)) return 'good'
    return isBad(this.quality) ? 'bad' : 'uncertain'
  }

  /** The value for people and journals; null when there is none. */
  get shown(): number | boolean | string | null {
    if (this.kind === 'state') return this.text ?? null
    if (!Number.isFinite(this.value)) return null
    return this.kind === 'boolean' ? this.value !== 0 : this.value
  }
}
