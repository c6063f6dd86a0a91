import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { standingQuery } from '../../api/alarms.ts'
import { classesQuery, treeQuery } from '../../api/assets.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Age, ConnectionMark } from '../../components/marks.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { PriorityMark } from '../../components/priority.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { type FleetRow, fleetRows } from './fleet-rows.ts'
import { MachinesNav } from './nav.tsx'

const route = getRouteApi('/inside/machines/table')
const RANK = { critical: 0, high: 1, medium: 2, low: 3 }

/** Every machine in one table, with its latest state. */
export function MachineTablePage() {
  const can = useCan()
  const navigate = useNavigate()
  const { q = '', equipmentClass } = route.useSearch()
  const tree = useQuery(treeQuery)
  const classes = useQuery(classesQuery)
  const alarms = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  const devices = useQuery({ ...devicesQuery(), enabled: can('device:read') })
  const rows = useMemo(
    () => fleetRows(tree.data ?? [], classes.data ?? [], alarms.data ?? [], devices.data ?? []),
    [tree.data, classes.data, alarms.data, devices.data],
  )
  const shown = useMemo(() => {
    const needle = q.toLowerCase()
    return rows.filter(
      (row) =>
        (equipmentClass === undefined || row.node.equipmentClass === equipmentClass) &&
        (needle === '' || `${row.node.name} ${row.where}`.toLowerCase().includes(needle)),
    )
  }, [rows, q, equipmentClass])
  const filter = (change: { q?: string | undefined; equipmentClass?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  return (
    <Page title={t('machines.title')} tabs={<MachinesNav />}>
      <Loaded query={tree}>
        {() => (
          <DataTable
            label={t('machines.tableLabel')}
            name="machines"
            columns={columns()}
            rows={shown}
            rowKey={(row) => row.node.id}
            onOpen={(row) => void navigate({ to: '/machines/$id', params: { id: row.node.id } })}
            initialSort={{ key: 'state', down: false }}
            filters={
              <>
                <SearchBox
                  value={q}
                  onChange={(query) => filter({ q: query || undefined })}
                  label={t('common.search')}
                />
                <Select
                  size="xs"
                  w={200}
                  aria-label={t('machines.equipmentClass')}
                  placeholder={t('machines.equipmentClass')}
                  data={(classes.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
                  value={equipmentClass ?? null}
                  onChange={(value) => filter({ equipmentClass: value ?? undefined })}
                  clearable
                />
              </>
            }
            empty={
              rows.length === 0 ? (
                <Panel>
                  <EmptyState action={<LinkButton to="/machines">{t('machines.toTree')}</LinkButton>}>
                    {t('machines.noMachines')}
                  </EmptyState>
                </Panel>
              ) : (
                <EmptyState>{t('machines.nothingFound', { query: q })}</EmptyState>
              )
            }
          />
        )}
      </Loaded>
    </Page>
  )
}

const columns = (): Column<FleetRow>[] => [
  {
    key: 'machine',
    title: t('machines.machine'),
    width: 'minmax(160px, 1.4fr)',
    phone: 'title',
    sort: (row) => row.node.name,
    text: (row) => row.node.name,
    cell: (row) => (
      <Link to="/machines/$id" params={{ id: row.node.id }}>
        {row.node.name}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('machines.state'),
    width: 'minmax(150px, 1fr)',
    sort: (row) => (row.worst === undefined ? 9 : RANK[row.worst]) - row.alarms / 1000,
    text: (row) => (row.worst === undefined ? t('machines.normal') : t(`priority.${row.worst}`)),
    cell: (row) =>
      row.worst === undefined ? (
        t('machines.normal')
      ) : (
        <PriorityMark priority={row.worst} acknowledged={!row.waiting} />
      ),
  },
  {
    key: 'alarms',
    title: t('machines.alarms'),
    width: '80px',
    align: 'end',
    phone: 'hidden',
    sort: (row) => row.alarms,
    text: (row) => row.alarms,
    cell: (row) => (row.alarms === 0 ? t('common.none') : row.alarms),
  },
  {
    key: 'class',
    title: t('machines.class'),
    width: 'minmax(140px, 1fr)',
    sort: (row) => row.className,
    text: (row) => row.className,
    cell: (row) => row.className || t('common.none'),
  },
  {
    key: 'where',
    title: t('machines.where'),
    width: 'minmax(180px, 1.6fr)',
    sort: (row) => row.where,
    text: (row) => row.where,
    cell: (row) => row.where,
  },
  {
    key: 'device',
    title: t('machines.devices'),
    width: 'minmax(140px, 1fr)',
    sort: (row) => row.device?.connection.state,
    text: (row) => row.device?.connection.state,
    cell: (row) => (row.device === undefined ? t('common.none') : <ConnectionMark device={row.device} />),
  },
  {
    key: 'last',
    title: t('machines.lastReading'),
    width: '130px',
    align: 'end',
    sort: (row) => row.lastMessageAt,
    text: (row) => (row.lastMessageAt === undefined ? '' : new Date(row.lastMessageAt / 1000).toISOString()),
    cell: (row) => <Age time={row.lastMessageAt} />,
  },
]
