import { Button, Menu, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, Suspense } from 'react'
import { standingQuery } from '../../api/alarms.ts'
import { assetQuery, signalsQuery, treeQuery } from '../../api/assets.ts'
import { useCan } from '../../api/session.ts'
import type { Asset } from '../../api/types.ts'
import type { MachineTab } from '../../app/search.ts'
import { Crumbs } from '../../components/crumbs.tsx'
import { IconChevronDown } from '../../components/icons.ts'
import { lazyPart } from '../../components/lazy-part.tsx'
import { Count, SimulatedTag, Tag } from '../../components/marks.tsx'
import { Page } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { useShown } from '../../components/use-shown.ts'
import { useLiveSignals } from '../../live/use-latest.ts'
import { t } from '../../messages/index.tsx'
import { useNodeActions } from '../machines/use-node-actions.tsx'
import { AlarmsTab } from './alarms-tab.tsx'
import { MachineAnswer } from './answer.tsx'
import { DevicesTab } from './devices-tab.tsx'
import { HistoryTab } from './history-tab.tsx'
import { StateTab } from './state-tab.tsx'

const LiveTab = lazyPart(() => import('./live-tab.tsx').then((module) => module.LiveTab))
const VibrationTab = lazyPart(() => import('../vibration/vibration-tab.tsx').then((module) => module.VibrationTab))
const HealthTab = lazyPart(() => import('../life/health-tab.tsx').then((module) => module.HealthTab))
const route = getRouteApi('/inside/machines/$id')

/** One node of the tree; for a machine: its state, its values live, its alarms, devices and history. */
export function MachinePage() {
  const { id } = route.useParams()
  const asset = useQuery(assetQuery(id))
  return (
    <Loaded query={asset} skeleton={<PanelSkeleton height={480} />}>
      {(node) => <Machine key={node.id} node={node} />}
    </Loaded>
  )
}

function Machine({ node }: { node: Asset }) {
  const can = useCan()
  const navigate = useNavigate()
  const { tab = 'state' } = route.useSearch()
  const tabs = useShown<HTMLDivElement>(tab)
  const actions = useNodeActions(() => void navigate({ to: '/machines' }))
  const signals = useQuery({ ...signalsQuery({ equipment: node.id }), enabled: can('signal:read') })
  const standing = useQuery({ ...standingQuery, enabled: can('alarm:read') })
  const tree = useQuery(treeQuery)
  const own = signals.data ?? []
  useLiveSignals(own)
  const below = new Set(tree.data?.filter((one) => one.path.includes(node.id)).map((one) => one.id))
  const alarms = (standing.data ?? []).filter((alarm) => alarm.equipment === node.id || below.has(alarm.equipment))
  const show = (next: string | null) =>
    void navigate({
      to: '.',
      search: (held) => ({ ...held, tab: next === 'state' ? undefined : (next as MachineTab) }),
      replace: true,
    })
  const panel = (name: MachineTab, content: ReactNode) => (
    <Tabs.Panel value={name} pt="md">
      {tab === name && content}
    </Tabs.Panel>
  )
  return (
    <Page
      title={node.name}
      crumbs={<Crumbs path={node.path.slice(0, -1)} />}
      marks={
        <>
          {node.level !== 'equipment' && <Tag>{t(`level.${node.level}`)}</Tag>}
          {own.some((signal) => signal.simulated) && <SimulatedTag />}
          {node.shared && <Tag>{t('common.shared')}</Tag>}
        </>
      }
      answer={<MachineAnswer node={node} alarms={alarms} signals={own} tree={tree.data ?? []} />}
      actions={
        can('asset:write', node.path) && (
          <>
            <Button variant="default" onClick={() => actions.edit(node)}>
              {t('common.edit')}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
                  {t('common.more')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {node.level !== 'equipment' && (
                  <Menu.Item onClick={() => actions.add(node)}>{t('machines.addBelow', { name: node.name })}</Menu.Item>
                )}
                <Menu.Item onClick={() => actions.move(node)}>{t('machines.move')}</Menu.Item>
                <Menu.Item color="red" onClick={() => actions.remove(node)}>
                  {t('common.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )
      }
    >
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List ref={tabs} aria-label={t('machine.tabs')}>
          <Tabs.Tab value="state">{t('machine.tab.state')}</Tabs.Tab>
          {(node.level === 'equipment' || own.length > 0) && <Tabs.Tab value="live">{t('machine.tab.live')}</Tabs.Tab>}
          {own.some((signal) => signal.kind === 'waveform') && (
            <Tabs.Tab value="vibration">{t('machine.tab.vibration')}</Tabs.Tab>
          )}
          {can('service:read') && <Tabs.Tab value="health">{t('machine.tab.health')}</Tabs.Tab>}
          {can('alarm:read') && (
            <Tabs.Tab value="alarms" rightSection={alarms.length > 0 && <Count>{alarms.length}</Count>}>
              {t('machine.tab.alarms')}
            </Tabs.Tab>
          )}
          <Tabs.Tab value="devices">{t('machine.tab.devices')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('machine.tab.history')}</Tabs.Tab>
        </Tabs.List>
        {panel('state', <StateTab node={node} alarms={alarms} signals={signals} tree={tree.data ?? []} />)}
        {panel(
          'live',
          <Suspense fallback={<PanelSkeleton height={420} />}>
            <LiveTab node={node} signals={own} />
          </Suspense>,
        )}
        {panel(
          'vibration',
          <Suspense fallback={<PanelSkeleton height={420} />}>
            <VibrationTab node={node} signals={own} />
          </Suspense>,
        )}
        {panel(
          'health',
          <Suspense fallback={<PanelSkeleton height={420} />}>
            <HealthTab node={node} />
          </Suspense>,
        )}
        {panel('alarms', <AlarmsTab node={node} standing={alarms} />)}
        {panel('devices', <DevicesTab node={node} signals={own} />)}
        {panel('history', <HistoryTab node={node} />)}
      </Tabs>
      {actions.dialog}
    </Page>
  )
}
