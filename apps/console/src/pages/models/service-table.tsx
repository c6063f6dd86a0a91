import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { Episode, Service } from '../../api/types.ts'
import { Age } from '../../components/marks.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { useLatest, useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CONDITIONS, type Condition, conditionOf, mainOutput } from './condition.ts'
import styles from './models.module.css'
import { StateMark, useReason } from './state.tsx'

interface ServiceTableProps {
  services: readonly Service[]
  kinds: ReadonlyMap<string, string>
  episodes: ReadonlyMap<string, Episode>
  filters: ReactNode
  empty: ReactNode
}

export function ServiceTable({ services, kinds, episodes, filters, empty }: ServiceTableProps) {
  const navigate = useNavigate()
  const outputs = useMemo(
    () =>
      services.flatMap((service) => {
        const main = mainOutput(service)
        return main?.signal == null ? [] : [{ id: main.signal, kind: main.kind }]
      }),
    [services],
  )
  useLiveSignals(outputs, 1)
  const condition = (service: Service) => conditionOf(service, episodes.get(service.id))
  return (
    <DataTable
      label={t('models.label')}
      name="services"
      columns={columns(kinds, condition)}
      rows={services}
      rowKey={({ id }) => id}
      onOpen={({ id }) => void navigate({ to: '/models/$id', params: { id } })}
      initialSort={{ key: 'state', down: false }}
      filters={filters}
      empty={empty}
    />
  )
}

const columns = (kinds: ReadonlyMap<string, string>, condition: (service: Service) => Condition): Column<Service>[] => [
  {
    key: 'name',
    title: t('models.name'),
    width: 'minmax(150px, 1.2fr)',
    phone: 'title',
    sort: ({ name }) => name,
    text: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link to="/models/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('common.state'),
    width: 'minmax(200px, 2fr)',
    sort: (service) => CONDITIONS.indexOf(condition(service)),
    text: (service) => t(`models.state.${condition(service)}`),
    cell: (service) => <State service={service} condition={condition(service)} />,
  },
  {
    key: 'kind',
    title: t('models.kind'),
    width: 'minmax(130px, 1fr)',
    sort: ({ kind }) => kinds.get(kind) ?? kind,
    text: ({ kind }) => kinds.get(kind) ?? kind,
    cell: ({ kind }) => kinds.get(kind) ?? kind,
  },
  {
    key: 'equipment',
    title: t('models.equipment'),
    width: 'minmax(120px, 1fr)',
    sort: ({ equipmentName }) => equipmentName,
    text: ({ equipmentName }) => equipmentName,
    cell: ({ equipment, equipmentName }) => (
      <Link to="/machines/$id" params={{ id: equipment }}>
        {equipmentName}
      </Link>
    ),
  },
  {
    key: 'score',
    title: t('models.lastResult'),
    width: 'minmax(150px, 1fr)',
    cell: (service) => <Score service={service} />,
  },
  {
    key: 'version',
    title: t('models.liveVersion'),
    width: '110px',
    align: 'end',
    phone: 'hidden',
    sort: ({ liveVersion }) => liveVersion,
    text: ({ liveVersion }) => liveVersion,
    cell: ({ liveVersion }) => liveVersion ?? t('common.none'),
  },
  {
    key: 'alarm',
    title: t('models.alarm'),
    width: '110px',
    phone: 'hidden',
    text: ({ alarm }) => (alarm === null ? '' : t(`priority.${alarm.priority}`)),
    cell: ({ alarm }) => (alarm === null ? t('common.none') : <PriorityMark priority={alarm.priority} />),
  },
]

function State({ service, condition }: { service: Service; condition: Condition }) {
  const reason = useReason()(service, condition)
  return (
    <span className={styles.stateCell}>
      <StateMark condition={condition} />
      {reason !== undefined && (
        <span className={styles.reason} title={reason}>
          {reason}
        </span>
      )}
    </span>
  )
}

/** The newest result and how old it is. */
function Score({ service }: { service: Service }) {
  const main = mainOutput(service)
  if (main?.signal == null) return t('common.none')
  return <Result signal={main.signal} name={main.name} unit={main.unit} at={service.lastScoredAt} />
}

function Result({ signal, name, unit, at }: { signal: string; name: string; unit: string; at: number | null }) {
  const format = useFormat()
  const value = useLatest(signal)
  if (typeof value?.value !== 'number') return <Age time={at} />
  return (
    <span className={styles.result} title={name}>
      <span className="mw-number">
        {format.value(value.value, unit)} {format.unit(unit)}
      </span>
      <span className={styles.note}>
        <Age time={value.time} />
      </span>
    </span>
  )
}
