import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { journalQuery } from '../../api/alarms.ts'
import type { AlarmTransition } from '../../api/types.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { spanOf } from '../../charts/time-range.ts'
import { useRange } from '../../charts/use-range.ts'
import { When } from '../../components/marks.tsx'
import { NodePicker } from '../../components/node-picker.tsx'
import { Page } from '../../components/page.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { AlarmDrawer } from './alarm-drawer.tsx'
import styles from './alarms.module.css'
import { AlarmsNav } from './nav.tsx'

const route = getRouteApi('/inside/alarms/journal')

/** Every transition of every alarm in the shared time range. */
export function JournalPage() {
  const navigate = useNavigate()
  const { open, under } = route.useSearch()
  const [range] = useRange()
  const [now] = useState(() => Date.now() * 1000)
  const span = spanOf(range, now)
  // A range that follows now has no end: what happens next comes in as it happens.
  const filter = { under, from: Math.round(span.from), to: range.kind === 'fixed' ? Math.round(span.to) : undefined }
  const journal = useInfiniteQuery(journalQuery(filter))
  const rows = journal.data?.pages.flatMap((page) => page.items) ?? []
  const set = (change: { open?: string | undefined; under?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  return (
    <Page
      title={t('alarms.title')}
      tabs={<AlarmsNav />}
      answer={
        journal.data &&
        (journal.hasNextPage
          ? t('alarms.journalAnswerMore', { count: rows.length })
          : t('alarms.journalAnswer', { n: rows.length }))
      }
    >
      <Loaded query={journal}>
        {() => (
          <DataTable
            label={t('alarms.journalLabel')}
            name="alarm-journal"
            columns={columns()}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => set({ open: row.alarm })}
            onEnd={journal.hasNextPage && !journal.isFetchingNextPage ? () => void journal.fetchNextPage() : undefined}
            filters={
              <>
                <RangePicker />
                <NodePicker
                  size="xs"
                  width={240}
                  hideLabel
                  label={t('alarms.filterUnder')}
                  placeholder={t('alarms.filterUnder')}
                  value={under ?? null}
                  onChange={(value) => set({ under: value ?? undefined })}
                />
              </>
            }
            empty={<EmptyState>{t('alarms.journalEmpty')}</EmptyState>}
          />
        )}
      </Loaded>
      <AlarmDrawer id={open} onClose={() => set({ open: undefined })} />
    </Page>
  )
}

const columns = (): Column<AlarmTransition>[] => [
  {
    key: 'time',
    title: t('alarms.time'),
    width: '140px',
    sort: (row) => -row.time,
    text: (row) => new Date(row.time / 1000).toISOString(),
    cell: (row) => <When time={row.time} />,
  },
  {
    key: 'what',
    title: t('alarms.what'),
    width: 'minmax(140px, 1fr)',
    sort: (row) => row.transition,
    text: (row) => t(`transition.${row.transition}`),
    cell: (row) => t(`transition.${row.transition}`),
  },
  {
    key: 'priority',
    title: t('alarms.priority'),
    width: '110px',
    sort: (row) => row.priority,
    text: (row) => t(`priority.${row.priority}`),
    cell: (row) => (
      <PriorityMark
        priority={row.priority}
        acknowledged={row.transition !== 'raised' && row.transition !== 're-raised'}
      />
    ),
  },
  {
    key: 'machine',
    title: t('alarms.machine'),
    width: 'minmax(120px, 1fr)',
    phone: 'title',
    sort: (row) => row.equipmentName,
    text: (row) => row.equipmentName,
    cell: (row) => <span className={styles.machine}>{row.equipmentName}</span>,
  },
  {
    key: 'alarm',
    title: t('alarms.alarm'),
    width: 'minmax(180px, 1.6fr)',
    sort: (row) => row.message || row.ruleName,
    text: (row) => row.message || row.ruleName,
    cell: (row) => row.message || row.ruleName,
  },
  {
    key: 'by',
    title: t('alarms.by'),
    width: 'minmax(120px, 1fr)',
    sort: (row) => row.by,
    text: (row) => row.by,
    cell: (row) => row.by,
  },
  {
    key: 'comment',
    title: t('alarms.comment'),
    width: 'minmax(140px, 1.4fr)',
    text: (row) => row.comment,
    cell: (row) => row.comment ?? '',
  },
]
