import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { WideValue } from '../batch.ts'

/** What a row holds: the kinds of signals, and `none` for "no value" (null), which any signal may have. */
export const ROW = { number: 0, boolean: 1, state: 2, document: 3, position: 4, waveform: 5, none: 6 } as const

const KINDS: readonly (SignalKind | undefined)[] = [
  'number',
  'boolean',
  'state',
  'document',
  'position',
  'waveform',
  undefined,
]

/** The signal kind of a row's code; undefined for `none`. */
export const kindOf = (code: number): SignalKind | undefined => KINDS[code]

/**
 * Where decoders put what they read: columns, used again for each message, so that no object is made per point. Times
 * are integer microseconds, numbers and booleans (0/1) in `value`, anything else in `wide` at the same index. Names are
 * strings that the decoder's key table keeps, so that storing one here costs a pointer.
 */
export class MetricRows {
  length = 0
  readonly name: string[] = []
  /** UCUM code as sent; undefined: the signal's own. */
  readonly unit: (string | undefined)[] = []
  kind = new Uint8Array(256)
  time = new Float64Array(256)
  value = new Float64Array(256)
  /** OPC UA status code. */
  quality = new Uint32Array(256)
  readonly wide: (WideValue | undefined)[] = []
  #wideUsed = false
  #unitsUsed = false

  /** True when any row has a unit: lets the reader of the rows skip the column. */
  get hasUnits(): boolean {
    return this.#unitsUsed
  }

  clear(): void {
    // Values are let go of, so that one large message is not kept alive by an idle device.
    if (this.#wideUsed) this.wide.length = 0
    if (this.#unitsUsed) this.unit.length = 0
    this.#wideUsed = false
    this.#unitsUsed = false
    this.length = 0
  }

  /** Drops the rows from `length` on. */
  cut(length: number): void {
    this.length = length
    if (this.#wideUsed) this.wide.length = Math.min(this.wide.length, length)
    if (this.#unitsUsed) this.unit.length = Math.min(this.unit.length, length)
  }

  /** A number, boolean (0/1) or none (NaN); its quality is Good (0) until said otherwise. */
  push(name: string, code: number, value: number, quality: number): void {
    const at = this.length
    if (at === this.kind.length) this.#grow()
    this.name[at] = name
    this.kind[at] = code
    this.value[at] = value
    this.quality[at] = quality
    this.length = at + 1
  }

  pushWide(name: string, code: number, value: WideValue): void {
    this.push(name, code, 0, 0)
    this.wide[this.length - 1] = value
    this.#wideUsed = true
  }

  /** A number that was sent as text: should its signal be a state, it is the text that counts. */
  pushNumericText(name: string, value: number, text: WideValue): void {
    this.push(name, ROW.number, value, 0)
    this.wide[this.length - 1] = text
    this.#wideUsed = true
  }

  setUnit(row: number, unit: string): void {
    this.unit[row] = unit
    this.#unitsUsed = true
  }

  /** The rows as they are now, apart from these: what is kept while these are used again. */
  copy(): MetricRows {
    const made = new MetricRows()
    while (made.kind.length < this.length) made.#grow()
    made.length = this.length
    made.kind.set(this.kind.subarray(0, this.length))
    made.time.set(this.time.subarray(0, this.length))
    made.value.set(this.value.subarray(0, this.length))
    made.quality.set(this.quality.subarray(0, this.length))
    made.#wideUsed = this.#wideUsed
    made.#unitsUsed = this.#unitsUsed
    for (let row = 0; row < this.length; row++) {
      made.name[row] = this.name[row]!
      if (this.#wideUsed) made.wide[row] = this.wide[row]
      if (this.#unitsUsed) made.unit[row] = this.unit[row]
    }
    return made
  }

  /** Sets the time of the rows from `start` to the end. */
  setTime(start: number, time: Micros): void {
    for (let row = start; row < this.length; row++) this.time[row] = time
  }

  #grow(): void {
    const size = this.kind.length * 2
    this.kind = copyInto(new Uint8Array(size), this.kind)
    this.time = copyInto(new Float64Array(size), this.time)
    this.value = copyInto(new Float64Array(size), this.value)
    this.quality = copyInto(new Uint32Array(size), this.quality)
  }
}

function copyInto<A extends Uint8Array | Uint32Array | Float64Array>(to: A, from: A): A {
  to.set(from)
  return to
}

/** A payload format. Pure: the same bytes and time give the same rows; throws only MillwrightErrors. */
export type Decode = (payload: Uint8Array, receivedAt: Micros, into: MetricRows) => void
