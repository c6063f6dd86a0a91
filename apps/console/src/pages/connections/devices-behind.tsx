import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { devicesQuery } from '../../api/devices.ts'
import type { Connection, Device } from '../../api/types.ts'
import { Age, ConnectionMark } from '../../components/marks.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'

/** Devices that speak through a connection: units of a bus, devices of a broker. */
export function DevicesBehind({ connection }: { connection: Connection }) {
  const devices = useQuery(devicesQuery({ behind: connection.device }))
  return (
    <Loaded query={devices}>
      {(data) => (
        <DataTable
          label={t('connections.tab.devices')}
          name="devices-behind"
          columns={columns()}
          rows={data}
          rowKey={(device) => device.id}
          empty={<EmptyState>{t('connections.devicesEmpty')}</EmptyState>}
        />
      )}
    </Loaded>
  )
}

const columns = (): Column<Device>[] => [
  {
    key: 'name',
    title: t('common.name'),
    width: 'minmax(180px, 1.6fr)',
    phone: 'title',
    sort: (device) => device.name,
    text: (device) => device.name,
    cell: (device) => (
      <Link to="/fleet/$id" params={{ id: device.id }}>
        {device.name}
      </Link>
    ),
  },
  {
    key: 'connection',
    title: t('fleet.connection'),
    width: 'minmax(150px, 1fr)',
    sort: (device) => device.connection.state,
    text: (device) => `${device.connection.state} ${device.connection.reason ?? ''}`.trim(),
    cell: (device) => (
      <span title={device.connection.reason}>
        <ConnectionMark device={device} />
      </span>
    ),
  },
  {
    key: 'last',
    title: t('fleet.lastMessage'),
    width: '140px',
    align: 'end',
    sort: (device) => device.connection.lastMessageAt,
    text: (device) => device.connection.lastMessageAt,
    cell: (device) => <Age time={device.connection.lastMessageAt} />,
  },
]
