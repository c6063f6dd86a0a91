import { type Micros, SECOND } from '@millwright/foundation'
import type { DataValue } from 'node-opcua-data-value'
import type { NodeId } from 'node-opcua-nodeid'
import { StatusCodes } from 'node-opcua-status-code'
import { DataType, Variant } from 'node-opcua-variant'
import type { HistoricalValue, HistoryPort, PlantSignal, TableAggregate } from '../ports.ts'
import { dataValue } from './data-values.ts'

export type AggregateName = 'average' | 'minimum' | 'maximum' | 'count' | 'start' | 'end' | 'range' | 'delta'

/** Standard aggregates (OPC 10000-13) by the number of their NodeId. */
export const AGGREGATES: Readonly<Record<AggregateName, number>> = {
  average: 2342,
  minimum: 2346,
  maximum: 2347,
  count: 2352,
  start: 2357,
  end: 2358,
  range: 2350,
  delta: 2359,
}

/** Steps of the historian that one answer is put together from. */
const MOST_STEPS = 50_000

export function aggregateOf(type: NodeId | undefined): AggregateName | undefined {
  if (type === undefined || type.namespace !== 0) return undefined
  return (Object.keys(AGGREGATES) as AggregateName[]).find((name) => AGGREGATES[name] === type.value)
}

interface Intervals {
  readonly from: Micros
  readonly to: Micros
  readonly step: Micros
}

/**
 * One value for each interval; undefined: the range holds more readings than may be looked at. The historian's steps begin
 * at multiples of their length: intervals that do so, too, are its steps; others are put together from shorter ones, as
 * long as these are not too many; what is left at the end, or fits no step, is made from the readings.
 */
export async function processed(
  history: HistoryPort,
  signal: PlantSignal,
  aggregate: AggregateName,
  { from, to, step }: Intervals,
  mostReadings: number,
): Promise<DataValue[] | undefined> {
  const figures = Array.from({ length: Math.ceil((to - from) / step) }, () => new Figures())
  const grid = commonDivisor(step, from % step)
  const whole = Math.floor(to / grid) * grid
  const byTable = grid >= SECOND && (whole - from) / grid <= MOST_STEPS
  if (byTable) await addSteps(history, signal, aggregate, figures, { from, to: whole, step }, grid)
  const rest = byTable ? whole : from
  if (!(await addReadings(history, signal, figures, { from, to, step }, rest, mostReadings))) return undefined
  return figures.map((each, i) => {
    const time = from + i * step
    const value = each.of(aggregate)
    if (value === null) return dataValue(undefined, StatusCodes.BadNoData.value, time)
    return dataValue(
      new Variant({ dataType: aggregate === 'count' ? DataType.Int32 : DataType.Double, value }),
      CALCULATED,
      time,
    )
  })
}

/** The info bits that say that a value was calculated, not stored (OPC 10000-11, 6.3.2). */
const CALCULATED = 0x401

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/** What of the historian each is made of, beside the count. */
const MADE_OF: Readonly<Record<AggregateName, readonly TableAggregate[]>> = {
  average: ['mean'],
  minimum: ['min'],
  maximum: ['max'],
  count: [],
  start: ['first'],
  end: ['last'],
  range: ['min', 'max'],
  delta: ['first', 'last'],
}

/** Adds the historian's steps of `grid` to the intervals they lie in. */
async function addSteps(
  history: HistoryPort,
  signal: PlantSignal,
  aggregate: AggregateName,
  figures: readonly Figures[],
  { from, to, step }: Intervals,
  grid: Micros,
): Promise<void> {
  if (to <= from) return
  const columns = new Map<TableAggregate, readonly (number | null)[]>()
  for (const name of ['count', ...MADE_OF[aggregate]] as const) {
    columns.set(name, (await history.table(signal, { from, to, step: grid, aggregate: name })).values)
  }
  const count = columns.get('count')!
  for (let i = 0; i < count.length; i++) {
    const into = figures[Math.floor((i * grid) / step)]
    if (into === undefined || !count[i]) continue
    const of = (name: TableAggregate): number => columns.get(name)?.[i] ?? Number.NaN
    into.addSpan(count[i]!, of('mean'), of('min'), of('max'), of('first'), of('last'))
  }
}

/** Adds the readings from `rest` on. @returns false when they are too many */
async function addReadings(
  history: HistoryPort,
  signal: PlantSignal,
  figures: readonly Figures[],
  { from, to, step }: Intervals,
  rest: Micros,
  most: number,
): Promise<boolean> {
  let seen = 0
  for (let at = rest; at < to; ) {
    const rows: readonly HistoricalValue[] = await history.readings(signal, { from: at, to }, PAGE, false)
    for (const { time, value } of rows) figures[Math.floor((time - from) / step)]!.add(numeric(value))
    seen += rows.length
    if (rows.length < PAGE) return true
    if (seen > most) return false
    at = rows.at(-1)!.time + 1
  }
  return true
}

const PAGE = 50_000

const numeric = (value: unknown): number =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : Number.NaN

class Figures {
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #first = Number.NaN
  #last = Number.NaN

  add(value: number): void {
    if (Number.isNaN(value)) return
    if (this.#count === 0) this.#first = value
    this.#count++
    this.#sum += value
    this.#min = Math.min(this.#min, value)
    this.#max = Math.max(this.#max, value)
    this.#last = value
  }

  /** A span later than all before. */
  addSpan(count: number, mean: number, min: number, max: number, first: number, last: number): void {
    if (this.#count === 0) this.#first = first
    this.#count += count
    this.#sum += mean * count
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
    this.#last = last
  }

  of(aggregate: AggregateName): number | null {
    if (aggregate === 'count') return this.#count
    if (this.#count === 0) return null
    switch (aggregate) {
      case 'average':
        return this.#sum / this.#count
      case 'minimum':
        return this.#min
      case 'maximum':
        return this.#max
      case 'start':
        return this.#first
      case 'end':
        return this.#last
      case 'range':
        return this.#max - this.#min
      case 'delta':
        return this.#last - this.#first
    }
  }
}
