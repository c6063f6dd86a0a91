import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { energyQuery, energyServicesQuery, newestVersionQuery } from '../../api/energy.ts'
import { useCan } from '../../api/session.ts'
import type { EnergyView, Service } from '../../api/types.ts'
import { IconPlus } from '../../components/icons.ts'
import { SimulatedTag } from '../../components/marks.tsx'
import { Columns, Page, Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, ErrorState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { tell, tellError } from '../../components/tell.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { Answer } from './answer.tsx'
import { BaselinePanel } from './baseline-panel.tsx'
import { DriverChart } from './driver-chart.tsx'
import styles from './energy.module.css'
import { NewEnergy } from './new-energy.tsx'
import { PlanPanels } from './plan-panels.tsx'
import { SumChart, UsedChart } from './saving-charts.tsx'
import { WastePanels } from './waste-panel.tsx'

const route = getRouteApi('/inside/energy')

/** What was saved, where energy is used for nothing, and what lies ahead. */
export function EnergyPage() {
  const can = useCan()
  const navigate = useNavigate()
  const { service: asked } = route.useSearch()
  const [adding, setAdding] = useState(false)
  const services = useQuery(energyServicesQuery)
  const chosen = services.data?.find(({ id }) => id === asked) ?? services.data?.[0]
  const energy = useQuery({
    ...energyQuery(chosen?.id ?? ''),
    enabled: chosen !== undefined && chosen.liveVersion !== null,
  })
  const add = can('service:write') && (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t('energy.add')}
    </Button>
  )
  const choose = (id: string | null) =>
    void navigate({ to: '.', search: (held) => ({ ...held, service: id ?? undefined }), replace: true })
  return (
    <Page
      title={t('energy.title')}
      marks={energy.data?.simulated === true && <SimulatedTag />}
      answer={chosen !== undefined && energy.data !== undefined && <Answer energy={energy.data} />}
      actions={
        <>
          {services.data !== undefined && services.data.length > 1 && (
            <Select
              aria-label={t('energy.service')}
              data={services.data.map(({ id, name }) => ({ value: id, label: name }))}
              value={chosen?.id ?? null}
              onChange={choose}
              allowDeselect={false}
              w={220}
            />
          )}
          {(services.data?.length ?? 0) > 0 && add}
        </>
      }
    >
      <Loaded query={services} skeleton={<PanelSkeleton height={420} />}>
        {() =>
          chosen === undefined ? (
            <Panel>
              <EmptyState action={add}>{t('energy.empty')}</EmptyState>
            </Panel>
          ) : (
            <Stacked>
              <Standing service={chosen} />
              {energy.data !== undefined ? (
                <Panels energy={energy.data} service={chosen.id} />
              ) : energy.error !== null ? (
                <ErrorState error={energy.error} onRetry={() => void energy.refetch()} />
              ) : (
                chosen.liveVersion !== null && <PanelSkeleton height={420} />
              )}
            </Stacked>
          )
        }
      </Loaded>
      <NewEnergy opened={adding} onClose={() => setAdding(false)} onMade={choose} />
    </Page>
  )
}

/** How it stands with a service that does not work yet, or not any more. */
function Standing({ service }: { service: Service }) {
  const can = useCan()
  const format = useFormat()
  const queries = useQueryClient()
  const { training, fault, liveVersion, name, id } = service
  const idle = training === null && liveVersion === null
  const newest = useQuery({ ...newestVersionQuery(id), enabled: idle })
  if (fault !== null) return <Sentence>{t('energy.faulted', { reason: fault.reason })}</Sentence>
  if (training !== null)
    return (
      <Sentence>
        {t('energy.training', {
          stage: training.stage,
          share: format.percent(Math.round(training.progress * 100) / 100),
        })}
      </Sentence>
    )
  if (!idle || newest.data === undefined) return null
  if (newest.data === null) return <Sentence>{t('energy.draft', { name })}</Sentence>
  const { state, failure, number } = newest.data
  if (state !== 'ready') return <Sentence>{t('energy.failed', { reason: failure ?? state })}</Sentence>
  const publish = async () => {
    await api.publishService({ params: { id }, body: {} })
    await queries.invalidateQueries({ queryKey: ['services'] })
    tell(t('energy.published', { name }), { target: id })
  }
  return (
    <Panel>
      <EmptyState
        action={
          can('service:train') && <Button onClick={() => void publish().catch(tellError)}>{t('energy.publish')}</Button>
        }
      >
        {t('energy.ready', { number })}
      </EmptyState>
    </Panel>
  )
}

const Sentence = ({ children }: { children: string }) => (
  <Panel>
    <p className={styles.sentence} role="status">
      {children}
    </p>
  </Panel>
)

function Panels({ energy, service }: { energy: EnergyView; service: string }) {
  const format = useFormat()
  return (
    <>
      {energy.saving !== null && (
        <Panel title={t('energy.sum')}>
          <SumChart energy={energy} />
          <p className={styles.help}>{t('energy.sumHelp', { confidence: format.percent(energy.saving.confidence) })}</p>
        </Panel>
      )}
      <Panel title={t('energy.used')}>
        <UsedChart energy={energy} />
      </Panel>
      <WastePanels energy={energy} />
      <PlanPanels service={service} />
      <Columns>
        {energy.drivers.length > 0 && (
          <Panel title={t('energy.model')}>
            <div className={styles.scatters}>
              {energy.drivers.map((driver) => (
                <DriverChart key={driver.name} driver={driver} />
              ))}
            </div>
          </Panel>
        )}
        <BaselinePanel energy={energy} />
      </Columns>
    </>
  )
}
