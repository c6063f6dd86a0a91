import { ReadingBatch, type SignalKey } from '@millwright/connectivity'
import { DAY, type Micros } from '@millwright/foundation'
import type { Engine } from '../engine.ts'
import type { HistorianSignals } from '../ports.ts'
import { USABLE } from '../rollup/levels.ts'

/** Rows of one batch; more than signals that may be asked for, so that a moment is never cut in two. */
const ROWS = 50_000
/** How far back the newest reading before a moment is looked for. */
const LOOK_BACK = 30 * DAY

type NumberColumns = [number[], number[], (number | null)[], number[]]
type StateColumns = [number[], number[], string[], number[]]

/** Stored readings in the order of their time, as rules and models saw them when they came. */
export class Replay {
  readonly #engine: Engine
  readonly #signals: HistorianSignals

  constructor(engine: Engine, signals: HistorianSignals) {
    this.#engine = engine
    this.#signals = signals
  }

  /** Numbers, booleans and states with from <= time < to. Each batch is reused for the next. */
  async *raw(keys: readonly SignalKey[], from: Micros, to: Micros, signal?: AbortSignal): AsyncGenerator<ReadingBatch> {
    const [numeric, states] = this.#byTable(keys)
    const limits = { rows: 10 * ROWS, threads: 1, ...(signal === undefined ? {} : { signal }) }
    const batch = new ReadingBatch(ROWS)
    for (let at = from; at < to; ) {
      batch.clear()
      const [signals, times, values, qualities] = await this.#engine.columns<NumberColumns>(
        `select signal, time, value, quality from readings final
         where signal in {keys:Array(UInt32)} and time >= {at:Int64} and time < {to:Int64} order by time, signal limit {limit:UInt32}`,
        { keys: numeric, at, to, limit: ROWS + 1 },
        limits,
      )
      const end = times.length > ROWS ? times[ROWS]! : to
      for (let i = 0; i < times.length && times[i]! < end; i++) {
        batch.push(signals[i]!, times[i]!, values[i] ?? Number.NaN, qualities[i]!)
      }
      if (states.length > 0) await this.#addStates(batch, states, at, end, limits)
      if (batch.length + batch.wide.length > 0) yield batch
      at = end
    }
  }

  /** The newest reading of each signal before a moment that is not Bad; signals without one are left out. */
  async newest(keys: readonly SignalKey[], before: Micros, signal?: AbortSignal): Promise<ReadingBatch> {
    const [numeric, states] = this.#byTable(keys)
    const limits = { threads: 1, ...(signal === undefined ? {} : { signal }) }
    const batch = new ReadingBatch(Math.max(1, keys.length))
    const params = { before, since: Math.max(0, before - LOOK_BACK) }
    const tail = (usable: string) =>
      `final where signal in {keys:Array(UInt32)} and time >= {since:Int64} and time < {before:Int64} and ${usable}
       order by signal desc, time desc limit 1 by signal`
    const [signals, times, values, qualities] = await this.#engine.columns<NumberColumns>(
      `select signal, time, value, quality from readings ${tail(USABLE)}`,
      { ...params, keys: numeric },
      limits,
    )
    for (let i = 0; i < times.length; i++) batch.push(signals[i]!, times[i]!, values[i] ?? Number.NaN, qualities[i]!)
    if (states.length === 0) return batch
    const columns = await this.#engine.columns<StateColumns>(
      `select signal, time, value, quality from states ${tail('quality < 0x80000000')}`,
      { ...params, keys: states },
      limits,
    )
    pushStates(batch, columns)
    return batch
  }

  async #addStates(
    batch: ReadingBatch,
    keys: readonly SignalKey[],
    from: Micros,
    to: Micros,
    limits: object,
  ): Promise<void> {
    const columns = await this.#engine.columns<StateColumns>(
      `select signal, time, value, quality from states final
       where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} order by time, signal`,
      { keys, from, to },
      limits,
    )
    pushStates(batch, columns)
  }

  #byTable(keys: readonly SignalKey[]): [numeric: SignalKey[], states: SignalKey[]] {
    const isState = (key: SignalKey) => this.#signals.byKey(key)?.kind === 'state'
    return [keys.filter((key) => !isState(key)), keys.filter(isState)]
  }
}

function pushStates(batch: ReadingBatch, [signals, times, values, qualities]: StateColumns): void {
  for (const [i, signal] of signals.entries()) {
    batch.wide.push({ signal, time: times[i]!, quality: qualities[i]!, value: { kind: 'state', value: values[i]! } })
  }
}
