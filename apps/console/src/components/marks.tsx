import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Device } from '../api/types.ts'
import { useNow } from '../live/clock.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import styles from './marks.module.css'

/** Small words beside a name: what kind it is, that it is simulated or shared. */
export function Tag({ children, title }: { children: ReactNode; title?: string }) {
  const tag = <span className={styles.tag}>{children}</span>
  return title === undefined ? tag : <Tooltip label={title}>{tag}</Tooltip>
}

export const SimulatedTag = () => <Tag title={t('common.simulatedHelp')}>{t('common.simulated')}</Tag>

/** How long ago; the exact time in the tooltip and for screen readers. */
export function Age({ time, none }: { time: number | null | undefined; none?: string }) {
  const now = useNow()
  const format = useFormat()
  if (time === null || time === undefined) return <span className={styles.muted}>{none ?? t('common.never')}</span>
  return (
    <time dateTime={new Date(time / 1000).toISOString()} title={format.dateTime(time)} className={styles.age}>
      {format.ago(time, now)}
    </time>
  )
}

export function When({ time }: { time: number | null | undefined }) {
  const now = useNow()
  const format = useFormat()
  if (time === null || time === undefined) return <span className={styles.muted}>{t('common.none')}</span>
  return (
    <time dateTime={new Date(time / 1000).toISOString()} title={format.dateTime(time)} className="mw-number">
      {format.when(time, now)}
    </time>
  )
}

/** Connection: being online is normal and quiet; being away is said and since when. */
export function ConnectionMark({ device }: { device: Pick<Device, 'connection' | 'state'> }) {
  const state = device.state === 'disabled' ? 'disabled' : device.connection.state
  return (
    <span className={`${styles.connection} ${styles[state] ?? ''}`}>
      <span className={styles.dot} aria-hidden />
      {t(`connection.${state}`)}
    </span>
  )
}

export const Count = ({ children }: { children: ReactNode }) => <span className={styles.count}>{children}</span>
