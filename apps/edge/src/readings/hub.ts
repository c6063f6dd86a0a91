import { type BlockSection, BOUNDS, type MetricRows, rowProblem } from '@millwright/connectivity'
import { DAY, formatTime, type Log, type Micros, type MillwrightError } from '@millwright/foundation'
import type { EdgeClock } from '../clock/edge-clock.ts'
import { edgeErrors } from '../errors.ts'
import { copyRows, type DurableQueue } from '../queue/index.ts'
import { Refusals } from './refusals.ts'
import type { LastValues } from './signals.ts'

/** 2000-01-01: such a clock was never set. */
const EARLIEST: Micros = 946_684_800_000_000
/** The clock that stamped it was not sure of the time: OPC UA's Uncertain. */
const UNCERTAIN = 0x4000_0000

export interface HubOptions {
  readonly queue: DurableQueue
  readonly clock: EdgeClock
  readonly log: Log
  readonly last: LastValues
  /** Rules look at what is accepted. */
  readonly watch: (section: BlockSection, rows: MetricRows) => void
}

/**
 * All readings of the agent on their way into the queue. What cannot travel, or has a time that nobody believes, becomes a
 * dead letter of its own; the rest of its message is taken.
 */
export class ReadingsHub {
  readonly refusals: Refusals
  readonly #options: HubOptions
  #accepted = 0

  constructor(options: HubOptions) {
    this.#options = options
    this.refusals = new Refusals(options)
  }

  /** Readings accepted since the start. */
  get accepted(): number {
    return this.#accepted
  }

  get saturated(): boolean {
    return this.#options.queue.saturated
  }

  drained(): Promise<void> {
    return this.#options.queue.drained()
  }

  /** Resolves when the rows are durable, and refusals of single metrics with them. */
  async accept(section: BlockSection, given: MetricRows): Promise<void> {
    const { queue, last, watch } = this.#options
    this.#stamp(given)
    const problems = this.#problems(given)
    const rows = problems === undefined ? given : copyRows(given, (row) => !problems.has(row))
    const refused = problems === undefined ? [] : this.#refuse(section, given, problems)
    // Before the first await: the caller uses its rows again.
    const durable = queue.accept(section, rows)
    last.take(section, rows)
    watch(section, rows)
    this.#accepted += rows.length
    await durable
    await Promise.all(refused)
  }

  /** Times of 0 are now. */
  #stamp(rows: MetricRows): void {
    const { clock } = this.#options
    let now: Micros | undefined
    for (let row = 0; row < rows.length; row++) {
      if (rows.time[row] !== 0) continue
      now ??= clock.now()
      rows.time[row] = now
      if (rows.quality[row] === 0 && !clock.trusted) rows.quality[row] = UNCERTAIN
    }
  }

  #problems(rows: MetricRows): Map<number, MillwrightError> | undefined {
    const latest = this.#options.clock.now() + DAY
    let problems: Map<number, MillwrightError> | undefined
    for (let row = 0; row < rows.length; row++) {
      const time = rows.time[row]!
      const problem =
        rowProblem(rows, row) ??
        (time < EARLIEST || time > latest
          ? edgeErrors.clockNotSet({ path: rows.name[row]!, time: formatTime(time) })
          : undefined)
      if (problem === undefined) continue
      problems ??= new Map()
      problems.set(row, problem)
    }
    return problems
  }

  #refuse(section: BlockSection, rows: MetricRows, problems: ReadonlyMap<number, MillwrightError>): Promise<void>[] {
    return [...problems].map(([row, error]) => {
      const name = rows.name[row]!.slice(0, BOUNDS.nameChars)
      const value = rows.wide[row] === undefined ? String(rows.value[row]) : rows.wide[row]!.kind
      return this.refusals.refuse(section, Buffer.from(`${name}: ${value}`), error)
    })
  }
}
