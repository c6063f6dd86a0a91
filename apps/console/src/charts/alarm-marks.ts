import type { Alarm } from '../api/types.ts'
import type { AlarmMark } from './plot-paint.ts'

/** Alarms as marks on a time axis: from when they were raised until they returned or closed. */
export const alarmMarks = (alarms: readonly Alarm[]): AlarmMark[] =>
  alarms.map((alarm) => ({
    id: alarm.id,
    from: alarm.raisedAt,
    to: alarm.returnedAt ?? alarm.closedAt,
    priority: alarm.priority,
    text: alarm.message || alarm.ruleName,
  }))
