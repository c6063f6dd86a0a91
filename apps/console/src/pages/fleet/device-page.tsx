import { Button, Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { treeQuery } from '../../api/assets.ts'
import { api } from '../../api/client.ts'
import { deviceQuery } from '../../api/devices.ts'
import { useCan } from '../../api/session.ts'
import type { Device } from '../../api/types.ts'
import { DEVICE_TABS, type DeviceTab } from '../../app/search.ts'
import { useConfirm } from '../../components/confirm.tsx'
import crumbs from '../../components/crumbs.module.css'
import { IconChevronDown } from '../../components/icons.ts'
import { ConnectionMark, SimulatedTag, Tag } from '../../components/marks.tsx'
import { Page, Stacked } from '../../components/page.tsx'
import { PageTabs } from '../../components/page-tabs.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { DeadLetterTable } from '../data/dead-letter-table.tsx'
import { CommandPanel } from './command-panel.tsx'
import { ConnectionTab } from './connection-tab.tsx'
import { DeviceDialog } from './device-dialog.tsx'
import { EnrolDialog } from './enrol-dialog.tsx'
import { MessagesTab } from './messages-tab.tsx'
import { TwinTab } from './twin-tab.tsx'

const route = getRouteApi('/inside/fleet/$id')

/** One device: its connection and papers, what it says, what it is told. */
export function DevicePage() {
  const { id } = route.useParams()
  const device = useQuery(deviceQuery(id))
  return (
    <Loaded query={device} skeleton={<PanelSkeleton height={480} />}>
      {(data) => <DeviceView key={data.id} device={data} />}
    </Loaded>
  )
}

function DeviceView({ device }: { device: Device }) {
  const can = useCan()
  const navigate = useNavigate()
  const tree = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const { tab, enrol } = route.useSearch()
  const [editing, setEditing] = useState(false)
  const node = tree.data?.find((one) => one.id === device.equipment)
  const path = node?.path ?? []
  const setEnrol = (open: boolean) =>
    void navigate({ to: '.', search: (held) => ({ ...held, enrol: open || undefined }), replace: true })
  const content: Record<DeviceTab, ReactNode> = {
    connection: <ConnectionTab device={device} path={path} />,
    messages: <MessagesTab device={device} />,
    commands: <CommandPanel device={device} readOnly={!can('command:send', path)} />,
    twin: <TwinTab device={device} writes={can('device:write', path)} />,
    'dead-letters': (
      <Stacked>
        <DeadLetterTable filter={{ device: device.id }} />
      </Stacked>
    ),
  }
  return (
    <Page
      title={device.name}
      crumbs={
        <nav aria-label={t('machines.where')} className={crumbs.crumbs}>
          <Link to="/fleet">{t('fleet.title')}</Link>
          {node !== undefined && (
            <Link to="/machines/$id" params={{ id: node.id }}>
              {node.name}
            </Link>
          )}
        </nav>
      }
      marks={
        <>
          <ConnectionMark device={device} />
          {device.gateway && <Tag>{t('fleet.gateway')}</Tag>}
          {device.simulated && <SimulatedTag />}
        </>
      }
      answer={<Answer device={device} />}
      actions={
        <>
          {can('device:enrol', path) && (
            <Button variant={device.connection.state === 'never' ? 'filled' : 'default'} onClick={() => setEnrol(true)}>
              {t('fleet.enrol')}
            </Button>
          )}
          {can('device:write', path) && <Actions device={device} onEdit={() => setEditing(true)} />}
        </>
      }
    >
      <PageTabs
        label={t('fleet.tabs')}
        chosen={tab}
        tabs={DEVICE_TABS.map((value) => ({ value, label: t(`fleet.tab.${value}`), content: content[value] }))}
      />
      <DeviceDialog device={device} opened={editing} onClose={() => setEditing(false)} />
      <EnrolDialog device={device} opened={enrol === true} onClose={() => setEnrol(false)} />
    </Page>
  )
}

function Answer({ device }: { device: Device }) {
  const format = useFormat()
  const now = useNow()
  const { connection } = device
  if (device.state === 'disabled') return t('fleet.answerDisabled')
  if (connection.state === 'never') return t('fleet.answerNever')
  const since = connection.since === undefined ? t('common.none') : format.when(connection.since, now)
  if (connection.state === 'offline')
    return t('fleet.answerGone', { since, reason: connection.reason ?? t('fleet.noReason') })
  const heard = connection.lastMessageAt
  return t('fleet.answerOnline', {
    protocol: connection.protocol ?? '',
    since,
    age: heard === undefined ? t('common.never') : format.ago(heard, Math.max(now, heard)),
  })
}

function Actions({ device, onEdit }: { device: Device; onEdit: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const change = async (state: 'enrolled' | 'disabled') => {
    await api.updateDevice({ params: { id: device.id }, body: { state }, ifMatch: device.version })
    await queries.invalidateQueries({ queryKey: ['devices'] })
  }
  const enable = async () => {
    await change('enrolled')
    tell(t('fleet.enabled', { name: device.name }), { target: device.id })
  }
  const disable = () =>
    confirm({
      title: t('fleet.disableTitle', { name: device.name }),
      consequence: t('fleet.disableConsequence'),
      action: t('fleet.disable'),
      danger: true,
      run: async () => {
        await change('disabled')
        tell(t('fleet.disabled', { name: device.name }), { target: device.id })
      },
    })
  const remove = () =>
    confirm({
      title: t('fleet.removeTitle', { name: device.name }),
      consequence: t('fleet.removeConsequence'),
      action: t('fleet.remove'),
      danger: true,
      run: async () => {
        await api.deleteDevice({ params: { id: device.id } })
        await navigate({ to: '/fleet' })
        queries.removeQueries({ queryKey: ['devices', 'one', device.id] })
        await queries.invalidateQueries({ queryKey: ['devices'] })
        tell(t('fleet.removed', { name: device.name }), { target: device.id })
      },
    })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {t('common.more')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>{t('fleet.edit')}</Menu.Item>
        {device.state === 'disabled' ? (
          <Menu.Item onClick={() => void enable().catch(tellError)}>{t('fleet.enable')}</Menu.Item>
        ) : (
          <Menu.Item onClick={disable}>{t('fleet.disable')}</Menu.Item>
        )}
        <Menu.Item color="red" onClick={remove}>
          {t('fleet.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
