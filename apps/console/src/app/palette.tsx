import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { signalsQuery, treeQuery } from '../api/assets.ts'
import { servicesQuery } from '../api/services.ts'
import { useCan } from '../api/session.ts'
import {
  IconBellCheck,
  IconBrain,
  IconHierarchy2,
  IconMoon,
  IconPlus,
  IconSearch,
  IconTable,
  IconUserPlus,
  IconWaveSine,
} from '../components/icons.ts'
import { t } from '../messages/index.tsx'
import { best } from './fuzzy.ts'
import { RAIL } from './pages.ts'
import { preferences, setPreferences } from './preferences.ts'

interface Item {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly icon: ReactNode
  readonly run: () => void
}

const SHOWN = 8

/** The command palette: machines, signals, pages and actions, by typing any part of their name. */
export function Palette({ calls }: { calls: number }) {
  const [query, setQuery] = useState('')
  useEffect(() => {
    if (calls > 0) spotlight.open()
  }, [calls])
  const groups = useItems(query)
  const total = groups.reduce((sum, group) => sum + group.items.length, 0)
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={480}
      centered={false}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      transitionProps={{ duration: 80 }}
    >
      <Spotlight.Search
        aria-label={t('shell.find')}
        placeholder={t('palette.placeholder')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map(
          ({ label, items }) =>
            items.length > 0 && (
              <Spotlight.ActionsGroup key={label} label={label}>
                {items.map((item) => (
                  <Spotlight.Action
                    key={item.id}
                    label={item.label}
                    {...(item.description === undefined ? {} : { description: item.description })}
                    leftSection={item.icon}
                    onClick={item.run}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {total === 0 && <Spotlight.Empty>{t('palette.nothing', { query })}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

function useItems(query: string): { label: string; items: Item[] }[] {
  const navigate = useNavigate()
  const can = useCan()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const assets = useQuery({ ...treeQuery, enabled: can('asset:read') })
  const signals = useQuery({ ...signalsQuery({ q: query }), enabled: query.length >= 2 && can('signal:read') })
  const services = useQuery({ ...servicesQuery(), enabled: can('service:read') })
  const names = new Map(assets.data?.map((node) => [node.id, node.name]))
  const path = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? '…').join(' / ')

  const pages: Item[] = RAIL.filter((page) => page.needs?.some((one) => can(one)) ?? true).map((page) => ({
    id: `page:${page.to}`,
    label: t(page.label),
    icon: <page.icon size={18} aria-hidden />,
    run: () => void navigate({ to: page.to }),
  }))
  const machines: Item[] = (assets.data ?? []).map((node) => ({
    id: node.id,
    label: node.name,
    description: path(node.path.slice(0, -1)),
    icon: <IconHierarchy2 size={18} aria-hidden />,
    run: () => void navigate({ to: '/machines/$id', params: { id: node.id } }),
  }))
  const found: Item[] = (query.length < 2 ? [] : (signals.data ?? [])).flatMap((signal) =>
    signal.equipment === null
      ? []
      : [
          {
            id: signal.id,
            label: signal.name,
            description: signal.equipmentName ?? names.get(signal.equipment) ?? '',
            icon: <IconWaveSine size={18} aria-hidden />,
            run: () =>
              void navigate({
                to: '/machines/$id',
                params: { id: signal.equipment! },
                search: { tab: 'live', signals: [signal.id] },
              }),
          },
        ],
  )
  const watches: Item[] = (services.data ?? []).map((service) => ({
    id: service.id,
    label: service.name,
    description: service.equipmentName,
    icon: <IconBrain size={18} aria-hidden />,
    run: () => void navigate({ to: '/models/$id', params: { id: service.id } }),
  }))
  const actions: (Item | false)[] = [
    can('alarm:acknowledge') && {
      id: 'acknowledge',
      label: t('palette.acknowledgeAll'),
      icon: <IconBellCheck size={18} aria-hidden />,
      run: () => void navigate({ to: '/alarms', search: { show: 'waiting' } }),
    },
    can('rule:write') && {
      id: 'rule',
      label: t('palette.newRule'),
      icon: <IconPlus size={18} aria-hidden />,
      run: () => void navigate({ to: '/alarms/rules/$id', params: { id: 'new' } }),
    },
    can('service:write') && {
      id: 'service',
      label: t('palette.newService'),
      icon: <IconPlus size={18} aria-hidden />,
      run: () => void navigate({ to: '/models/new' }),
    },
    can('connection:write') && {
      id: 'connection',
      label: t('palette.newConnection'),
      icon: <IconPlus size={18} aria-hidden />,
      run: () => void navigate({ to: '/data/connections/new' }),
    },
    can('device:write') && {
      id: 'device',
      label: t('palette.newDevice'),
      icon: <IconPlus size={18} aria-hidden />,
      run: () => void navigate({ to: '/fleet', search: { add: true } }),
    },
    can('user:write') && {
      id: 'user',
      label: t('palette.newUser'),
      icon: <IconUserPlus size={18} aria-hidden />,
      run: () => void navigate({ to: '/trust/users', search: { add: true } }),
    },
    {
      id: 'theme',
      label: t('palette.toggleTheme'),
      icon: <IconMoon size={18} aria-hidden />,
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    {
      id: 'density',
      label: t('palette.toggleDensity'),
      icon: <IconTable size={18} aria-hidden />,
      run: () => setPreferences({ density: preferences().density === 'compact' ? 'comfortable' : 'compact' }),
    },
  ]
  const pick = (items: Item[]) => best(items, query, (item) => item.label, SHOWN)
  return [
    { label: t('palette.machines'), items: query === '' ? [] : pick(machines) },
    { label: t('palette.services'), items: query === '' ? [] : pick(watches) },
    { label: t('palette.signals'), items: pick(found) },
    { label: t('palette.pages'), items: pick(pages) },
    { label: t('palette.actions'), items: pick(actions.filter((item) => item !== false)) },
  ]
}
