import type { Micros } from '@millwright/foundation'
import type { Equipment, LatestValues } from '../ports.ts'
import type { Machine } from './machine.ts'
import type { RuleWatch } from './rule-watch.ts'
import type { RunningRule } from './running-rule.ts'
import type { Turn } from './standing.ts'

export interface TurnSignal {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly value: number | boolean | string | null
}

/** A condition that was raised or returned on a machine, with what its signals said at that moment. */
export interface ConditionTurn {
  readonly turn: Turn
  readonly rule: RunningRule
  readonly equipment: Equipment
  /** Data time. */
  readonly time: Micros
  /** What the condition reads, then what only the message names. */
  readonly signals: readonly TurnSignal[]
  readonly simulated: boolean
  /** Raises within the last minute when they are too many; otherwise 0. */
  readonly chattering: number
}

/** A rule does not watch a machine any more: its alarm there ends. */
export interface WatchEnd {
  readonly turn: 'ended'
  readonly tenant: string
  readonly rule: string
  readonly equipment: string
  /** In words, for the journal. */
  readonly reason: string
}

/** Takes what the evaluation tells; must return at once. */
export interface TurnSink {
  tell(turns: readonly (ConditionTurn | WatchEnd)[]): void
}

/** @param latest newest values, for signals that only the message names */
export function conditionTurn(
  machine: Machine,
  watch: RuleWatch,
  turn: Turn,
  time: Micros,
  latest: LatestValues,
): ConditionTurn {
  const { equipment } = machine
  const { rule, mentions } = watch.runner
  const read = watch.signals.map(({ id, name, unit, shown }) => ({ id, name, unit, value: shown }))
  const mentioned = mentions.flatMap((name) => {
    const signal = equipment.signals.find((each) => each.name === name)
    return signal === undefined ? [] : [{ id: signal.id, name, unit: signal.unit, value: latest.value(signal) }]
  })
  const simulated = new Set(equipment.signals.filter((signal) => signal.simulated).map(({ id }) => id))
  return {
    turn,
    rule,
    equipment,
    time,
    signals: [...read, ...mentioned],
    simulated: read.some(({ id }) => simulated.has(id)),
    chattering: watch.standing.chattering(time),
  }
}

/** Names one rule on one machine. */
export const watchKey = (rule: string, equipment: string): string => `${rule} ${equipment}`
