import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Asset, Device, Signal } from '../../api/types.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Age, ConnectionMark } from '../../components/marks.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import { t } from '../../messages/index.tsx'
import { SignalTable } from '../data/signal-table.tsx'
import { CommandPanel } from '../fleet/command-panel.tsx'

/** The devices that serve a machine, what they can be told, and the signals they send. */
export function DevicesTab({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const can = useCan()
  const navigate = useNavigate()
  const devices = useQuery({ ...devicesQuery({ equipment: node.id }), enabled: can('device:read') })
  return (
    <Stacked>
      {can('device:read') && (
        <Loaded query={devices}>
          {(data) => (
            <>
              <DataTable
                label={t('machine.bindDevice')}
                name={`devices-${node.name}`}
                columns={columns()}
                rows={data}
                rowKey={(device) => device.id}
                onOpen={(device) => void navigate({ to: '/fleet/$id', params: { id: device.id } })}
                filters={<strong>{t('machine.devices')}</strong>}
                empty={
                  <EmptyState
                    action={
                      can('device:write') && (
                        <LinkButton variant="default" to="/fleet" search={{ add: true, equipment: node.id }}>
                          {t('machine.announce')}
                        </LinkButton>
                      )
                    }
                  >
                    {t('machine.noDevices')}
                  </EmptyState>
                }
              />
              {can('command:send', node.path) &&
                data.map((device) => <CommandPanel key={device.id} device={device} named={data.length > 1} />)}
            </>
          )}
        </Loaded>
      )}
      {signals.length > 0 ? (
        <SignalTable signals={signals} name={`signals-${node.name}`} title={t('machine.signals')} />
      ) : (
        node.level === 'equipment' && (
          <Panel title={t('machine.signals')}>
            <EmptyState>{t('machine.noSignals')}</EmptyState>
          </Panel>
        )
      )}
    </Stacked>
  )
}

const columns = (): Column<Device>[] => [
  {
    key: 'name',
    title: t('common.name'),
    phone: 'title',
    width: 'minmax(160px, 1.5fr)',
    sort: (device) => device.name,
    text: (device) => device.name,
    cell: (device) => (
      <Link to="/fleet/$id" params={{ id: device.id }}>
        {device.name}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('common.state'),
    width: 'minmax(140px, 1fr)',
    sort: (device) => device.connection.state,
    text: (device) => device.connection.state,
    cell: (device) => <ConnectionMark device={device} />,
  },
  {
    key: 'protocol',
    title: t('fleet.protocol'),
    width: '110px',
    text: (device) => device.connection.protocol,
    cell: (device) => device.connection.protocol ?? t('common.none'),
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
