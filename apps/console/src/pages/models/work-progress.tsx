import { Button, Progress } from '@mantine/core'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'

interface WorkProgressProps {
  /** What is being done. */
  label: string
  waiting: boolean
  /** 0 to 1. */
  progress: number
  stage: string
  onCancel: (() => void) | undefined
}

/** How far work has come that takes minutes, what it is at, and a way to end it. */
export function WorkProgress({ label, waiting, progress, stage, onCancel }: WorkProgressProps) {
  const format = useFormat()
  const percent = Math.floor(progress * 100)
  return (
    <div className={styles.work}>
      <div className={styles.workHead}>
        <b>{label}</b>
        <span className={styles.note} role="status">
          {waiting ? t('models.waits') : `${format.percent(percent / 100)} · ${stage}`}
        </span>
      </div>
      <Progress.Root size="md">
        <Progress.Section value={waiting ? 0 : percent} aria-label={label} />
      </Progress.Root>
      {onCancel !== undefined && (
        <Button size="xs" variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      )}
    </div>
  )
}
