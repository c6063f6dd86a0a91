import type { Micros } from '@millwright/foundation'
import type { Frame } from '../expression/frame.ts'
import type { Program } from '../expression/program.ts'
import type { Equipment } from '../ports.ts'
import { Machine, type MachineObserver } from './machine.ts'
import type { RuleRunner } from './rule-runner.ts'
import { RuleWatch } from './rule-watch.ts'
import { SignalState } from './signal-state.ts'
import { TrueTime } from './true-time.ts'
import { Window } from './window.ts'
import type { WindowBudget } from './window-budget.ts'

/** A rule that runs on a machine, and its program there. */
export interface Fitted {
  readonly runner: RuleRunner
  readonly program: Program
}

/**
 * Puts rules on a machine, with the signals and windows they share.
 * @param since data time to start from; @param reachedAt the platform's steady time that stands for it
 */
export function assembleMachine(
  equipment: Equipment,
  fitted: readonly Fitted[],
  since: Micros,
  reachedAt: Micros,
  budget: WindowBudget,
  observer: MachineObserver,
): Machine {
  const byName = new Map(equipment.signals.map((signal) => [signal.name, signal]))
  const states = new Map<string, SignalState>()
  const windows = new Map<string, Window>()
  const stateOf = (name: string): SignalState => {
    const held = states.get(name) ?? new SignalState(byName.get(name)!)
    states.set(name, held)
    return held
  }
  const columns = sharedColumns(fitted)
  const watches = fitted.map(({ runner, program }) => {
    const signals = program.signals.map(stateOf)
    const frame: Frame = {
      now: since,
      since,
      signals,
      windows: program.windows.map(({ signal, length }) => {
        const name = `${length} ${program.signals[signal]}`
        const held = windows.get(name) ?? new Window(length, columns.get(name)!, budget)
        if (!windows.has(name)) signals[signal]!.windows.push(held)
        windows.set(name, held)
        return held
      }),
      trueTimes: program.trueTimes.map(({ length }) => new TrueTime(length)),
    }
    return new RuleWatch(runner, program, frame)
  })
  return new Machine(equipment, watches, since, reachedAt, observer)
}

/** What rules that share a window ask of it together. */
function sharedColumns(fitted: readonly Fitted[]) {
  const shared = new Map<string, { sum: boolean; deviation: boolean; extremes: boolean; median: boolean }>()
  for (const { program } of fitted) {
    for (const { signal, length, columns } of program.windows) {
      const name = `${length} ${program.signals[signal]}`
      const held = shared.get(name)
      shared.set(name, {
        sum: columns.sum || held?.sum === true,
        deviation: columns.deviation || held?.deviation === true,
        extremes: columns.extremes || held?.extremes === true,
        median: columns.median || held?.median === true,
      })
    }
  }
  return shared
}
