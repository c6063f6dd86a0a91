import type { Connection, ConnectionStatus } from '../../api/types.ts'
import { ConditionMark, type Look } from '../../components/condition-mark.tsx'
import { t } from '../../messages/index.tsx'

export type ConnectionState = ConnectionStatus['state']

/** Who needs a person first: what stands still, what limps, what is quiet. */
export const CARE: Record<ConnectionState, number> = {
  failed: 0,
  waiting: 1,
  degraded: 2,
  unknown: 3,
  starting: 4,
  running: 5,
  stopped: 6,
}

export const needsCare = ({ status }: Connection): boolean => CARE[status.state] <= CARE.degraded

const LOOKS: Record<ConnectionState, Look> = {
  failed: 'critical',
  waiting: 'high',
  degraded: 'medium',
  unknown: 'idle',
  starting: 'beginning',
  running: 'working',
  stopped: 'idle',
}

export const StateMark = ({ state }: { state: ConnectionState }) => (
  <ConditionMark look={LOOKS[state]}>{t(`connections.state.${state}`)}</ConditionMark>
)

/** Why it is as it is, and what to do; undefined when it simply runs. */
export function reasonOf({ status, enabled }: Connection): string | undefined {
  if (status.reason !== undefined) return status.reason
  if (!enabled || status.state === 'stopped') return t('connections.stoppedReason')
  if (status.state === 'unknown') return t('connections.unknownReason')
  return undefined
}
