import { type MetricRows, QUALITY, ROW, type WideValue } from '@millwright/connectivity'
import { type Converted, convertNumber, convertText } from './convert.ts'
import type { ChannelPlan } from './plan.ts'
import { textOf } from './raw.ts'

const MAX_TEXT = 16_384
const MAX_STATES = 10_000

/** Values of a record's channels into rows. */
export class ChannelValues {
  readonly #states = new Map<string, WideValue>()

  push(rows: MetricRows, plan: ChannelPlan, record: Buffer, index: number): void {
    if (plan.allInvalid || (plan.invalidByte >= 0 && (record[plan.invalidByte]! & plan.invalidMask) !== 0)) {
      rows.push(plan.metric, ROW.none, Number.NaN, QUALITY.bad)
    } else if (plan.bytes !== undefined) this.#text(rows, plan, record, index)
    else {
      const raw = plan.raw!(record, index)
      const value: Converted =
        plan.conversion === undefined ? plan.offset + plan.factor * raw : convertNumber(plan.conversion, raw)
      this.#value(rows, plan, value, raw)
    }
    if (plan.unit !== undefined) rows.setUnit(rows.length - 1, plan.unit)
  }

  #text(rows: MetricRows, plan: ChannelPlan, record: Buffer, index: number): void {
    const { fixed, lookup, offset } = plan.bytes!
    const bytes = fixed === undefined ? lookup!(offset!(record, index)) : fixed(record)
    if (bytes === undefined) {
      rows.push(plan.metric, ROW.none, Number.NaN, QUALITY.bad)
      return
    }
    const text = textOf(bytes.subarray(0, MAX_TEXT), plan.dataType)
    this.#value(rows, plan, plan.conversion === undefined ? text : convertText(plan.conversion, text), Number.NaN)
  }

  #value(rows: MetricRows, { metric, isState }: ChannelPlan, value: Converted, raw: number): void {
    if (isState) {
      // A value that its table does not name is shown as it is.
      const text = value === undefined ? (Number.isNaN(raw) ? undefined : String(raw)) : String(value)
      if (text === undefined) rows.push(metric, ROW.none, Number.NaN, QUALITY.bad)
      else rows.pushWide(metric, ROW.state, this.#state(text))
    } else if (typeof value === 'number' && Number.isFinite(value)) rows.push(metric, ROW.number, value, QUALITY.good)
    // A text among numbers says that there is none: "not available".
    else rows.push(metric, ROW.none, Number.NaN, QUALITY.bad)
  }

  #state(text: string): WideValue {
    const known = this.#states.get(text)
    if (known !== undefined) return known
    const made: WideValue = { kind: 'state', value: text }
    if (this.#states.size < MAX_STATES) this.#states.set(text, made)
    return made
  }
}
