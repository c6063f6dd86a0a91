import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isOpen, versionsQuery } from '../../api/services.ts'
import type { Service, ServiceKind } from '../../api/types.ts'
import { Panel, Stacked } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import styles from './models.module.css'
import { ReportView } from './report-view.tsx'
import type { ServiceActions } from './use-service-actions.tsx'
import { WorkProgress } from './work-progress.tsx'

interface NextStepProps {
  service: Service
  kind: ServiceKind
  actions: ServiceActions
  mayTrain: boolean
  onTrain: () => void
  onUpload: () => void
}

/** What stands between the service and its next result: training that runs, a version to publish, one that failed. */
export function NextStep({ service, kind, actions, mayTrain, onTrain, onUpload }: NextStepProps) {
  const versions = useQuery(versionsQuery(service.id))
  const newest = versions.data?.[0]
  if (versions.data === undefined) return null
  const make = kind.trains ? (
    <Button onClick={onTrain}>{t('models.train')}</Button>
  ) : (
    <Button onClick={onUpload}>{t('models.upload')}</Button>
  )
  if (newest === undefined)
    return (
      <Panel title={t('models.nextStep')}>
        <div className={styles.next}>
          <p>{kind.trains ? t('models.nothingTrained') : t('models.nothingUploaded')}</p>
          {mayTrain && make}
        </div>
      </Panel>
    )
  const { number } = newest
  const title = t('models.versionOf', { number })
  if (isOpen(newest))
    return (
      <Panel title={title}>
        <WorkProgress
          label={newest.origin === 'upload' ? t('models.checking') : t('models.learning')}
          waiting={newest.state === 'waiting'}
          progress={service.training?.number === number ? service.training.progress : newest.progress}
          stage={service.training?.number === number ? service.training.stage : newest.stage}
          onCancel={mayTrain ? () => void actions.cancel(number) : undefined}
        />
      </Panel>
    )
  if (newest.state === 'failed' || newest.state === 'cancelled') {
    // What went wrong with a later try is for the list of versions once something is live.
    if (service.state === 'live') return null
    return (
      <Panel title={title}>
        <div className={styles.next}>
          <p className={styles.failed}>
            {newest.state === 'failed' ? (newest.failure ?? t('models.failed')) : t('models.wasCancelled')}
          </p>
          {mayTrain && make}
        </div>
      </Panel>
    )
  }
  if (newest.live) return null
  // Older than what is live: somebody rolled back on purpose.
  if (service.state === 'live' && service.liveVersion !== null) {
    return (
      <Panel title={title}>
        <div className={styles.next}>
          <p>{t('models.newerReady', { number, live: service.liveVersion })}</p>
          <Link
            to="/models/$id"
            params={{ id: service.id }}
            search={{ tab: 'versions', version: number, with: service.liveVersion }}
          >
            {t('models.compareWithLive')}
          </Link>
          {mayTrain && <Button onClick={() => actions.publish(number)}>{t('models.publish')}</Button>}
        </div>
      </Panel>
    )
  }
  return (
    <Panel
      title={title}
      actions={
        mayTrain && (
          <>
            {kind.trains && (
              <Button size="xs" variant="default" onClick={onTrain}>
                {t('models.trainAgain')}
              </Button>
            )}
            <Button size="xs" onClick={() => actions.publish(number)}>
              {t('models.publish')}
            </Button>
          </>
        )
      }
    >
      <Stacked>
        <p className={styles.note}>{t('models.readyToPublish')}</p>
        {newest.report !== null && <ReportView version={newest} report={newest.report} />}
      </Stacked>
    </Panel>
  )
}
