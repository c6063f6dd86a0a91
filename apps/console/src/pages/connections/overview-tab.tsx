import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { signalsQuery, treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { agentsQuery, connectionQuery } from '../../api/connections.ts'
import { devicesQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Connection, PeerCertificate, Signal } from '../../api/types.ts'
import { Age, When } from '../../components/marks.tsx'
import { Columns, Facts, Panel, Stacked } from '../../components/page.tsx'
import { titleOf } from '../../components/schema-form/schema.ts'
import { tell, tellError } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { SignalTable } from '../data/signal-table.tsx'
import { CertificateList } from './certificates.tsx'
import styles from './connections.module.css'
import { decided, isRejected } from './draft.ts'
import { StateMark } from './state.tsx'

/** Devices whose signals are shown at once; the others have their pages. */
const MOST = 20

/** How it fares, what it counted, what has to be decided, and the values as they come. */
export function OverviewTab({ connection, writes }: { connection: Connection; writes: boolean }) {
  const can = useCan()
  const behind = useQuery({ ...devicesQuery({ behind: connection.device }), enabled: can('device:read') })
  const shown = (behind.data ?? []).slice(0, MOST)
  const signals = useQueries({
    queries: [connection.device, ...shown.map((device) => device.id)].map((device) => ({
      ...signalsQuery({ device }),
      enabled: can('signal:read'),
      // The first reading makes the first signal: it is waited for here.
      refetchInterval: ({ state }: { state: { data: Signal[] | undefined } }) =>
        state.data?.length === 0 ? 3_000 : 30_000,
    })),
    combine: (all) => all.flatMap(({ data }) => data ?? []),
  })
  // Signals that a class announced belong to the machine, whoever sends them.
  const machine = useQuery({
    ...signalsQuery({ equipment: connection.equipment ?? undefined }),
    enabled: can('signal:read') && connection.equipment !== null && signals.length === 0,
  })
  const theirs = signals.length > 0 ? signals : (machine.data ?? [])
  useLiveSignals(theirs)
  const title =
    signals.length === 0
      ? t('connections.signalsOfMachine')
      : (behind.data?.length ?? 0) > MOST
        ? t('connections.signalsSome', { n: MOST })
        : t('connections.signals')
  const { certificates } = connection.status
  return (
    <Stacked>
      {certificates.length > 0 && (
        <Panel
          title={t(
            certificates.every((one) => isRejected(connection.config, one))
              ? 'connections.certificatesRejected'
              : 'connections.certificates',
          )}
        >
          <Certificates connection={connection} certificates={certificates} writes={writes} />
        </Panel>
      )}
      <Columns>
        <Stacked>
          <StatusPanel connection={connection} />
          <FactsPanel connection={connection} />
        </Stacked>
        <CountersPanel connection={connection} />
      </Columns>
      {theirs.length > 0 && <SignalTable signals={theirs} name={`signals-${connection.name}`} title={title} />}
    </Stacked>
  )
}

function StatusPanel({ connection }: { connection: Connection }) {
  const format = useFormat()
  const now = useNow()
  const { status } = connection
  return (
    <Panel title={t('connections.now')}>
      <Facts
        items={[
          [t('connections.state'), <StateMark key="state" state={status.state} />],
          [t('connections.since'), <When key="since" time={status.since} />],
          [t('connections.rate'), format.number(status.readingsPerSecond)],
          [
            t('connections.lastReading'),
            <Age key="last" time={status.lastReadingAt} none={t('connections.noReading')} />,
          ],
          [
            t('connections.accepted'),
            <span key="accepted" title={t('connections.acceptedHelp')}>
              {format.integer(status.readings)}
            </span>,
          ],
          // The page's answer says already what is wrong now.
          (status.reason === undefined || status.lastError?.reason !== status.reason) && [
            t('connections.lastError'),
            status.lastError === undefined
              ? t('connections.noError')
              : t('connections.errorAt', {
                  reason: status.lastError.reason,
                  age: format.ago(status.lastError.time, Math.max(now, status.lastError.time)),
                }),
          ],
        ]}
      />
    </Panel>
  )
}

function CountersPanel({ connection }: { connection: Connection }) {
  const format = useFormat()
  const counters = Object.entries(connection.status.counters)
  return (
    <Panel title={t('connections.counters')}>
      {counters.length === 0 ? (
        <p className={styles.note}>{t('connections.countersEmpty')}</p>
      ) : (
        <Facts
          dense
          items={counters.map(([name, value]) => [titleOf({}, name.replaceAll('_', ' ')), format.number(value)])}
        />
      )}
    </Panel>
  )
}

function FactsPanel({ connection }: { connection: Connection }) {
  const can = useCan()
  const format = useFormat()
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const agents = useQuery({ ...agentsQuery, enabled: connection.agent !== null && can('device:read') })
  const node = tree.data?.find((one) => one.id === connection.equipment)
  const agent = agents.data?.find((one) => one.device === connection.agent)
  return (
    <Panel title={t('connections.facts')}>
      <Facts
        items={[
          [
            t('connections.where'),
            connection.agent === null ? (
              t('connections.platform')
            ) : (
              <Link key="agent" to="/fleet/agents/$id" params={{ id: connection.agent }}>
                {agent?.name ?? connection.agent}
              </Link>
            ),
          ],
          [
            t('connections.equipment'),
            node === undefined ? (
              t('fleet.noEquipment')
            ) : (
              <Link key="machine" to="/machines/$id" params={{ id: node.id }}>
                {node.name}
              </Link>
            ),
          ],
          can('device:read') && [
            t('connections.ownDeviceFact'),
            <Link key="device" to="/fleet/$id" params={{ id: connection.device }}>
              {connection.name}
            </Link>,
          ],
          [t('connections.made'), format.date(connection.createdAt)],
        ]}
      />
    </Panel>
  )
}

function Certificates({
  connection,
  certificates,
  writes,
}: {
  connection: Connection
  certificates: readonly PeerCertificate[]
  writes: boolean
}) {
  const queries = useQueryClient()
  const decide = async (certificate: PeerCertificate, accepted: boolean) => {
    const changed = await api.updateConnection({
      params: { id: connection.id },
      body: { config: decided(connection.config, certificate, accepted) },
      ifMatch: connection.version,
    })
    queries.setQueryData(connectionQuery(connection.id).queryKey, changed)
    tell(accepted ? t('connections.acceptedNow') : t('connections.rejectedNow'), { target: connection.id })
  }
  return (
    <CertificateList
      certificates={certificates}
      config={connection.config}
      onDecide={writes ? (certificate, accepted) => void decide(certificate, accepted).catch(tellError) : undefined}
    />
  )
}
