import { Random, type RandomState } from './rng.ts'

/** A fault that comes and is repaired, in seconds of simulated time since the schedule began. */
export interface PlannedFault {
  readonly machine: string
  readonly fault: string
  readonly from: number
  readonly until: number
}

export interface ScheduleAction {
  readonly machine: string
  readonly fault: string
  readonly action: 'inject' | 'clear'
}

/** What may come later, and how long it lasts in seconds; drawn by the seed. */
export interface RareFault {
  readonly machine: string
  readonly fault: string
  readonly lasts: number
}

interface ScheduleState {
  time: number
  planned: PlannedFault[]
  running: PlannedFault[]
  nextRare: number
  random: RandomState
}

/**
 * When which fault comes: a fixed beginning, then one of the rare ones each few minutes, never two of them at once, so
 * that a person watching can tell what happened.
 */
export class Schedule {
  readonly #random: Random
  readonly #rare: readonly RareFault[]
  readonly #gap: readonly [number, number]
  #s: Omit<ScheduleState, 'random'>

  constructor(
    seed: number,
    planned: readonly PlannedFault[],
    rare: readonly RareFault[],
    gap: readonly [number, number],
  ) {
    this.#random = new Random(seed, 'schedule')
    this.#rare = rare
    this.#gap = gap
    const end = planned.reduce((latest, one) => Math.max(latest, one.until), 0)
    this.#s = { time: 0, planned: [...planned], running: [], nextRare: end + this.#random.between(...gap) }
  }

  /** Advances and says what to do now. */
  step(dt: number): ScheduleAction[] {
    const s = this.#s
    s.time += dt
    if (s.time >= s.nextRare && this.#rare.length > 0) {
      const { machine, fault, lasts } = this.#rare[this.#random.index(this.#rare.length)]!
      s.planned.push({ machine, fault, from: s.time, until: s.time + lasts })
      s.nextRare = s.time + lasts + this.#random.between(...this.#gap)
    }
    const actions: ScheduleAction[] = []
    const due = s.planned.filter((one) => one.from <= s.time)
    if (due.length > 0) {
      s.planned = s.planned.filter((one) => one.from > s.time)
      s.running.push(...due)
      for (const { machine, fault } of due) actions.push({ machine, fault, action: 'inject' })
    }
    const over = s.running.filter((one) => one.until <= s.time)
    if (over.length > 0) {
      s.running = s.running.filter((one) => one.until > s.time)
      for (const { machine, fault } of over) actions.push({ machine, fault, action: 'clear' })
    }
    return actions
  }

  /** A fault that a person clears or sets is no longer the schedule's to clear. */
  forget(machine: string, fault: string): void {
    this.#s.running = this.#s.running.filter((one) => one.machine !== machine || one.fault !== fault)
  }

  /** Plans a fault, counted from now. */
  plan(fault: PlannedFault): void {
    const { time } = this.#s
    this.#s.planned.push({ ...fault, from: time + fault.from, until: time + fault.until })
  }

  save(): ScheduleState {
    return structuredClone({ ...this.#s, random: this.#random.save() })
  }

  restore(saved: ScheduleState): void {
    const { random, ...state } = structuredClone(saved)
    this.#s = state
    this.#random.restore(random)
  }
}
