import type { ReactNode } from 'react'
import styles from './condition-mark.module.css'

/** Working is normal and quiet; what is abnormal looks like the alarm priority that it is as urgent as. */
export type Look = 'working' | 'beginning' | 'idle' | 'medium' | 'high' | 'critical'

/** How something that runs by itself is (a connection, an AI service): a shape and a word. */
export function ConditionMark({ look, children }: { look: Look; children: ReactNode }) {
  return (
    <span className={styles.mark} data-look={look}>
      <span className={styles.shape} aria-hidden />
      {children}
    </span>
  )
}
