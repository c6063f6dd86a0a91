import { Button, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '../../api/session.ts'
import { ApiError, type Asset, type Signal, type VibrationDiagnosis } from '../../api/types.ts'
import { diagnosisQuery, vibrationServicesQuery } from '../../api/vibration.ts'
import { VIBRATION_VIEWS, type VibrationView } from '../../app/search.ts'
import { RangePicker } from '../../charts/range-picker.tsx'
import { useRange } from '../../charts/use-range.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { DiagnosisPanel } from './diagnosis-panel.tsx'
import { SpectrogramPanel, WaterfallPanel } from './map-panel.tsx'
import { SpectrumPanel } from './spectrum-panel.tsx'
import { TrendPanel } from './trend-panel.tsx'
import styles from './vibration.module.css'

type Finding = VibrationDiagnosis['findings'][number]

const route = getRouteApi('/inside/machines/$id')

/** What the machine's vibration says: the diagnosis first, then the spectra it was made of. */
export function VibrationTab({ node, signals }: { node: Asset; signals: readonly Signal[] }) {
  const can = useCan()
  const format = useFormat()
  const navigate = useNavigate()
  const { view = 'envelope', waveform, at } = route.useSearch()
  const [range] = useRange()
  const [shown, setShown] = useState<string>()
  const recorded = signals.filter(({ kind }) => kind === 'waveform')
  const signal = recorded.find(({ id }) => id === waveform) ?? recorded[0]
  const services = useQuery({ ...vibrationServicesQuery(node.id), enabled: can('service:read', node.path) })
  const service = services.data?.[0]
  const diagnosis = useQuery({
    ...diagnosisQuery(service?.id ?? '', signal?.id ?? '', at),
    enabled: service !== undefined && signal !== undefined,
  })
  const set = (change: { view?: VibrationView; waveform?: string; at?: number | undefined }) =>
    void navigate({ to: '.', search: (held) => ({ ...held, ...change }), replace: true, resetScroll: false })
  if (signal === undefined) return null
  const finding = diagnosis.data?.findings.find((each) => keyOf(each) === shown) ?? diagnosis.data?.findings[0]
  const show = (each: Finding) => {
    setShown(keyOf(each))
    set({ view: each.spectrum })
  }
  return (
    <Stacked>
      {service === undefined ? (
        services.isSuccess && (
          <Panel>
            <EmptyState
              action={
                can('service:write', node.path) && (
                  <LinkButton to="/models/new" search={{ kind: 'vibration', equipment: node.id }}>
                    {t('vibration.makeService')}
                  </LinkButton>
                )
              }
            >
              {t('vibration.noService')}
            </EmptyState>
          </Panel>
        )
      ) : nothingYet(diagnosis.error) ? (
        <Panel>
          <EmptyState>{t('vibration.noRecording', { signal: signal.name })}</EmptyState>
        </Panel>
      ) : (
        <Loaded query={diagnosis} skeleton={<PanelSkeleton height={260} />}>
          {(found) => <DiagnosisPanel diagnosis={found} service={service} onShow={show} />}
        </Loaded>
      )}
      <Panel flush>
        <div className={styles.tools}>
          {recorded.length > 1 && (
            <Select
              size="xs"
              aria-label={t('vibration.signal')}
              data={recorded.map(({ id, name }) => ({ value: id, label: name }))}
              value={signal.id}
              onChange={(id) => id !== null && set({ waveform: id })}
              allowDeselect={false}
            />
          )}
          <div className={styles.views}>
            <SegmentedControl
              size="xs"
              aria-label={t('vibration.views')}
              data={VIBRATION_VIEWS.map((value) => ({ value, label: t(`vibration.view.${value}`) }))}
              value={view}
              onChange={(value) => set({ view: value as VibrationView })}
            />
          </div>
          {(view === 'waterfall' || view === 'trend') && <RangePicker />}
          {at !== undefined && (
            <>
              <span>{t('vibration.at', { time: format.dateTime(at) })}</span>
              <Button size="xs" variant="default" onClick={() => set({ at: undefined })}>
                {t('vibration.newest')}
              </Button>
            </>
          )}
        </div>
        {view === 'waterfall' ? (
          <WaterfallPanel signal={signal.id} range={range} onTime={(time) => set({ at: time, view: 'envelope' })} />
        ) : view === 'spectrogram' ? (
          <SpectrogramPanel signal={signal.id} at={at} />
        ) : view === 'trend' ? (
          <TrendPanel service={service} signals={signals} name={node.name} />
        ) : (
          <SpectrumPanel signal={signal.id} at={at} kind={view} diagnosis={diagnosis.data} finding={finding} />
        )}
      </Panel>
    </Stacked>
  )
}

const keyOf = ({ fault, part }: Finding): string => `${fault} ${part ?? ''}`

/** Nothing was recorded yet: no error to a person. */
const nothingYet = (error: unknown): boolean => error instanceof ApiError && error.code === 'MW-RECORDING-0003'
