import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, Suspense, useState } from 'react'
import { signalsQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { adaptersQuery, agentQuery, connectionsQuery } from '../../api/connections.ts'
import { useCan } from '../../api/session.ts'
import type { Agent } from '../../api/types.ts'
import { AGENT_TABS, type AgentTab } from '../../app/search.ts'
import crumbs from '../../components/crumbs.module.css'
import { lazyPart } from '../../components/lazy-part.tsx'
import { LinkButton } from '../../components/link-button.tsx'
import { Age } from '../../components/marks.tsx'
import { Columns, Facts, Page, Panel } from '../../components/page.tsx'
import { PageTabs } from '../../components/page-tabs.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { ConnectionTable } from '../connections/connection-table.tsx'
import { AGENT_SERVICE, enrolAgentCommand } from '../fleet/enrol-commands.ts'
import { EnrolDialog } from '../fleet/enrol-dialog.tsx'
import { AgentSettingsForm } from './agent-settings.tsx'
import styles from './agents.module.css'
import { AgentMark } from './marks.tsx'
import { configurationText, isNew } from './queue.ts'

const Health = lazyPart(() => import('./health.tsx').then((module) => module.Health))

const route = getRouteApi('/inside/fleet/agents/$id')

/** One edge agent: what it has to do, what it holds, how its gateway fares. */
export function AgentPage() {
  const { id } = route.useParams()
  const agent = useQuery(agentQuery(id))
  return (
    <Loaded query={agent} skeleton={<PanelSkeleton height={480} />}>
      {(data) => <AgentView key={data.device} agent={data} />}
    </Loaded>
  )
}

function AgentView({ agent }: { agent: Agent }) {
  const can = useCan()
  const navigate = useNavigate()
  const { tab, enrol } = route.useSearch()
  const tabs = AGENT_TABS.filter(
    (one) => (one !== 'connections' || can('connection:read')) && (one !== 'health' || can('signal:read')),
  )
  const setEnrol = (open: boolean) =>
    void navigate({ to: '.', search: (held) => ({ ...held, enrol: open || undefined }), replace: true })
  const content: Record<AgentTab, ReactNode> = {
    state: <StateTab agent={agent} />,
    connections: <ConnectionsTab agent={agent} />,
    settings: <AgentSettingsForm key={agent.version} agent={agent} readOnly={!can('device:write')} />,
    health: <HealthTab agent={agent} />,
  }
  return (
    <Page
      title={agent.name}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/fleet/agents">{t('agents.title')}</Link>
        </nav>
      }
      marks={<AgentMark agent={agent} />}
      answer={<Answer agent={agent} />}
      actions={
        can('device:enrol') && (
          <Button variant={isNew(agent) ? 'filled' : 'default'} onClick={() => setEnrol(true)}>
            {t('agents.enrol')}
          </Button>
        )
      }
    >
      <PageTabs
        label={t('agents.tabs')}
        chosen={tab}
        tabs={tabs.map((value) => ({ value, label: t(`agents.tab.${value}`), content: content[value] }))}
      />
      <EnrolDialog
        device={{ id: agent.device, name: agent.name }}
        opened={enrol === true}
        onClose={() => setEnrol(false)}
        intro={t('agents.enrolIntro')}
        commands={(info, token) => [
          [t('agents.enrolCommand'), enrolAgentCommand(info, token)],
          [t('agents.enrolService'), AGENT_SERVICE],
        ]}
      />
    </Page>
  )
}

function Answer({ agent }: { agent: Agent }) {
  if (isNew(agent)) return t('agents.answerNever')
  const configuration = configurationText(agent)
  const answer = agent.online
    ? t('agents.answerOnline', { software: agent.software ?? t('common.none'), configuration })
    : t('agents.answerOffline', { configuration })
  const { reason } = agent.configuration
  return reason === undefined ? answer : t('agents.answerReason', { answer, reason })
}

function StateTab({ agent }: { agent: Agent }) {
  const can = useCan()
  const format = useFormat()
  const { configuration, queue, settings } = agent
  const undone = configuration.state === 'rolled-back' || configuration.state === 'failed'
  return (
    <Columns>
      <Panel title={t('agents.configuration')}>
        {undone && <Undone agent={agent} />}
        <Facts
          items={[
            [
              t('common.state'),
              <span key="state" className={undone ? styles.bad : ''}>
                {configurationText(agent)}
              </span>,
            ],
            configuration.reason !== undefined && [t('common.reason'), configuration.reason],
            [t('agents.desired'), String(configuration.desired)],
            [
              t('agents.lastReported'),
              configuration.reported === undefined ? t('common.none') : String(configuration.reported),
            ],
            [t('agents.software'), agent.software ?? t('common.none')],
            can('device:read') && [
              t('agents.device'),
              <Link key="device" to="/fleet/$id" params={{ id: agent.device }}>
                {agent.name}
              </Link>,
            ],
          ]}
        />
      </Panel>
      <Panel title={t('agents.queue')}>
        {queue === undefined ? (
          <p className={styles.note}>{t('agents.answerNever')}</p>
        ) : (
          <Facts
            items={[
              [
                t('agents.queue'),
                queue.readings === 0 ? t('agents.queueEmpty') : t('agents.queueDepth', { n: queue.readings }),
              ],
              [t('agents.queueOldest'), <Age key="oldest" time={queue.oldest} none={t('common.none')} />],
              [
                t('agents.queueBytes'),
                t('agents.queueBudget', { used: format.bytes(queue.bytes), budget: format.bytes(settings.queueBytes) }),
              ],
              [
                t('agents.dropped'),
                <span key="dropped" className={queue.dropped > 0 ? styles.bad : ''} title={t('agents.droppedHelp')}>
                  {format.integer(queue.dropped)}
                </span>,
              ],
            ]}
          />
        )}
      </Panel>
    </Columns>
  )
}

/** What a person can do about a configuration that the agent took back. */
function Undone({ agent }: { agent: Agent }) {
  const can = useCan()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const { device, configuration, version, settings } = agent
  const again = async () => {
    setBusy(true)
    try {
      const told = await api.updateAgent({ params: { id: device }, body: { settings }, ifMatch: version })
      queries.setQueryData(agentQuery(device).queryKey, told)
      await queries.invalidateQueries({ queryKey: ['agents'] })
      const desired = String(told.configuration.desired)
      tell(t('agents.againTold', { name: told.name, desired }), { target: device })
    } catch (error) {
      tellError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={styles.undone}>
      <p>{t(configuration.state === 'failed' ? 'agents.todo.failed' : 'agents.todo.rolled-back')}</p>
      {can('device:write') && (
        <Button size="xs" loading={busy} onClick={() => void again()}>
          {t('agents.again')}
        </Button>
      )}
    </div>
  )
}

function ConnectionsTab({ agent }: { agent: Agent }) {
  const can = useCan()
  const connections = useQuery(connectionsQuery({ agent: agent.device }))
  const adapters = useQuery(adaptersQuery)
  const add = can('connection:write') && (
    <LinkButton to="/data/connections/new" search={{ agent: agent.device }}>
      {t('agents.connectionsAdd')}
    </LinkButton>
  )
  return (
    <Loaded query={connections}>
      {(data) => (
        <ConnectionTable
          connections={data}
          protocols={new Map(adapters.data?.map(({ id, name }) => [id, name]))}
          places={new Map([[agent.device, agent.name]])}
          filters={data.length > 0 && add}
          empty={<EmptyState action={add}>{t('agents.connectionsEmpty')}</EmptyState>}
        />
      )}
    </Loaded>
  )
}

function HealthTab({ agent }: { agent: Agent }) {
  const signals = useQuery(signalsQuery({ device: agent.device }))
  return (
    <Loaded query={signals}>
      {(data) =>
        data.length === 0 ? (
          <EmptyState>{t('agents.healthEmpty')}</EmptyState>
        ) : (
          <Suspense fallback={<PanelSkeleton height={320} />}>
            <Health agent={agent} signals={data} />
          </Suspense>
        )
      }
    </Loaded>
  )
}
