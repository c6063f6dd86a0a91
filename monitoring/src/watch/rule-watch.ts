import type { Micros } from '@millwright/foundation'
import type { Frame } from '../expression/frame.ts'
import type { Program } from '../expression/program.ts'
import type { RuleRunner } from './rule-runner.ts'
import type { SignalState } from './signal-state.ts'
import { Standing, type Turn } from './standing.ts'
import type { TrueTime } from './true-time.ts'

/** Without new readings, what changes with time alone is looked at on whole seconds of data time. */
const TICK = 1_000_000
/** Beyond this age nobody asks any more whether a signal has got older. */
const OLDEST_AGE = 86_400_000_000

/** One rule on one piece of equipment. */
export class RuleWatch {
  readonly runner: RuleRunner
  readonly program: Program
  readonly frame: Frame
  readonly standing = new Standing()
  /** Data time at which the answer may change though nothing arrives. */
  due: Micros = Number.POSITIVE_INFINITY
  /** The round of its equipment's evaluation it was last noted in. */
  round = 0
  readonly #trueTimes: readonly TrueTime[]

  constructor(runner: RuleRunner, program: Program, frame: Frame) {
    this.runner = runner
    this.program = program
    this.frame = frame
    this.#trueTimes = frame.trueTimes
  }

  /** Evaluates the rule at `now`. Throws what an expression throws (which none should). */
  evaluate(now: Micros): Turn | undefined {
    const { program, frame, standing } = this
    frame.now = now
    for (let i = 0; i < program.trueTimes.length; i++) {
      this.#trueTimes[i]!.set(now, program.trueTimes[i]!.condition(frame) === 1)
    }
    const condition = program.condition(frame)
    const clear = standing.active && program.clear !== undefined ? program.clear(frame) : undefined
    const turn = standing.step(now, condition, clear, this.runner.rule)
    this.due = this.#nextDue(now)
    return turn
  }

  /** The signals the rule reads here. */
  get signals(): readonly SignalState[] {
    return this.frame.signals
  }

  #nextDue(now: Micros): Micros {
    const { program, frame, standing } = this
    const turning = standing.due(now, this.runner.rule)
    // Overdue, but the answer is unknown: it turns when the answer is known again.
    let due = turning > now ? turning : Number.POSITIVE_INFINITY
    for (const { signal, length } of program.silences) {
      const silent = Math.max(frame.signals[signal]!.time, frame.since) + length
      if (silent > now && silent < due) due = silent
    }
    for (const window of frame.windows) {
      // A condition that was decided early has not asked all its windows.
      window.evict(now)
      if (window.expiry() < due) due = Math.min(due, Math.ceil(window.expiry() / TICK) * TICK)
    }
    for (const trueTime of frame.trueTimes) if (trueTime.moving(now)) due = Math.min(due, nextTick(now))
    for (const signal of program.ages) {
      if (now - frame.signals[signal]!.time < OLDEST_AGE) due = Math.min(due, nextTick(now))
    }
    return due
  }
}

const nextTick = (now: Micros): Micros => (Math.floor(now / TICK) + 1) * TICK
