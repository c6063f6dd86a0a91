/**
 * The alarm state machine after the state transition diagram of ANSI/ISA-18.2-2016 (IEC 62682): a pure table.
 *
 *   normal                   nothing stands
 *   unacknowledged           abnormal, nobody has taken note
 *   acknowledged             abnormal, somebody has
 *   returned-unacknowledged  normal again before anybody took note (of a latching alarm: latched, unacknowledged)
 *   latched                  normal again and acknowledged, held until somebody resets it (latching alarms only)
 *
 * Shelved, suppressed by design and out of service stand beside these states and are no part of the table.
 */
import type { AlarmState, AlarmTransition } from '@millwright/contracts'

export type AlarmEvent = 'raise' | 'return' | 'acknowledge' | 'reset' | 'close'
export type TransitionName = AlarmTransition['transition']

export interface Step {
  readonly to: AlarmState
  readonly transition: TransitionName
}

type Row = Readonly<Partial<Record<AlarmEvent, Step | { readonly plain: Step; readonly latching: Step }>>>

const CLOSE: Step = { to: 'normal', transition: 'closed' }

const TABLE: Readonly<Record<AlarmState, Row>> = {
  normal: {
    raise: { to: 'unacknowledged', transition: 'raised' },
  },
  unacknowledged: {
    acknowledge: { to: 'acknowledged', transition: 'acknowledged' },
    // A latching alarm asks for its reset once it is acknowledged.
    return: { to: 'returned-unacknowledged', transition: 'returned' },
    close: CLOSE,
  },
  acknowledged: {
    return: {
      plain: { to: 'normal', transition: 'returned' },
      latching: { to: 'latched', transition: 'latched' },
    },
    close: CLOSE,
  },
  'returned-unacknowledged': {
    // The alarm goes off anew.
    raise: { to: 'unacknowledged', transition: 're-raised' },
    acknowledge: {
      plain: { to: 'normal', transition: 'acknowledged' },
      latching: { to: 'latched', transition: 'acknowledged' },
    },
    close: CLOSE,
  },
  latched: {
    // The alarm goes off anew and asks for a new acknowledgement.
    raise: { to: 'unacknowledged', transition: 're-raised' },
    reset: { to: 'normal', transition: 'reset' },
    close: CLOSE,
  },
}

/** The step an event makes from a state; undefined when the standard has none (the event then means nothing there). */
export function alarmStep(state: AlarmState, event: AlarmEvent, latching: boolean): Step | undefined {
  const cell = TABLE[state][event]
  if (cell === undefined) return undefined
  return 'plain' in cell ? (latching ? cell.latching : cell.plain) : cell
}

/** True while the condition itself is abnormal. */
export const isActive = (state: AlarmState): boolean => state === 'unacknowledged' || state === 'acknowledged'
