import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { episodesQuery } from '../../api/services.ts'
import type { Episode, Service } from '../../api/types.ts'
import { When } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { useNow } from '../../live/clock.ts'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { EpisodeDrawer } from './episode-drawer.tsx'
import { LabelDialog } from './label-dialog.tsx'
import { LabelList } from './label-list.tsx'
import styles from './models.module.css'
import { useFeedback } from './use-feedback.ts'

const route = getRouteApi('/inside/models/$id')

/** What it found, and what people said of it. */
export function EpisodesTab({ service, labels }: { service: Service; labels: boolean }) {
  const navigate = useNavigate()
  const format = useFormat()
  const now = useNow()
  const { episode: open } = route.useSearch()
  const [filter, setFilter] = useState<'all' | 'without' | 'with'>('all')
  const [adding, setAdding] = useState(false)
  const episodes = useQuery(episodesQuery(service.id, filter === 'all' ? {} : { labelled: filter === 'with' }))
  const { say } = useFeedback(service.id)
  const show = (episode: string | undefined) =>
    void navigate({ to: '.', search: (held) => ({ ...held, episode }), replace: true, resetScroll: false })
  const judge = (verdict: 'right' | 'wrong') => (episode: Episode) =>
    void say(episode, verdict, episode.label?.what ?? '')
  return (
    <Stacked>
      <Loaded query={episodes}>
        {(data) => (
          <DataTable
            label={t('models.episodes')}
            name="episodes"
            columns={columns(format, now)}
            rows={data}
            rowKey={({ id }) => id}
            onOpen={({ id }) => show(id)}
            open={open}
            {...(labels ? { keys: { r: judge('right'), w: judge('wrong') } } : {})}
            filters={
              <Select
                size="xs"
                w={200}
                aria-label={t('models.labelled')}
                data={(['all', 'without', 'with'] as const).map((value) => ({
                  value,
                  label: t(`models.labelled.${value}`),
                }))}
                value={filter}
                allowDeselect={false}
                onChange={(value) => setFilter((value ?? 'all') as typeof filter)}
              />
            }
            empty={
              <EmptyState>{filter === 'all' ? t('models.noEpisodes') : t('models.noEpisodesFiltered')}</EmptyState>
            }
            footer={data.length > 0 && labels && <p className={styles.hint}>{t('models.episodeKeys')}</p>}
          />
        )}
      </Loaded>
      <Panel
        title={t('models.labels')}
        flush
        actions={
          labels && (
            <Button size="xs" variant="default" onClick={() => setAdding(true)}>
              {t('models.labelSpan')}
            </Button>
          )
        }
      >
        <LabelList service={service} readOnly={!labels} />
      </Panel>
      {adding && <LabelDialog service={service} onClose={() => setAdding(false)} />}
      <EpisodeDrawer service={service} id={open} onClose={() => show(undefined)} />
    </Stacked>
  )
}

const columns = (format: Formatter, now: number): Column<Episode>[] => [
  {
    key: 'from',
    title: t('models.began'),
    width: '170px',
    phone: 'title',
    sort: ({ from }) => from,
    text: ({ from }) => format.dateTime(from),
    cell: ({ from }) => <When time={from} />,
  },
  {
    key: 'lasted',
    title: t('models.lasted'),
    width: '130px',
    sort: ({ from, to }) => (to ?? now) - from,
    text: ({ from, to }) => ((to ?? now) - from) / 1_000_000,
    cell: ({ from, to }) =>
      to === null ? (
        <b className={styles.goesOn}>{t('models.goesOnSince', { lasted: format.duration(Math.max(0, now - from)) })}</b>
      ) : (
        format.duration(to - from)
      ),
  },
  {
    key: 'peak',
    title: t('models.peak'),
    width: '80px',
    align: 'end',
    phone: 'hidden',
    sort: ({ peak }) => peak,
    text: ({ peak }) => peak,
    cell: ({ peak }) => format.number(peak),
  },
  {
    key: 'explanation',
    title: t('models.explanation'),
    width: 'minmax(240px, 3fr)',
    text: ({ explanation }) => explanation,
    cell: ({ explanation }) => (
      <span className={styles.clip} title={explanation}>
        {explanation}
      </span>
    ),
  },
  {
    key: 'label',
    title: t('models.said'),
    width: 'minmax(130px, 1fr)',
    sort: ({ label }) => label?.verdict,
    text: ({ label }) => labelText(label),
    cell: ({ label }) => labelText(label) || <span className={styles.note}>{t('models.unlabelled')}</span>,
  },
]

const labelText = (label: Episode['label']): string =>
  label === null ? '' : `${t(`models.verdict.${label.verdict}`)}${label.what === '' ? '' : `: ${label.what}`}`
