import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Device } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { Age, ConnectionMark, SimulatedTag, Tag } from '../../components/marks.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { DeviceDialog } from './device-dialog.tsx'
import styles from './fleet.module.css'
import { FleetNav } from './nav.tsx'

const route = getRouteApi('/inside/fleet')
const CONNECTIONS = ['online', 'offline', 'never'] as const
const CARE = { offline: 0, never: 1, online: 2 }

/** Every device with the state of its connection. */
export function DevicesPage() {
  const can = useCan()
  const navigate = useNavigate()
  const search = route.useSearch()
  const devices = useQuery(devicesQuery())
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const names = useMemo(() => new Map(tree.data?.map((node) => [node.id, node.name])), [tree.data])
  const shown = useMemo(() => {
    const needle = (search.q ?? '').toLowerCase()
    return (devices.data ?? []).filter(
      (device) =>
        (search.connection === undefined || device.connection.state === search.connection) &&
        (needle === '' || `${device.name} ${names.get(device.equipment ?? '') ?? ''}`.toLowerCase().includes(needle)),
    )
  }, [devices.data, search.q, search.connection, names])
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  return (
    <Page
      title={t('fleet.title')}
      answer={devices.data && devices.data.length > 0 && <Answer devices={devices.data} />}
      tabs={<FleetNav />}
      actions={
        can('device:write') && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set({ add: true })}>
            {t('fleet.add')}
          </Button>
        )
      }
    >
      <Loaded query={devices}>
        {(data) => (
          <DataTable
            label={t('fleet.label')}
            name="devices"
            columns={columns(names)}
            rows={shown}
            rowKey={(device) => device.id}
            onOpen={(device) => void navigate({ to: '/fleet/$id', params: { id: device.id } })}
            initialSort={{ key: 'connection', down: false }}
            filters={
              <>
                <SearchBox
                  value={search.q ?? ''}
                  onChange={(q) => set({ q: q || undefined })}
                  label={t('fleet.search')}
                />
                <Select
                  size="xs"
                  w={170}
                  aria-label={t('fleet.connection')}
                  placeholder={t('fleet.connection')}
                  data={CONNECTIONS.map((value) => ({ value, label: t(`connection.${value}`) }))}
                  value={search.connection ?? null}
                  onChange={(value) => set({ connection: CONNECTIONS.find((one) => one === value) })}
                  clearable
                />
              </>
            }
            empty={
              data.length === 0 ? (
                <EmptyState
                  action={can('device:write') && <Button onClick={() => set({ add: true })}>{t('fleet.add')}</Button>}
                >
                  {t('fleet.empty')}
                </EmptyState>
              ) : (
                <EmptyState
                  action={
                    <Button variant="default" onClick={() => set({ q: undefined, connection: undefined })}>
                      {t('alarms.clearFilter')}
                    </Button>
                  }
                >
                  {t('fleet.emptyFiltered')}
                </EmptyState>
              )
            }
          />
        )}
      </Loaded>
      <DeviceDialog
        device={undefined}
        equipment={search.equipment}
        opened={search.add === true}
        onClose={() => set({ add: undefined, equipment: undefined })}
        onSaved={(device) => void navigate({ to: '/fleet/$id', params: { id: device.id }, search: { enrol: true } })}
      />
    </Page>
  )
}

function Answer({ devices }: { devices: readonly Device[] }) {
  const online = devices.filter((device) => device.connection.state === 'online').length
  const offline = devices.filter((device) => device.connection.state === 'offline').length
  const count = t('fleet.answerCount', { n: devices.length })
  if (offline === 0) return t('fleet.answer', { online, count })
  return t('fleet.answerWith', { online, count, offline: t('fleet.answerOffline', { n: offline }) })
}

const columns = (names: ReadonlyMap<string, string>): Column<Device>[] => [
  {
    key: 'name',
    title: t('common.name'),
    width: 'minmax(180px, 1.6fr)',
    phone: 'title',
    sort: (device) => device.name,
    text: (device) => device.name,
    cell: (device) => (
      <span className={styles.name}>
        <Link to="/fleet/$id" params={{ id: device.id }}>
          {device.name}
        </Link>
        {device.gateway && <Tag>{t('fleet.gateway')}</Tag>}
        {device.simulated && <SimulatedTag />}
      </span>
    ),
  },
  {
    key: 'connection',
    title: t('fleet.connection'),
    width: 'minmax(150px, 1fr)',
    sort: (device) => CARE[device.connection.state],
    text: (device) => device.connection.state,
    cell: (device) => <ConnectionMark device={device} />,
  },
  {
    key: 'equipment',
    title: t('fleet.equipment'),
    width: 'minmax(140px, 1.2fr)',
    sort: (device) => names.get(device.equipment ?? ''),
    text: (device) => names.get(device.equipment ?? ''),
    cell: (device) => names.get(device.equipment ?? '') ?? t('fleet.noEquipment'),
  },
  {
    key: 'protocol',
    title: t('fleet.protocol'),
    width: '100px',
    phone: 'hidden',
    sort: (device) => device.connection.protocol,
    text: (device) => device.connection.protocol,
    cell: (device) => device.connection.protocol ?? t('common.none'),
  },
  {
    key: 'address',
    title: t('fleet.address'),
    width: 'minmax(110px, 1fr)',
    phone: 'hidden',
    sort: (device) => device.connection.address,
    text: (device) => device.connection.address,
    cell: (device) => device.connection.address ?? t('common.none'),
  },
  {
    key: 'last',
    title: t('fleet.lastMessage'),
    width: '140px',
    align: 'end',
    sort: (device) => device.connection.lastMessageAt,
    text: (device) =>
      device.connection.lastMessageAt === undefined
        ? ''
        : new Date(device.connection.lastMessageAt / 1000).toISOString(),
    cell: (device) => <Age time={device.connection.lastMessageAt} />,
  },
]
