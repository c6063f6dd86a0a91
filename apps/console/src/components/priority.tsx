import type { AlarmState, Priority } from '../api/types.ts'
import { t } from '../messages/index.tsx'
import styles from './priority.module.css'

const SHAPES: Record<Priority, string> = {
  critical: 'M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z',
  high: 'M8 1.2 15.4 14.6H.6z',
  medium: 'M8 .6 15.4 8 8 15.4.6 8z',
  low: 'M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2z',
}
const RANKS: Record<Priority, string> = { critical: '1', high: '2', medium: '3', low: '4' }

/** A priority as shape, colour and number: any one of the three is enough to read it. */
export function PriorityShape({
  priority,
  size = 18,
  hollow = false,
}: {
  priority: Priority
  size?: number
  hollow?: boolean
}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={`${styles.shape} ${styles[priority]}`}
      aria-hidden="true"
    >
      <path d={SHAPES[priority]} className={hollow ? styles.hollow : styles.solid} />
      <text
        x="8"
        y={priority === 'high' ? 13 : 11.3}
        textAnchor="middle"
        className={hollow ? styles.hollowRank : styles.rank}
      >
        {RANKS[priority]}
      </text>
    </svg>
  )
}

/** Shape and word; hollow once somebody acknowledged it. */
export function PriorityMark({ priority, acknowledged = false }: { priority: Priority; acknowledged?: boolean }) {
  return (
    <span className={`${styles.mark} ${styles[priority]}`}>
      <PriorityShape priority={priority} hollow={acknowledged} />
      <span className={styles.word}>{t(`priority.${priority}`)}</span>
    </span>
  )
}

/** An ISA-18.2 state in words. */
export function StateMark({ state }: { state: AlarmState }) {
  const waits = state === 'unacknowledged' || state === 'returned-unacknowledged'
  return <span className={waits ? styles.stateWaiting : styles.state}>{t(`alarmState.${state}`)}</span>
}
