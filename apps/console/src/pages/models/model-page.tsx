import { Button, Menu, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { episodesQuery, serviceKindsQuery, serviceQuery } from '../../api/services.ts'
import { useCan } from '../../api/session.ts'
import type { Episode, Service, ServiceKind } from '../../api/types.ts'
import { MODEL_TABS, type ModelTab } from '../../app/search.ts'
import crumbs from '../../components/crumbs.module.css'
import { IconChevronDown } from '../../components/icons.ts'
import { Tag } from '../../components/marks.tsx'
import { Page, Stacked } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useShown } from '../../components/use-shown.ts'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { conditionOf } from './condition.ts'
import { EpisodesTab } from './episodes-tab.tsx'
import { NextStep } from './next-step.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'
import { StateMark, useReason } from './state.tsx'
import { TrainDialog } from './train-dialog.tsx'
import { useServiceActions } from './use-service-actions.tsx'
import { VersionsTab } from './versions-tab.tsx'

const route = getRouteApi('/inside/models/$id')

/** One service: what it says of its machine, what it found, its versions, its settings. */
export function ModelPage() {
  const { id } = route.useParams()
  const service = useQuery(serviceQuery(id))
  const kinds = useQuery(serviceKindsQuery)
  return (
    <Loaded query={service} skeleton={<PanelSkeleton height={480} />}>
      {(data) => (
        <Loaded query={kinds} skeleton={<PanelSkeleton height={480} />}>
          {(all) => <ServiceView key={data.id} service={data} kind={kindOf(data, all)} />}
        </Loaded>
      )}
    </Loaded>
  )
}

/** A service of a kind that this platform no longer has is still shown, and can be deleted. */
const kindOf = ({ kind }: Service, all: readonly ServiceKind[]): ServiceKind =>
  all.find(({ id }) => id === kind) ?? {
    id: kind,
    name: kind,
    summary: '',
    trains: false,
    alarms: false,
    episodes: false,
    settingsSchema: { type: 'object', properties: {} },
    outputs: [],
  }

function ServiceView({ service, kind }: { service: Service; kind: ServiceKind }) {
  const can = useCan()
  const navigate = useNavigate()
  const { tab = 'overview' } = route.useSearch()
  const row = useShown<HTMLDivElement>(tab)
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const episodes = useQuery({ ...episodesQuery(service.id, {}, 1), enabled: kind.episodes })
  const newest = episodes.data?.[0]
  const open = newest?.to === null ? newest : undefined
  const path = tree.data?.find(({ id }) => id === service.equipment)?.path ?? []
  const writes = can('service:write', path)
  const mayTrain = can('service:train', path)
  const labels = can('label:write', path)
  const actions = useServiceActions(service)
  const [training, setTraining] = useState(false)
  const condition = conditionOf(service, open)
  const show = (next: string | null) =>
    void navigate({
      to: '.',
      search: (held) => ({
        ...held,
        tab: next === 'overview' ? undefined : (next as ModelTab),
        episode: undefined,
        version: undefined,
        with: undefined,
      }),
      replace: true,
    })
  const tabs = MODEL_TABS.filter((one) => one !== 'episodes' || kind.episodes)
  const panel = (name: ModelTab, content: ReactNode) =>
    tabs.includes(name) && (
      <Tabs.Panel value={name} pt="md">
        {tab === name && content}
      </Tabs.Panel>
    )
  const train = () => setTraining(true)
  return (
    <Page
      title={service.name}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/models">{t('models.title')}</Link>
          <Link to="/machines/$id" params={{ id: service.equipment }}>
            {service.equipmentName}
          </Link>
        </nav>
      }
      marks={
        <>
          <StateMark condition={condition} />
          <Tag>{kind.name}</Tag>
        </>
      }
      answer={<Answer service={service} episode={open} judges={kind.episodes} />}
      actions={
        <Actions
          service={service}
          kind={kind}
          mayTrain={mayTrain}
          writes={writes}
          onTrain={train}
          onStop={() => void actions.stop()}
          onEdit={() => show('settings')}
          onDelete={actions.remove}
        />
      }
    >
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List ref={row} aria-label={t('models.tabs')}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`models.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {panel(
          'overview',
          <Stacked>
            <NextStep
              service={service}
              kind={kind}
              actions={actions}
              mayTrain={mayTrain}
              onTrain={train}
              onUpload={() => show('versions')}
            />
            <OverviewTab service={service} kind={kind} />
          </Stacked>,
        )}
        {panel('episodes', <EpisodesTab service={service} labels={labels} />)}
        {panel(
          'versions',
          <VersionsTab service={service} kind={kind} actions={actions} mayTrain={mayTrain} onTrain={train} />,
        )}
        {panel('settings', <SettingsTab key={service.version} service={service} kind={kind} readOnly={!writes} />)}
      </Tabs>
      {training && <TrainDialog service={service} actions={actions} onClose={() => setTraining(false)} />}
    </Page>
  )
}

interface ActionsProps {
  service: Service
  kind: ServiceKind
  mayTrain: boolean
  writes: boolean
  onTrain: () => void
  onStop: () => void
  onEdit: () => void
  onDelete: () => void
}

function Actions({ service, kind, mayTrain, writes, onTrain, onStop, onEdit, onDelete }: ActionsProps) {
  if (!mayTrain && !writes) return null
  return (
    <>
      {mayTrain && kind.trains && service.liveVersion !== null && service.training === null && (
        <Button variant="default" onClick={onTrain}>
          {t('models.trainAgain')}
        </Button>
      )}
      {writes && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
              {t('common.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onEdit}>{t('common.edit')}</Menu.Item>
            {mayTrain && (service.state === 'live' || service.state === 'fault') && (
              <Menu.Item onClick={onStop}>{t('models.stop')}</Menu.Item>
            )}
            <Menu.Item color="red" onClick={onDelete}>
              {t('models.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

interface AnswerProps {
  service: Service
  episode: Episode | undefined
  /** Whether it tells usual from unusual. */
  judges: boolean
}

function Answer({ service, episode, judges }: AnswerProps) {
  const format = useFormat()
  const now = useNow()
  const condition = conditionOf(service, episode)
  const reason = useReason()(service, condition) ?? ''
  const equipment = service.equipmentName
  switch (condition) {
    case 'fault':
      return t('models.isFault', { since: format.when(service.fault?.since ?? now, now), reason })
    case 'episode': {
      const since = format.when(episode!.from, now)
      const most = episode!.signals[0]
      return most === undefined
        ? t('models.isEpisode', { since })
        : t('models.isEpisodeOf', { since, signal: most.name, share: format.percent(most.share) })
    }
    case 'trouble':
      return t('models.isTrouble', { reason })
    case 'training':
      return reason
    case 'live':
      if (service.lastScoredAt === null) return t('models.isLiveYet', { equipment })
      return t(judges ? 'models.isQuiet' : 'models.isRunning', {
        equipment,
        age: format.ago(service.lastScoredAt, Math.max(now, service.lastScoredAt)),
      })
    case 'stopped':
      return t('models.isStopped', { equipment })
    case 'draft':
      return t('models.isDraft', { equipment })
  }
}
