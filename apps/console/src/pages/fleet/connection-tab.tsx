import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { signalsQuery, treeQuery } from '../../api/assets.ts'
import { useCan } from '../../api/session.ts'
import type { Device } from '../../api/types.ts'
import { Age, When } from '../../components/marks.tsx'
import { Columns, Facts, Panel, Stacked } from '../../components/page.tsx'
import { useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { SignalTable } from '../data/signal-table.tsx'
import { Certificates } from './certificates.tsx'
import { DeviceToken } from './device-token.tsx'

/** How it is connected, as whom, and what it sends. */
export function ConnectionTab({ device, path }: { device: Device; path: readonly string[] }) {
  const can = useCan()
  const format = useFormat()
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const signals = useQuery({ ...signalsQuery({ device: device.id }), enabled: can('signal:read') })
  const own = signals.data ?? []
  useLiveSignals(own)
  const node = tree.data?.find((one) => one.id === device.equipment)
  const { connection } = device
  return (
    <Stacked>
      <Columns>
        <Panel title={t('fleet.session')}>
          <Facts
            items={[
              [t('fleet.protocol'), connection.protocol ?? t('common.none')],
              [t('fleet.address'), connection.address ?? t('common.none')],
              [t('fleet.since'), <When key="since" time={connection.since} />],
              [t('fleet.lastMessage'), <Age key="last" time={connection.lastMessageAt} />],
              connection.reason !== undefined && [t('fleet.reason'), connection.reason],
            ]}
          />
        </Panel>
        <Panel title={t('fleet.facts')}>
          <Facts
            items={[
              [
                t('fleet.equipment'),
                node === undefined ? (
                  t('fleet.noEquipment')
                ) : (
                  <Link key="machine" to="/machines/$id" params={{ id: node.id }}>
                    {node.name}
                  </Link>
                ),
              ],
              [t('fleet.unknownMetrics'), t(`fleet.unknown.${device.unknownMetrics}`)],
              ...Object.entries(device.metadata).map(([key, value]) => [key, value] as const),
              [t('common.created'), format.date(device.createdAt)],
            ]}
          />
        </Panel>
      </Columns>
      <Certificates device={device} mayRevoke={can('device:revoke', path)} />
      {can('device:enrol', path) && <DeviceToken device={device} />}
      {own.length > 0 && <SignalTable signals={own} name={`signals-${device.name}`} title={t('machine.signals')} />}
    </Stacked>
  )
}
