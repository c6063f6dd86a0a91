import { Select, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { signalsQuery } from '../../api/assets.ts'
import { controlChartQuery, partsQuery, qualityServicesQuery } from '../../api/quality.ts'
import { useCan } from '../../api/session.ts'
import type { Service } from '../../api/types.ts'
import { QUALITY_VIEWS, type QualitySearch, type QualityView } from '../../app/search.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CausesView } from './causes-view.tsx'
import { ChartsView } from './charts-view.tsx'
import { PartsView } from './parts-view.tsx'
import { processSignals, resultSignal, settingLimit } from './settings.ts'

const route = getRouteApi('/inside/quality')
const HOURS = [1, 4, 8, 24, 168]
const USUAL = 4

/** Whether parts are good: those that were judged, the charts of what is measured, and what drives it. */
export function QualityPage() {
  const navigate = useNavigate()
  const search = route.useSearch()
  const { view = 'parts', hours = USUAL } = search
  const services = useQuery(qualityServicesQuery)
  const chosen = services.data?.find(({ id }) => id === search.service) ?? services.data?.[0]
  const set = (change: Partial<QualitySearch>) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true, resetScroll: false })
  return (
    <Page
      title={t('parts.title')}
      answer={<Answer service={chosen} hours={hours} search={search} />}
      actions={
        <>
          {services.data !== undefined && services.data.length > 1 && (
            <Select
              aria-label={t('parts.service')}
              data={services.data.map(({ id, name }) => ({ value: id, label: name }))}
              value={chosen?.id ?? null}
              onChange={(value) => set({ service: value ?? undefined, part: undefined })}
              allowDeselect={false}
              w={200}
            />
          )}
          <Select
            aria-label={t('parts.hours')}
            data={HOURS.map((each) => ({
              value: String(each),
              label: each > 24 ? t('parts.lastDays', { days: each / 24 }) : t('parts.lastHours', { hours: each }),
            }))}
            value={String(hours)}
            onChange={(value) => set({ hours: Number(value ?? USUAL) })}
            allowDeselect={false}
            w={150}
          />
        </>
      }
    >
      <Tabs value={view} onChange={(next) => set({ view: next as QualityView })} keepMounted={false}>
        <Tabs.List aria-label={t('parts.views')}>
          {QUALITY_VIEWS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`parts.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="charts" pt="md">
          <Charts service={chosen} search={search} hours={hours} set={set} />
        </Tabs.Panel>
        {(['parts', 'causes'] as const).map((each) => (
          <Tabs.Panel key={each} value={each} pt="md">
            <Loaded query={services} skeleton={<PanelSkeleton height={420} />}>
              {() =>
                chosen === undefined ? (
                  <Nothing />
                ) : chosen.liveVersion === null ? (
                  <Draft service={chosen} />
                ) : each === 'parts' ? (
                  <Parts service={chosen} hours={hours} open={search.part} set={set} />
                ) : (
                  <CausesView service={chosen.id} />
                )
              }
            </Loaded>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}

interface Within {
  service: Service | undefined
  search: QualitySearch
  hours: number
}

/** What a person came for: how the parts are, or whether the chosen signal is in control. */
function Answer({ service, hours, search }: Within) {
  const format = useFormat()
  const parts = useQuery({
    ...partsQuery(service?.id ?? '', hours),
    enabled: service !== undefined && service.liveVersion !== null,
  })
  const choice = useChoice({ service, search, hours })
  const chart = useQuery({
    ...controlChartQuery({ ...choice, signal: choice.signal ?? '' }),
    enabled: choice.signal !== undefined,
  })
  const { sentence, since = null } = chart.data ?? {}
  const told =
    sentence === undefined || since === null
      ? sentence
      : t('parts.outSince', { what: sentence, since: format.dateShort(since) })
  return [parts.data?.sentence, told].filter((each) => each !== undefined).join(' ') || undefined
}

function Nothing() {
  const can = useCan()
  return (
    <Panel>
      <EmptyState
        action={
          can('service:write') && (
            <LinkButton to="/models/new" search={{ kind: 'quality' }} variant="default">
              {t('parts.add')}
            </LinkButton>
          )
        }
      >
        {t('parts.empty')}
      </EmptyState>
    </Panel>
  )
}

function Draft({ service }: { service: Service }) {
  return (
    <Panel>
      <EmptyState
        action={
          <LinkButton to="/models/$id" params={{ id: service.id }} variant="default">
            {t('parts.open')}
          </LinkButton>
        }
      >
        {t('parts.draft', { name: service.name })}
      </EmptyState>
    </Panel>
  )
}

interface PartsProps {
  service: Service
  hours: number
  open: string | undefined
  set: (change: Partial<QualitySearch>) => void
}

function Parts({ service, hours, open, set }: PartsProps) {
  const parts = useQuery(partsQuery(service.id, hours))
  const signals = useQuery(signalsQuery({}))
  return (
    <Loaded query={parts} skeleton={<PanelSkeleton height={420} />}>
      {(data) => (
        <PartsView
          parts={data}
          signals={processSignals(service, signals.data ?? [])}
          open={open}
          onOpen={(part) => set({ part })}
        />
      )}
    </Loaded>
  )
}

function Charts({ service, search, hours, set }: Within & { set: (change: Partial<QualitySearch>) => void }) {
  return <ChartsView choice={useChoice({ service, search, hours })} onChoose={set} />
}

/** Without a choice, what the service foresees, within its limits. */
function useChoice({ service, search, hours }: Within) {
  const signals = useQuery(signalsQuery({}))
  const usual = service === undefined ? undefined : resultSignal(service, signals.data ?? [])
  const own = search.signal === undefined || search.signal === usual
  return {
    signal: search.signal ?? usual,
    hours,
    chart: search.chart ?? ('individuals' as const),
    rules: search.rules ?? ('nelson' as const),
    lower: search.lower ?? (own ? settingLimit(service, 'lower') : undefined),
    upper: search.upper ?? (own ? settingLimit(service, 'upper') : undefined),
  }
}
