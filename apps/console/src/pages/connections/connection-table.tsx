import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Connection } from '../../api/types.ts'
import { Age } from '../../components/marks.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './connections.module.css'
import { CARE, reasonOf, StateMark } from './state.tsx'

interface ConnectionTableProps {
  connections: readonly Connection[]
  /** Names of protocols by id. */
  protocols: ReadonlyMap<string, string>
  /** Names of edge agents by their device. */
  places: ReadonlyMap<string, string>
  filters?: ReactNode
  empty: ReactNode
}

/** Connections with how they fare, those that need somebody first. */
export function ConnectionTable({ connections, protocols, places, filters, empty }: ConnectionTableProps) {
  const navigate = useNavigate()
  const format = useFormat()
  return (
    <DataTable
      label={t('connections.label')}
      name="connections"
      columns={columns(protocols, places, format)}
      rows={connections}
      rowKey={(one) => one.id}
      onOpen={(one) => void navigate({ to: '/data/connections/$id', params: { id: one.id } })}
      initialSort={{ key: 'state', down: false }}
      filters={filters}
      empty={empty}
    />
  )
}

const columns = (
  protocols: ReadonlyMap<string, string>,
  places: ReadonlyMap<string, string>,
  format: Formatter,
): Column<Connection>[] => [
  {
    key: 'name',
    title: t('common.name'),
    width: 'minmax(150px, 1.2fr)',
    phone: 'title',
    sort: (one) => one.name,
    text: (one) => one.name,
    cell: (one) => (
      <Link to="/data/connections/$id" params={{ id: one.id }}>
        {one.name}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('connections.state'),
    width: 'minmax(200px, 2.4fr)',
    sort: (one) => CARE[one.status.state],
    text: (one) => `${t(`connections.state.${one.status.state}`)} ${reasonOf(one) ?? ''}`.trim(),
    cell: (one) => (
      <span className={styles.stateCell}>
        <StateMark state={one.status.state} />
        {one.status.state !== 'stopped' && (
          <span className={styles.reason} title={reasonOf(one)}>
            {reasonOf(one)}
          </span>
        )}
      </span>
    ),
  },
  {
    key: 'adapter',
    title: t('connections.adapter'),
    width: 'minmax(120px, 1fr)',
    sort: (one) => protocols.get(one.adapter) ?? one.adapter,
    text: (one) => protocols.get(one.adapter) ?? one.adapter,
    cell: (one) => protocols.get(one.adapter) ?? one.adapter,
  },
  {
    key: 'where',
    title: t('connections.where'),
    width: 'minmax(110px, 0.9fr)',
    sort: (one) => (one.agent === null ? '' : places.get(one.agent)),
    text: (one) => (one.agent === null ? t('connections.platform') : (places.get(one.agent) ?? one.agent)),
    cell: (one) => (one.agent === null ? t('connections.platform') : (places.get(one.agent) ?? one.agent)),
  },
  {
    key: 'rate',
    title: t('connections.rate'),
    width: '110px',
    align: 'end',
    phone: 'hidden',
    sort: (one) => -one.status.readingsPerSecond,
    text: (one) => one.status.readingsPerSecond,
    cell: (one) => (one.enabled ? format.number(one.status.readingsPerSecond) : t('common.none')),
  },
  {
    key: 'last',
    title: t('connections.lastReading'),
    width: '130px',
    align: 'end',
    sort: (one) => one.status.lastReadingAt,
    text: (one) =>
      one.status.lastReadingAt === undefined ? '' : new Date(one.status.lastReadingAt / 1000).toISOString(),
    cell: (one) => <Age time={one.status.lastReadingAt} none={t('connections.noReading')} />,
  },
]
