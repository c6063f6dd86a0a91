import { Button, Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { serviceKindsQuery, servicesQuery } from '../../api/services.ts'
import { useCan } from '../../api/session.ts'
import type { Episode, Service } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { useNow } from '../../live/clock.ts'
import { Say, t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CONDITIONS, conditionOf, needsCare } from './condition.ts'
import { ServiceTable } from './service-table.tsx'
import { useNewestEpisodes } from './use-newest-episodes.ts'

const route = getRouteApi('/inside/models')

/** What learns from machines and watches them, and how it fares. */
export function ModelsPage() {
  const can = useCan()
  const navigate = useNavigate()
  const { q, kind, show } = route.useSearch()
  const services = useQuery(servicesQuery())
  const kinds = useQuery(serviceKindsQuery)
  const episodes = useNewestEpisodes(services.data ?? [], kinds.data ?? [])
  const set = (change: { q?: string | undefined; kind?: string | undefined; show?: 'care' | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true })
  const names = useMemo(() => new Map(kinds.data?.map(({ id, name }) => [id, name])), [kinds.data])
  const needle = (q ?? '').toLowerCase()
  const shown = (services.data ?? []).filter(
    (one) =>
      (kind === undefined || one.kind === kind) &&
      (show === undefined || needsCare(conditionOf(one, episodes.get(one.id)))) &&
      `${one.name} ${one.equipmentName} ${names.get(one.kind) ?? one.kind}`.toLowerCase().includes(needle),
  )
  const add = can('service:write') && (
    <LinkButton to="/models/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('models.add')}
    </LinkButton>
  )
  const used = new Set(services.data?.map((one) => one.kind))
  return (
    <Page
      title={t('models.title')}
      answer={services.data && <Answer services={services.data} episodes={episodes} />}
      actions={add}
    >
      <Loaded query={services}>
        {(data) => (
          <ServiceTable
            services={shown}
            kinds={names}
            episodes={episodes}
            filters={
              data.length > 0 && (
                <>
                  <SearchBox
                    value={q ?? ''}
                    onChange={(next) => set({ q: next || undefined })}
                    label={t('models.search')}
                  />
                  <Select
                    size="xs"
                    w={200}
                    aria-label={t('models.kind')}
                    placeholder={t('models.kind')}
                    data={[...used].map((value) => ({ value, label: names.get(value) ?? value }))}
                    value={kind ?? null}
                    onChange={(value) => set({ kind: value ?? undefined })}
                    clearable
                  />
                  <Switch
                    size="xs"
                    label={t('models.onlyCare')}
                    checked={show === 'care'}
                    onChange={(event) => set({ show: event.currentTarget.checked ? 'care' : undefined })}
                  />
                </>
              )
            }
            empty={
              data.length === 0 ? (
                <EmptyState action={add}>{t('models.empty')}</EmptyState>
              ) : (
                <EmptyState
                  action={
                    <Button variant="default" onClick={() => set({ q: undefined, kind: undefined, show: undefined })}>
                      {t('alarms.clearFilter')}
                    </Button>
                  }
                >
                  {t('models.emptyFiltered')}
                </EmptyState>
              )
            }
          />
        )}
      </Loaded>
    </Page>
  )
}

interface AnswerProps {
  services: readonly Service[]
  episodes: ReadonlyMap<string, Episode>
}

function Answer({ services, episodes }: AnswerProps) {
  const format = useFormat()
  const now = useNow()
  if (services.length === 0) return t('models.answerNone')
  const live = services.filter(({ state }) => state === 'live')
  const machines = t('models.machines', { n: new Set(live.map(({ equipment }) => equipment)).size })
  const watch =
    live.length === 0
      ? t('models.answerNoneLive', { n: services.length })
      : t('models.answerWatch', { n: live.length, machines })
  const rated = services
    .map((service) => ({ service, condition: conditionOf(service, episodes.get(service.id)) }))
    .filter(({ condition }) => needsCare(condition))
    .sort((a, b) => CONDITIONS.indexOf(a.condition) - CONDITIONS.indexOf(b.condition))
  const first = rated[0]
  if (first === undefined) return t('models.answerQuiet', { watch })
  const { service, condition } = first
  const name = (
    <Link key={service.id} to="/models/$id" params={{ id: service.id }}>
      {service.name}
    </Link>
  )
  if (condition === 'episode') {
    const since = format.when(episodes.get(service.id)!.from, now)
    return <Say id="models.answerEpisode" values={{ n: episodes.size, watch, name, since }} />
  }
  const reason = (condition === 'fault' ? service.fault?.reason : service.trouble) ?? ''
  return (
    <Say id={condition === 'fault' ? 'models.answerFault' : 'models.answerTrouble'} values={{ watch, name, reason }} />
  )
}
