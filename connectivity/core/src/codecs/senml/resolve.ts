/** SenML's rules for what a record means after those before it (RFC 8428, 4.1 to 4.6). */
import type { Micros } from '@millwright/foundation'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { type MetricRows, ROW } from '../rows.ts'
import { believable } from '../times.ts'
import { FullNames } from './names.ts'
import { FIELD, type SenmlRecord } from './record.ts'
import { ucumOf } from './units.ts'

/** Times below this many seconds are relative to now (RFC 8428, 4.5.3). */
const RELATIVE = 2 ** 28
const VERSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 26])
const ANY_BASE = FIELD.bver | FIELD.bn | FIELD.bt | FIELD.bu | FIELD.bv | FIELD.bs
const ANY_VALUE = FIELD.v | FIELD.vs | FIELD.vb | FIELD.vd

export class SenmlResolver {
  readonly #names = new FullNames()
  #receivedAt: Micros = 0
  #version = 0
  #name = ''
  #time: Micros = 0
  #unit = ''
  #value = 0
  #sum = 0

  begin(receivedAt: Micros): void {
    this.#receivedAt = receivedAt
    this.#version = 0
    this.#name = ''
    this.#time = 0
    this.#unit = ''
    this.#value = 0
    this.#sum = 0
  }

  /** Adds the record's readings to `into`. `index` is its place in the pack, for messages. */
  add(record: SenmlRecord, index: number, into: MetricRows): void {
    const { fields } = record
    if ((fields & ANY_BASE) !== 0) this.#takeBases(record, index)
    const values = fields & ANY_VALUE
    if (values === 0 && (fields & FIELD.s) === 0) {
      // A record of base fields alone sets them for those that follow.
      if ((fields & ANY_BASE) !== 0 && (fields & ~ANY_BASE) === 0) return
      throw connectivityErrors.missingField({ path: `/${index}/v` })
    }
    if ((values & (values - 1)) !== 0)
      throw connectivityErrors.wrongType({ path: `/${index}`, expected: 'a record with one value' })
    const name = this.#names.of(this.#name, (fields & FIELD.n) !== 0 ? record.n : '', index)
    const unit = (fields & FIELD.u) !== 0 ? record.u : this.#unit
    const start = into.length
    if ((values & FIELD.v) !== 0) into.push(name, ROW.number, this.#number(record.v + this.#value, index, 'v'), 0)
    else if ((values & FIELD.vb) !== 0) into.push(name, ROW.boolean, record.vb ? 1 : 0, 0)
    else if ((values & FIELD.vs) !== 0) into.pushWide(name, ROW.state, { kind: 'state', value: record.vs })
    else if ((values & FIELD.vd) !== 0) {
      into.pushWide(name, ROW.document, { kind: 'document', value: { base64url: record.vd } })
    }
    if (unit !== '' && (values & FIELD.v) !== 0) into.setUnit(start, ucumOf(unit))
    if ((fields & FIELD.s) !== 0) this.#addSum(record, name, unit, index, into)
    into.setTime(start, this.#timeOf(record, index))
    if (into.length > BOUNDS.rows) {
      throw connectivityErrors.tooMany({ path: `/${index}`, limit: BOUNDS.rows, things: 'readings' })
    }
  }

  #takeBases(record: SenmlRecord, index: number): void {
    const { fields } = record
    if ((fields & FIELD.bver) !== 0) {
      if (!VERSIONS.has(record.bver) || (this.#version !== 0 && record.bver !== this.#version)) {
        throw connectivityErrors.unsupportedVersion({ path: `/${index}/bver`, version: record.bver })
      }
      this.#version = record.bver
    }
    if ((fields & FIELD.bn) !== 0) this.#name = record.bn
    if ((fields & FIELD.bt) !== 0) this.#time = Math.round(record.bt * 1e6)
    if ((fields & FIELD.bu) !== 0) this.#unit = record.bu
    if ((fields & FIELD.bv) !== 0) this.#value = record.bv
    if ((fields & FIELD.bs) !== 0) this.#sum = record.bs
  }

  /** The integral of the value over time is a metric of its own: `<name>.sum`, in the unit times seconds. */
  #addSum(record: SenmlRecord, name: string, unit: string, index: number, into: MetricRows): void {
    into.push(`${name}.sum`, ROW.number, this.#number(record.s + this.#sum, index, 's'), 0)
    if (unit !== '') into.setUnit(into.length - 1, unit === '/' ? 's' : `(${ucumOf(unit)}).s`)
  }

  #timeOf(record: SenmlRecord, index: number): Micros {
    // Rounded before they are added: two floats of seconds would lose the microsecond.
    const sum = this.#time + ((record.fields & FIELD.t) !== 0 ? Math.round(record.t * 1e6) : 0)
    const time = sum < RELATIVE * 1e6 ? this.#receivedAt + sum : sum
    return believable(time, this.#receivedAt, () => `/${index}/t`)
  }

  #number(value: number, index: number, label: string): number {
    if (Number.isFinite(value)) return value
    throw connectivityErrors.numberOutOfRange({ path: `/${index}/${label}` })
  }
}
