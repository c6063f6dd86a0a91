import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isOpen, versionsQuery } from '../../api/services.ts'
import type { Service, ServiceKind, ServiceVersion } from '../../api/types.ts'
import { Tag, When } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CompareView } from './compare-view.tsx'
import { JobsPanel } from './jobs-panel.tsx'
import styles from './models.module.css'
import { RecomputeDialog } from './recompute-dialog.tsx'
import { ReportView } from './report-view.tsx'
import { UploadPanel } from './upload-panel.tsx'
import type { ServiceActions } from './use-service-actions.tsx'

const route = getRouteApi('/inside/models/$id')

interface VersionsTabProps {
  service: Service
  kind: ServiceKind
  actions: ServiceActions
  mayTrain: boolean
  onTrain: () => void
}

/** Every version with its report; two beside each other; which one is live, and the past scored again. */
export function VersionsTab({ service, kind, actions, mayTrain, onTrain }: VersionsTabProps) {
  const format = useFormat()
  const navigate = useNavigate()
  const { version: shown, with: other } = route.useSearch()
  const versions = useQuery(versionsQuery(service.id))
  const [recomputing, setRecomputing] = useState(false)
  const show = (change: { version?: number | undefined; with?: number | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true, resetScroll: false })
  return (
    <Loaded query={versions}>
      {(data) => {
        const open = data.find(({ number }) => number === shown) ?? data[0]
        const against = data.find(({ number }) => number === other && number !== open?.number)
        return (
          <Stacked>
            <DataTable
              label={t('models.versions')}
              name="service-versions"
              columns={columns(format)}
              rows={data}
              rowKey={({ number }) => String(number)}
              open={open === undefined ? undefined : String(open.number)}
              onOpen={({ number }) => show({ version: number, ...(number === other ? { with: undefined } : {}) })}
              filters={
                mayTrain && (
                  <>
                    {kind.trains && (
                      <Button size="xs" disabled={service.training !== null} onClick={onTrain}>
                        {t('models.train')}
                      </Button>
                    )}
                    <Button
                      size="xs"
                      variant="default"
                      disabled={!data.some(({ state }) => state === 'ready')}
                      onClick={() => setRecomputing(true)}
                    >
                      {t('models.recompute')}
                    </Button>
                  </>
                )
              }
              empty={<EmptyState>{kind.trains ? t('models.nothingTrained') : t('models.nothingUploaded')}</EmptyState>}
            />
            {!kind.trains && mayTrain && <UploadPanel service={service} versions={data} actions={actions} />}
            {open !== undefined && (
              <Panel
                title={against === undefined ? t('models.versionOf', { number: open.number }) : t('models.compare')}
                actions={
                  <VersionTools
                    open={open}
                    versions={data}
                    against={against}
                    onAgainst={(number) => show({ version: open.number, with: number })}
                    publish={mayTrain && open.state === 'ready' && !open.live ? actions.publish : undefined}
                    rollBack={service.state === 'live' && open.number < (service.liveVersion ?? 0)}
                    cancel={mayTrain && isOpen(open) ? (number) => void actions.cancel(number) : undefined}
                  />
                }
              >
                {against !== undefined ? (
                  <CompareView left={open} right={against} />
                ) : open.report !== null ? (
                  <ReportView version={open} report={open.report} />
                ) : (
                  <p className={open.state === 'failed' ? styles.failed : styles.note}>
                    {open.failure ?? t(`models.work.${open.state}`)}
                  </p>
                )}
              </Panel>
            )}
            <JobsPanel service={service} actions={actions} mayTrain={mayTrain} />
            {recomputing && (
              <RecomputeDialog
                service={service}
                versions={data}
                actions={actions}
                onClose={() => setRecomputing(false)}
              />
            )}
          </Stacked>
        )
      }}
    </Loaded>
  )
}

interface VersionToolsProps {
  open: ServiceVersion
  versions: readonly ServiceVersion[]
  against: ServiceVersion | undefined
  onAgainst: (number: number | undefined) => void
  publish: ((number: number) => void) | undefined
  rollBack: boolean
  cancel: ((number: number) => void) | undefined
}

function VersionTools({ open, versions, against, onAgainst, publish, rollBack, cancel }: VersionToolsProps) {
  const others = versions.filter(({ number, report }) => number !== open.number && report !== null)
  return (
    <>
      {open.report !== null && others.length > 0 && (
        <Select
          size="xs"
          w={190}
          aria-label={t('models.compareWith')}
          placeholder={t('models.compareWith')}
          data={others.map(({ number }) => ({ value: String(number), label: t('models.versionOf', { number }) }))}
          value={against === undefined ? null : String(against.number)}
          clearable
          onChange={(value) => onAgainst(value === null ? undefined : Number(value))}
        />
      )}
      {cancel !== undefined && (
        <Button size="xs" variant="default" onClick={() => cancel(open.number)}>
          {t('common.cancel')}
        </Button>
      )}
      {publish !== undefined && (
        <Button size="xs" onClick={() => publish(open.number)}>
          {rollBack ? t('models.rollBack') : t('models.publish')}
        </Button>
      )}
    </>
  )
}

const columns = (format: Formatter): Column<ServiceVersion>[] => [
  {
    key: 'number',
    title: t('models.version'),
    width: '120px',
    phone: 'title',
    sort: ({ number }) => number,
    text: ({ number }) => number,
    cell: ({ number, live }) => (
      <span className={styles.tags}>
        <span className="mw-number">{number}</span>
        {live && <Tag>{t('models.isLive')}</Tag>}
      </span>
    ),
  },
  {
    key: 'state',
    title: t('common.state'),
    width: 'minmax(140px, 1fr)',
    text: ({ state }) => t(`models.work.${state}`),
    cell: ({ state, progress, stage }) =>
      state === 'running'
        ? `${format.percent(Math.floor(progress * 100) / 100)} · ${stage}`
        : t(`models.work.${state}`),
  },
  {
    key: 'summary',
    title: t('models.summary'),
    width: 'minmax(220px, 3fr)',
    text: ({ report, failure }) => report?.summary ?? failure,
    cell: ({ report, failure }) => (
      <span className={styles.clip} title={report?.summary ?? failure ?? ''}>
        {report?.summary ?? failure ?? t('common.none')}
      </span>
    ),
  },
  {
    key: 'created',
    title: t('common.created'),
    width: '150px',
    sort: ({ createdAt }) => createdAt,
    text: ({ createdAt }) => format.dateTime(createdAt),
    cell: ({ createdAt }) => <When time={createdAt} />,
  },
  {
    key: 'by',
    title: t('models.madeBy'),
    width: 'minmax(100px, 1fr)',
    phone: 'hidden',
    text: ({ createdBy }) => createdBy,
    cell: ({ createdBy }) => createdBy,
  },
]
