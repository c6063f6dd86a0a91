import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { adaptersQuery, connectionQuery } from '../../api/connections.ts'
import { deviceQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Connection } from '../../api/types.ts'
import { CONNECTION_TABS, type ConnectionTab } from '../../app/search.ts'
import crumbs from '../../components/crumbs.module.css'
import { Tag } from '../../components/marks.tsx'
import { Page, Stacked } from '../../components/page.tsx'
import { PageTabs } from '../../components/page-tabs.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { DeadLetterTable } from '../data/dead-letter-table.tsx'
import { CommandPanel } from '../fleet/command-panel.tsx'
import { ConnectionActions } from './connection-actions.tsx'
import { DevicesBehind } from './devices-behind.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'
import { reasonOf, StateMark } from './state.tsx'

const route = getRouteApi('/inside/data/connections/$id')

/** One connection: how it fares, what it reads, its settings. */
export function ConnectionPage() {
  const { id } = route.useParams()
  const connection = useQuery(connectionQuery(id))
  return (
    <Loaded query={connection} skeleton={<PanelSkeleton height={480} />}>
      {(data) => <ConnectionView key={data.id} connection={data} />}
    </Loaded>
  )
}

function ConnectionView({ connection }: { connection: Connection }) {
  const can = useCan()
  const navigate = useNavigate()
  const { tab } = route.useSearch()
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const adapters = useQuery(adaptersQuery)
  const adapter = adapters.data?.find((one) => one.id === connection.adapter)
  const node = tree.data?.find((one) => one.id === connection.equipment)
  const path = node?.path ?? []
  const writes = can('connection:write', path)
  const commands = adapter?.does.commands === true && can('device:read', path)
  const edit = () =>
    void navigate({ to: '.', search: (held) => ({ ...held, tab: 'settings' as const }), replace: true })
  const content: Record<ConnectionTab, ReactNode> = {
    overview: <OverviewTab connection={connection} writes={writes} />,
    settings:
      adapter === undefined ? (
        <PanelSkeleton height={320} />
      ) : (
        <SettingsTab key={connection.version} connection={connection} adapter={adapter} readOnly={!writes} />
      ),
    devices: <DevicesBehind connection={connection} />,
    commands: <Commands connection={connection} readOnly={!can('command:send', path)} />,
    'dead-letters': (
      <Stacked>
        <DeadLetterTable filter={{ device: connection.device }} />
      </Stacked>
    ),
  }
  const tabs = CONNECTION_TABS.filter(
    (one) =>
      (one !== 'commands' || commands) && (!['devices', 'dead-letters'].includes(one) || can('device:read', path)),
  )
  return (
    <Page
      title={connection.name}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/data/connections">{t('connections.title')}</Link>
          {node !== undefined && (
            <Link to="/machines/$id" params={{ id: node.id }}>
              {node.name}
            </Link>
          )}
        </nav>
      }
      marks={
        <>
          <StateMark state={connection.status.state} />
          <Tag>{adapter?.name ?? connection.adapter}</Tag>
        </>
      }
      answer={<Answer connection={connection} />}
      actions={writes && <ConnectionActions connection={connection} onEdit={edit} />}
    >
      <PageTabs
        label={t('connections.tabs')}
        chosen={tab}
        tabs={tabs.map((value) => ({ value, label: t(`connections.tab.${value}`), content: content[value] }))}
      />
    </Page>
  )
}

function Commands({ connection, readOnly }: { connection: Connection; readOnly: boolean }) {
  const device = useQuery(deviceQuery(connection.device))
  return <Loaded query={device}>{(data) => <CommandPanel device={data} readOnly={readOnly} />}</Loaded>
}

function Answer({ connection }: { connection: Connection }) {
  const format = useFormat()
  const now = useNow()
  const { status } = connection
  const since = format.when(status.since, now)
  if (status.state !== 'running') {
    const state = t(`connections.state.${status.state}`)
    return t('connections.answerState', { state, since, reason: reasonOf(connection) ?? t('common.none') })
  }
  const last = status.lastReadingAt
  if (last === undefined) return t('connections.answerRunningNone', { since })
  return t('connections.answerRunning', {
    since,
    rate: format.number(status.readingsPerSecond),
    age: format.ago(last, Math.max(now, last)),
  })
}
