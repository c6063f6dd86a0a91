import { useQuery } from '@tanstack/react-query'
import { isOpen, jobsQuery } from '../../api/services.ts'
import type { Service } from '../../api/types.ts'
import { Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'
import type { ServiceActions } from './use-service-actions.tsx'
import { WorkProgress } from './work-progress.tsx'

interface JobsPanelProps {
  service: Service
  actions: ServiceActions
  mayTrain: boolean
}

/** Recomputations of the past: how far they are, and what became of earlier ones. */
export function JobsPanel({ service, actions, mayTrain }: JobsPanelProps) {
  const format = useFormat()
  const { data } = useQuery(jobsQuery(service.id))
  if (data === undefined || data.length === 0) return null
  return (
    <Panel title={t('models.jobs')} flush>
      <ul className={styles.rows}>
        {data.map((job) => {
          const span = `${format.dateShort(job.from)} – ${format.dateShort(job.to)}`
          const label = t('models.jobOf', { number: job.number, span })
          return (
            <li key={job.id} className={styles.row}>
              {isOpen(job) ? (
                <WorkProgress
                  label={label}
                  waiting={job.state === 'waiting'}
                  progress={job.progress}
                  stage={job.stage}
                  onCancel={mayTrain ? () => void actions.cancelJob(job.id) : undefined}
                />
              ) : (
                <>
                  <span>{label}</span>
                  <span className={styles.note}>
                    {t(`models.work.${job.state}`)} · {job.failure ?? t('models.written', { n: job.written })} ·{' '}
                    {job.createdBy}
                  </span>
                </>
              )}
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
