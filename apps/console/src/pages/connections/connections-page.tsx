import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { adaptersQuery, agentsQuery, connectionsQuery } from '../../api/connections.ts'
import { useCan } from '../../api/session.ts'
import type { Connection } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { Say, t } from '../../messages/index.tsx'
import { DataNav } from '../data/nav.tsx'
import { ConnectionTable } from './connection-table.tsx'
import { CARE, needsCare, reasonOf } from './state.tsx'

const route = getRouteApi('/inside/data/connections')

/** What goes to machines, brokers, benches and folders, and how it fares. */
export function ConnectionsPage() {
  const can = useCan()
  const navigate = useNavigate()
  const { q, adapter } = route.useSearch()
  const connections = useQuery(connectionsQuery())
  const adapters = useQuery(adaptersQuery)
  const agents = useQuery({ ...agentsQuery, enabled: can('device:read') })
  const set = (change: { q?: string | undefined; adapter?: string | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const protocols = useMemo(() => new Map(adapters.data?.map(({ id, name }) => [id, name])), [adapters.data])
  const places = useMemo(() => new Map(agents.data?.map(({ device, name }) => [device, name])), [agents.data])
  const shown = useMemo(() => {
    const needle = (q ?? '').toLowerCase()
    return (connections.data ?? []).filter(
      (one) =>
        (adapter === undefined || one.adapter === adapter) &&
        `${one.name} ${protocols.get(one.adapter) ?? one.adapter}`.toLowerCase().includes(needle),
    )
  }, [connections.data, q, adapter, protocols])
  const add = can('connection:write') && (
    <LinkButton to="/data/connections/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('connections.add')}
    </LinkButton>
  )
  const used = new Set(connections.data?.map((one) => one.adapter))
  return (
    <Page
      title={t('connections.title')}
      answer={connections.data && <Answer connections={connections.data} />}
      tabs={<DataNav />}
      actions={add}
    >
      <Loaded query={connections}>
        {(data) => (
          <ConnectionTable
            connections={shown}
            protocols={protocols}
            places={places}
            filters={
              <>
                <SearchBox
                  value={q ?? ''}
                  onChange={(next) => set({ q: next || undefined })}
                  label={t('connections.search')}
                />
                <Select
                  size="xs"
                  w={200}
                  aria-label={t('connections.adapter')}
                  placeholder={t('connections.adapter')}
                  data={[...used].map((value) => ({ value, label: protocols.get(value) ?? value }))}
                  value={adapter ?? null}
                  onChange={(value) => set({ adapter: value ?? undefined })}
                  clearable
                />
              </>
            }
            empty={
              data.length === 0 ? (
                <EmptyState action={add}>{t('connections.empty')}</EmptyState>
              ) : (
                <EmptyState
                  action={
                    <Button variant="default" onClick={() => set({ q: undefined, adapter: undefined })}>
                      {t('alarms.clearFilter')}
                    </Button>
                  }
                >
                  {t('connections.emptyFiltered')}
                </EmptyState>
              )
            }
          />
        )}
      </Loaded>
    </Page>
  )
}

function Answer({ connections }: { connections: readonly Connection[] }) {
  if (connections.length === 0) return t('connections.answerNone')
  const trouble = connections
    .filter((one) => one.enabled && needsCare(one))
    .sort((a, b) => CARE[a.status.state] - CARE[b.status.state])
  const first = trouble[0]
  const count = t('connections.answerCount', { n: connections.length })
  if (first !== undefined) {
    const reason = reasonOf(first) ?? t(`connections.state.${first.status.state}`)
    const name = (
      <Link key={first.id} to="/data/connections/$id" params={{ id: first.id }}>
        {first.name}
      </Link>
    )
    return <Say id="connections.answerTrouble" values={{ n: trouble.length, count, name, reason }} />
  }
  const off = connections.filter((one) => !one.enabled).length
  if (off > 0) return t('connections.answerSome', { count, off: t('connections.answerOff', { n: off }) })
  return t('connections.answerQuiet', { n: connections.length })
}
