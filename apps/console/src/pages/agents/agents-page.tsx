import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { agentsQuery } from '../../api/connections.ts'
import { useCan } from '../../api/session.ts'
import type { Agent } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { Age } from '../../components/marks.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { type Column, DataTable } from '../../components/table.tsx'
import type { Formatter } from '../../messages/format.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { FleetNav } from '../fleet/nav.tsx'
import { AgentDialog } from './agent-dialog.tsx'
import styles from './agents.module.css'
import { AgentMark } from './marks.tsx'
import { configurationText, isNew, troubleOf } from './queue.ts'

const route = getRouteApi('/inside/fleet/agents')

/** Gateways with our software: whether they are there, what they have to do, what they still hold. */
export function AgentsPage() {
  const can = useCan()
  const navigate = useNavigate()
  const format = useFormat()
  const { q = '', add } = route.useSearch()
  const agents = useQuery(agentsQuery)
  const shown = useMemo(
    () => (agents.data ?? []).filter(({ name }) => name.toLowerCase().includes(q.toLowerCase())),
    [agents.data, q],
  )
  const set = (change: { q?: string | undefined; add?: true | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const button = can('device:write') && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => set({ add: true })}>
      {t('agents.add')}
    </Button>
  )
  return (
    <Page
      title={t('agents.title')}
      answer={agents.data && <Answer agents={agents.data} />}
      tabs={<FleetNav />}
      actions={button}
    >
      <Loaded query={agents}>
        {(data) => (
          <DataTable
            label={t('agents.label')}
            name="agents"
            columns={columns(format)}
            rows={shown}
            rowKey={(agent) => agent.device}
            onOpen={(agent) => void navigate({ to: '/fleet/agents/$id', params: { id: agent.device } })}
            initialSort={{ key: 'link', down: false }}
            filters={
              <SearchBox value={q} onChange={(next) => set({ q: next || undefined })} label={t('agents.search')} />
            }
            empty={
              data.length === 0 ? (
                <EmptyState action={button}>{t('agents.empty')}</EmptyState>
              ) : (
                <EmptyState>{t('agents.emptyFiltered')}</EmptyState>
              )
            }
          />
        )}
      </Loaded>
      <AgentDialog
        opened={add === true}
        onClose={() => set({ add: undefined })}
        onMade={(agent) =>
          void navigate({ to: '/fleet/agents/$id', params: { id: agent.device }, search: { enrol: true } })
        }
      />
    </Page>
  )
}

function Answer({ agents }: { agents: readonly Agent[] }) {
  if (agents.length === 0) return t('agents.answerNone')
  const online = agents.filter((agent) => agent.online).length
  const count = t('agents.answerCount', { n: agents.length })
  const first = agents.find((agent) => troubleOf(agent) !== undefined)
  if (first === undefined) return t('agents.answer', { online, count })
  return t('agents.answerTrouble', { online, count, name: first.name, reason: troubleOf(first)! })
}

const columns = (format: Formatter): Column<Agent>[] => [
  {
    key: 'name',
    title: t('common.name'),
    width: 'minmax(160px, 1.3fr)',
    phone: 'title',
    sort: (agent) => agent.name,
    text: (agent) => agent.name,
    cell: (agent) => (
      <Link to="/fleet/agents/$id" params={{ id: agent.device }}>
        {agent.name}
      </Link>
    ),
  },
  {
    key: 'link',
    title: t('agents.link'),
    width: '130px',
    sort: (agent) => (agent.online ? 2 : isNew(agent) ? 1 : 0),
    text: (agent) => (agent.online ? t('agents.online') : isNew(agent) ? t('agents.never') : t('agents.offline')),
    cell: (agent) => <AgentMark agent={agent} />,
  },
  {
    key: 'configuration',
    title: t('agents.configuration'),
    width: 'minmax(180px, 1.6fr)',
    sort: (agent) => agent.configuration.state,
    text: (agent) => `${configurationText(agent)} ${agent.configuration.reason ?? ''}`.trim(),
    cell: (agent) => (
      <span
        title={agent.configuration.reason}
        className={
          agent.configuration.state === 'rolled-back' || agent.configuration.state === 'failed' ? styles.bad : ''
        }
      >
        {configurationText(agent)}
      </span>
    ),
  },
  {
    key: 'queue',
    title: t('agents.queue'),
    width: 'minmax(110px, 1fr)',
    align: 'end',
    sort: (agent) => -(agent.queue?.readings ?? 0),
    text: (agent) => agent.queue?.readings,
    cell: (agent) =>
      agent.queue === undefined
        ? t('common.none')
        : agent.queue.readings === 0
          ? t('agents.queueEmpty')
          : t('agents.queueDepth', { n: agent.queue.readings }),
  },
  {
    key: 'oldest',
    title: t('agents.queueOldest'),
    width: '130px',
    align: 'end',
    phone: 'hidden',
    sort: (agent) => agent.queue?.oldest,
    text: (agent) => (agent.queue?.oldest === undefined ? '' : new Date(agent.queue.oldest / 1000).toISOString()),
    cell: (agent) => <Age time={agent.queue?.oldest} none={t('common.none')} />,
  },
  {
    key: 'dropped',
    title: t('agents.dropped'),
    width: '100px',
    align: 'end',
    phone: 'hidden',
    sort: (agent) => -(agent.queue?.dropped ?? 0),
    text: (agent) => agent.queue?.dropped,
    cell: (agent) => (
      <span className={(agent.queue?.dropped ?? 0) > 0 ? styles.bad : ''} title={t('agents.droppedHelp')}>
        {format.integer(agent.queue?.dropped ?? 0)}
      </span>
    ),
  },
  {
    key: 'connections',
    title: t('agents.connections'),
    width: '110px',
    align: 'end',
    sort: (agent) => agent.connections,
    text: (agent) => agent.connections,
    cell: (agent) => format.integer(agent.connections),
  },
  {
    key: 'software',
    title: t('agents.software'),
    width: '100px',
    phone: 'hidden',
    sort: (agent) => agent.software,
    text: (agent) => agent.software,
    cell: (agent) => agent.software ?? t('common.none'),
  },
]
