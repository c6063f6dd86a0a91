import type { ReadingBatch } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Equipment } from '../ports.ts'
import type { RuleWatch } from './rule-watch.ts'
import type { SignalState } from './signal-state.ts'
import type { Turn } from './standing.ts'

/** What a machine's evaluation tells. */
export interface MachineObserver {
  turned(machine: Machine, watch: RuleWatch, turn: Turn, time: Micros): void
  /** The rule threw or was too slow: it has a fault now and does not run again. */
  failed(machine: Machine, watch: RuleWatch, error: unknown): void
  /** True when this evaluation's cost should be measured. */
  sampled(): boolean
  /** For measuring. */
  clock(): Micros
}

/**
 * All rules on one piece of equipment, and the time their evaluation has reached. Readings are taken in the order of
 * their time: everything of one time stamp first, then each rule that reads any of it is evaluated once. Moments in
 * between at which time alone changes an answer are evaluated at their own time, before what is newer.
 */
export class Machine {
  equipment: Equipment
  readonly watches: RuleWatch[]
  /** Data time the evaluation has reached. */
  now: Micros
  /** The platform's steady time at which `now` was reached: without readings data time goes on from there. */
  reachedAt: Micros
  /** The earliest `due` of its rules. */
  due: Micros = Number.POSITIVE_INFINITY
  /** Rows of the batch being dispatched: index of a number row, or ~index of a wide row; and their signals. */
  readonly rows: number[] = []
  readonly states: SignalState[] = []
  readonly #readers = new Map<SignalState, RuleWatch[]>()
  readonly #observer: MachineObserver
  readonly #noted: RuleWatch[] = []
  #round = 1
  /**
   * µs that the platform's time is ahead of data time because the platform was down: what time alone brings about is
   * dated later by so much, until a reading says what time it is.
   */
  lag = 0
  /** Data time from which silence counts at the earliest. */
  #silentFrom: Micros = Number.NEGATIVE_INFINITY
  /** The platform's time at which it could hear again, as long as no reading has come since. */
  #heardFrom: Micros | undefined
  /** No reading has come yet: the first one sets the time, whatever it is. */
  #fresh = true

  constructor(equipment: Equipment, watches: RuleWatch[], since: Micros, reachedAt: Micros, observer: MachineObserver) {
    this.equipment = equipment
    this.watches = watches
    this.now = since
    this.reachedAt = reachedAt
    this.#observer = observer
    for (const watch of watches) {
      for (const state of watch.signals) {
        const readers = this.#readers.get(state) ?? []
        readers.push(watch)
        this.#readers.set(state, readers)
      }
    }
  }

  get signals(): Iterable<SignalState> {
    return this.#readers.keys()
  }

  /**
   * Evaluates the collected rows of the batch. Readings stamped later than `latest` are left out: one with a clock far
   * ahead would make all others late.
   */
  take(batch: ReadingBatch, latest: Micros, reachedAt: Micros): void {
    const { rows, states } = this
    const order = this.#order(batch)
    for (let i = 0; i < rows.length; i++) {
      const at = order === undefined ? i : order[i]!
      const row = rows[at]!
      const wide = row < 0 ? batch.wide[~row]! : undefined
      const time = wide === undefined ? batch.time[row]! : wide.time
      if (time > latest) continue
      if (time > this.now || this.#fresh) {
        this.#evaluateNoted()
        if (this.#heardFrom !== undefined) this.#hear(time, this.#heardFrom)
        if (this.due < time) this.#passBy(time)
        if (this.#fresh) this.#begin(time)
        this.now = time
        this.reachedAt = reachedAt
      }
      const state = states[at]!
      if (wide === undefined) state.take(time, batch.value[row]!, undefined, batch.quality[row]!, this.now)
      else if (wide.value.kind === 'state') state.take(time, Number.NaN, wide.value.value, wide.quality, this.now)
      else state.take(time, 0, undefined, wide.quality, this.now)
      this.#note(state)
    }
    rows.length = 0
    states.length = 0
    this.#evaluateNoted()
    this.#findDue()
  }

  /** Lets time go on to `time` without readings: evaluates what falls due on the way, each at its own time. */
  passTime(time: Micros): void {
    if (this.due > time) return
    this.#passBy(time + 1)
    this.#findDue()
  }

  /**
   * The evaluation begins (anew) at `now` of the platform's time: nobody listened since its newest reading, and that is
   * no silence of the machine. Alarms that stand are left as they are.
   */
  beginHearing(now: Micros): void {
    this.lag = Math.max(0, now - this.now)
    this.#heardFrom = now
    this.#countSilenceFrom(this.now)
  }

  /** Takes the place of `before`, which was hearing already. */
  goOnHearing(before: Machine): void {
    this.lag = before.lag
    this.#heardFrom = before.#heardFrom
    this.#countSilenceFrom(before.#silentFrom)
  }

  /** Evaluates every rule at the time reached; after warming, and at the end of a dry run's stretch. */
  evaluateAll(): void {
    for (const watch of this.watches) this.#evaluate(watch, this.now)
    this.#findDue()
  }

  /** µs of history that fill its windows and settle its delays. */
  get reach(): Micros {
    const reaches = this.watches.map(
      ({ program, runner: { rule } }) => program.reach + Math.max(rule.onDelay, rule.offDelay),
    )
    return Math.max(0, ...reaches)
  }

  /** Gives its windows' memory back. */
  release(): void {
    for (const state of this.#readers.keys()) for (const window of state.windows) window.release()
  }

  /** The first reading says what time it is where the machine stands: recorded data may be years old. */
  #begin(time: Micros): void {
    this.#fresh = false
    for (const { frame } of this.watches) frame.since = Math.min(frame.since, time)
  }

  /** The first reading since the platform hears: what it was dated shows how much of the gap is known after all. */
  #hear(time: Micros, heardFrom: Micros): void {
    this.lag = 0
    this.#heardFrom = undefined
    this.#countSilenceFrom(Math.min(time, heardFrom))
  }

  #countSilenceFrom(time: Micros): void {
    this.#silentFrom = Math.max(this.#silentFrom, time)
    for (const { standing, frame } of this.watches) {
      if (!standing.active) frame.since = Math.max(frame.since, this.#silentFrom)
    }
  }

  #note(state: SignalState): void {
    const readers = this.#readers.get(state)!
    for (const watch of readers) {
      if (watch.round === this.#round) continue
      watch.round = this.#round
      this.#noted.push(watch)
    }
  }

  #evaluateNoted(): void {
    const noted = this.#noted
    if (noted.length === 0) {
      this.#round++
      return
    }
    for (let i = 0; i < noted.length; i++) this.#evaluate(noted[i]!, this.now)
    noted.length = 0
    this.#round++
    this.#findDue()
  }

  /** Evaluates what is due before `end`, in the order of time: rules share windows, which only move forward. */
  #passBy(end: Micros): void {
    while (this.due < end) {
      const time = this.due
      this.reachedAt += time - this.now
      this.now = time
      for (const watch of this.watches) if (watch.due <= time) this.#evaluate(watch, time)
      this.#findDue()
    }
  }

  #evaluate(watch: RuleWatch, time: Micros): void {
    const { runner } = watch
    if (runner.stopped || runner.fault !== undefined) {
      watch.due = Number.POSITIVE_INFINITY
      return
    }
    const observer = this.#observer
    try {
      const start = observer.sampled() ? observer.clock() : 0
      const turn = watch.evaluate(time)
      if (start > 0 && runner.tooSlow(observer.clock() - start)) observer.failed(this, watch, undefined)
      if (turn !== undefined) observer.turned(this, watch, turn, time)
    } catch (error) {
      runner.fault = `The evaluation on ${this.equipment.name} failed: ${(error as Error).message}`
      watch.due = Number.POSITIVE_INFINITY
      observer.failed(this, watch, error)
    }
  }

  #findDue(): void {
    let due = Number.POSITIVE_INFINITY
    for (const watch of this.watches) if (watch.due < due) due = watch.due
    this.due = due
  }

  /** Positions of the rows in the order of their time; undefined when they stand so already, as they mostly do. */
  #order(batch: ReadingBatch): number[] | undefined {
    const { rows } = this
    const timeOf = (row: number): Micros => (row < 0 ? batch.wide[~row]!.time : batch.time[row]!)
    let before = Number.NEGATIVE_INFINITY
    for (let i = 0; i < rows.length; i++) {
      const time = timeOf(rows[i]!)
      if (time < before) return rows.map((_, at) => at).sort((a, b) => timeOf(rows[a]!) - timeOf(rows[b]!) || a - b)
      before = time
    }
    return undefined
  }
}
