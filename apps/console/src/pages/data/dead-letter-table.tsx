import { Drawer, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { type DeadLetterFilter, deadLettersQuery } from '../../api/devices.ts'
import type { DeadLetter } from '../../api/types.ts'
import { readable } from '../../components/base64.ts'
import { When } from '../../components/marks.tsx'
import { Facts } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from '../fleet/fleet.module.css'

/** What could not be stored, with its reason and the bytes as they came. */
export function DeadLetterTable({ filter, filters }: { filter: DeadLetterFilter; filters?: ReactNode }) {
  const letters = useInfiniteQuery({ ...deadLettersQuery(filter), refetchInterval: 15_000 })
  const [open, setOpen] = useState<DeadLetter>()
  return (
    <>
      <Loaded query={letters}>
        {({ pages }) => (
          <DataTable
            label={t('data.deadLabel')}
            name="dead-letters"
            columns={columns(filter.device === undefined)}
            rows={pages.flatMap((page) => page.items)}
            rowKey={(letter) => letter.id}
            onOpen={setOpen}
            open={open?.id}
            onEnd={letters.hasNextPage && !letters.isFetchingNextPage ? () => void letters.fetchNextPage() : undefined}
            filters={filters}
            empty={<EmptyState>{t('data.deadEmpty')}</EmptyState>}
          />
        )}
      </Loaded>
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        size={560}
        title={t('data.deadTitle')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {open !== undefined && <Letter letter={open} />}
      </Drawer>
    </>
  )
}

function Letter({ letter }: { letter: DeadLetter }) {
  const format = useFormat()
  return (
    <Stack gap="lg">
      <p>{letter.reason}</p>
      <Facts
        items={[
          [t('data.code'), letter.code],
          [t('alarms.time'), format.dateTime(letter.time)],
          [
            t('data.device'),
            letter.device === null ? (
              t('data.unknownDevice')
            ) : (
              <Link key="device" to="/fleet/$id" params={{ id: letter.device }}>
                {letter.deviceName ?? letter.device}
              </Link>
            ),
          ],
          [t('data.source'), letter.source],
          [t('data.count'), format.integer(letter.count)],
          [t('data.payload'), t('data.received', { size: format.bytes(letter.size) })],
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long payloads scroll, and the keyboard must reach them */}
      <pre role="region" className={styles.pre} tabIndex={0} aria-label={t('data.payload')}>
        {readable(letter.payload)}
      </pre>
    </Stack>
  )
}

const columns = (withDevice: boolean): Column<DeadLetter>[] => [
  {
    key: 'time',
    title: t('alarms.time'),
    width: '130px',
    sort: (row) => -row.time,
    text: (row) => new Date(row.time / 1000).toISOString(),
    cell: (row) => <When time={row.time} />,
  },
  ...(withDevice
    ? [
        {
          key: 'device',
          title: t('data.device'),
          width: 'minmax(130px, 1fr)',
          sort: (row: DeadLetter) => row.deviceName,
          text: (row: DeadLetter) => row.deviceName,
          cell: (row: DeadLetter) => row.deviceName ?? t('data.unknownDevice'),
        },
      ]
    : []),
  {
    key: 'reason',
    title: t('data.reason'),
    width: 'minmax(220px, 3fr)',
    phone: 'title',
    sort: (row) => row.reason,
    text: (row) => row.reason,
    cell: (row) => <span title={row.reason}>{row.reason}</span>,
  },
  {
    key: 'code',
    title: t('data.code'),
    width: '140px',
    sort: (row) => row.code,
    text: (row) => row.code,
    cell: (row) => row.code,
  },
  {
    key: 'source',
    title: t('data.source'),
    width: 'minmax(150px, 1fr)',
    phone: 'hidden',
    text: (row) => row.source,
    cell: (row) => row.source,
  },
  {
    key: 'count',
    title: t('data.count'),
    width: '80px',
    align: 'end',
    sort: (row) => row.count,
    text: (row) => row.count,
    cell: (row) => row.count,
  },
]
