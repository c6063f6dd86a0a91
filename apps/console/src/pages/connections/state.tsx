import type { Connection, ConnectionStatus } from '../../api/types.ts'
import { t } from '../../messages/index.tsx'
import styles from './connections.module.css'

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

/** Running is normal and quiet; everything else has a shape and a word of its own. */
export function StateMark({ state }: { state: ConnectionState }) {
  return (
    <span className={styles.state} data-state={state}>
      <span className={styles.shape} aria-hidden />
      {t(`connections.state.${state}`)}
    </span>
  )
}

/** Why it is as it is, and what to do; undefined when it simply runs. */
export function reasonOf({ status, enabled }: Connection): string | undefined {
  if (status.reason !== undefined) return status.reason
  if (!enabled || status.state === 'stopped') return t('connections.stoppedReason')
  if (status.state === 'unknown') return t('connections.unknownReason')
  return undefined
}
