/**
 * The alarm state machine of ANSI/ISA-18.2-2016, clause 5 and figure 2 (IEC 62682:2022, clause 5.2): a pure table. The
 * letters are the standard's. Shelving, suppression and out-of-service (G, H, I) stand beside these states.
 *
 *   A  normal                   process normal, nothing to acknowledge, no alarm stands
 *   B  unacknowledged           abnormal, nobody has taken note
 *   C  acknowledged             abnormal, somebody has
 *   D  returned-unacknowledged  normal again before anybody took note
 *   E  latched                  normal again and acknowledged, held until somebody resets it (latching alarms only)
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
    // A -> B
    raise: { to: 'unacknowledged', transition: 'raised' },
  },
  unacknowledged: {
    // B -> C
    acknowledge: { to: 'acknowledged', transition: 'acknowledged' },
    // B -> D; a latching alarm latches when it is acknowledged
    return: { to: 'returned-unacknowledged', transition: 'returned' },
    close: CLOSE,
  },
  acknowledged: {
    // C -> A, or C -> E for a latching alarm
    return: {
      plain: { to: 'normal', transition: 'returned' },
      latching: { to: 'latched', transition: 'latched' },
    },
    close: CLOSE,
  },
  'returned-unacknowledged': {
    // D -> B: the alarm goes off anew
    raise: { to: 'unacknowledged', transition: 're-raised' },
    // D -> A, or D -> E for a latching alarm
    acknowledge: {
      plain: { to: 'normal', transition: 'acknowledged' },
      latching: { to: 'latched', transition: 'acknowledged' },
    },
    close: CLOSE,
  },
  latched: {
    // E -> B: the alarm goes off anew and asks for a new acknowledgement
    raise: { to: 'unacknowledged', transition: 're-raised' },
    // E -> A
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
