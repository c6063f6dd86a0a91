import { type Alarm, type AlarmTransition, PRIORITIES, type Priority } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import type { ConditionTurn } from '../watch/turn.ts'
import { alarmMessage, storable } from './message.ts'
import type { Shelf } from './shelf-store.ts'
import { type AlarmEvent, alarmStep } from './state-machine.ts'

/** A row of `alarms`, in the names of its columns. */
export interface AlarmRow {
  readonly id: string
  readonly tenant: string
  readonly rule: string | null
  readonly rule_name: string
  readonly equipment: string
  readonly equipment_name: string
  readonly equipment_path: readonly string[]
  readonly path: readonly string[]
  readonly priority: Priority
  readonly rank: number
  readonly latching: boolean
  readonly state: Alarm['state']
  readonly message: string
  readonly response: string
  readonly values: Readonly<Record<string, unknown>>
  readonly signals: readonly string[]
  /** Names of every signal that it and its journal tell of: who may not read them all does not see it. */
  readonly signal_names: readonly string[]
  readonly raised_at: number
  readonly returned_at: number | null
  readonly acknowledged_at: number | null
  readonly acknowledged_by: string | null
  readonly closed_at: number | null
  readonly shelved_until: number | null
  readonly shelved_by: string | null
  readonly simulated: boolean
  readonly version: number
}

/** A line of the journal, as the contract has it, with its tenant. */
export type JournalLine = AlarmTransition & { readonly tenant: string }

export interface Moved {
  readonly alarm: AlarmRow
  readonly line: JournalLine
}

/** A new alarm in state normal: the raising itself is its first transition. */
export function newAlarm(turn: ConditionTurn, now: number, shelf: Shelf | undefined): AlarmRow {
  const { rule, equipment, signals } = turn
  return {
    id: newId('alm', Math.floor(now / 1000)),
    tenant: rule.tenant,
    rule: rule.id,
    rule_name: rule.name,
    equipment: equipment.id,
    equipment_name: equipment.name,
    equipment_path: equipment.names,
    path: equipment.path,
    priority: rule.priority,
    rank: PRIORITIES.indexOf(rule.priority),
    latching: rule.latching,
    state: 'normal',
    message: alarmMessage(rule.message, rule.name, signals),
    response: rule.response,
    values: valuesOf(turn),
    signals: signals.map(({ id }) => id),
    signal_names: signals.map(({ name }) => name),
    raised_at: turn.time,
    returned_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    closed_at: turn.time,
    shelved_until: shelf?.until ?? null,
    shelved_by: shelf?.by ?? null,
    simulated: turn.simulated,
    version: 0,
  }
}

/** The alarm goes off anew: the new values and message, and it waits for acknowledgement again. */
export const raisedAnew = (alarm: AlarmRow, turn: ConditionTurn): AlarmRow => ({
  ...alarm,
  message: alarmMessage(turn.rule.message, turn.rule.name, turn.signals),
  values: valuesOf(turn),
  signals: turn.signals.map(({ id }) => id),
  // The rule may read others now; its journal goes on telling of the ones before.
  signal_names: [...new Set([...alarm.signal_names, ...turn.signals.map(({ name }) => name)])],
  raised_at: turn.time,
  returned_at: null,
  acknowledged_at: null,
  acknowledged_by: null,
})

function valuesOf({ signals }: ConditionTurn): Record<string, unknown> {
  return Object.fromEntries(
    signals.map(({ name, value }) => [name, typeof value === 'string' ? storable(value) : value]),
  )
}

export interface Cause {
  readonly event: AlarmEvent
  readonly time: number
  /** Person, token or rule. */
  readonly by: string
  readonly comment?: string | undefined
  /** Latching as it is now: the rule may have changed since. */
  readonly latching?: boolean
}

/** Moves an alarm by the standard's table; undefined when the event means nothing in its state. */
export function move(alarm: AlarmRow, cause: Cause, now: number): Moved | undefined {
  const step = alarmStep(alarm.state, cause.event, cause.latching ?? alarm.latching)
  if (step === undefined) return undefined
  const next: AlarmRow = {
    ...alarm,
    state: step.to,
    returned_at: cause.event === 'return' ? cause.time : alarm.returned_at,
    acknowledged_at: cause.event === 'acknowledge' ? cause.time : alarm.acknowledged_at,
    acknowledged_by: cause.event === 'acknowledge' ? cause.by : alarm.acknowledged_by,
    closed_at: step.to === 'normal' ? cause.time : null,
    version: alarm.version + 1,
  }
  return { alarm: next, line: journalLine(next, step.transition, alarm.state, cause, now) }
}

export function journalLine(
  alarm: AlarmRow,
  transition: AlarmTransition['transition'],
  from: Alarm['state'],
  { time, by, comment }: Pick<Cause, 'time' | 'by' | 'comment'>,
  now: number,
): JournalLine {
  return {
    id: newId('evt', Math.floor(now / 1000)),
    tenant: alarm.tenant,
    alarm: alarm.id,
    time,
    transition,
    from,
    to: alarm.state,
    by,
    ...(comment === undefined || comment === '' ? {} : { comment: storable(comment) }),
    equipment: alarm.equipment,
    equipmentName: alarm.equipment_name,
    ruleName: alarm.rule_name,
    priority: alarm.priority,
    message: alarm.message,
  }
}

/** The alarm as the API shows it. */
export function shownAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    tenant: row.tenant,
    rule: row.rule,
    ruleName: row.rule_name,
    equipment: row.equipment,
    equipmentName: row.equipment_name,
    equipmentPath: [...row.equipment_path],
    priority: row.priority,
    state: row.state,
    message: row.message,
    response: row.response,
    values: { ...row.values },
    signals: [...row.signals],
    raisedAt: row.raised_at,
    ...(row.returned_at === null ? {} : { returnedAt: row.returned_at }),
    ...(row.acknowledged_at === null ? {} : { acknowledgedAt: row.acknowledged_at }),
    ...(row.acknowledged_by === null ? {} : { acknowledgedBy: row.acknowledged_by }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.shelved_until === null ? {} : { shelvedUntil: row.shelved_until }),
    ...(row.shelved_by === null ? {} : { shelvedBy: row.shelved_by }),
    simulated: row.simulated,
    version: row.version,
  }
}

export function shownLine({ tenant: _, ...line }: JournalLine): AlarmTransition {
  return line
}
