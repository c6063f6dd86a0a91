import { NumberInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { signalsQuery, treeQuery } from '../../api/assets.ts'
import { type ChartChoice, controlChartQuery } from '../../api/quality.ts'
import { Columns, Panel, Stacked } from '../../components/page.tsx'
import { EmptyState, Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { CapabilityPanel } from './capability-panel.tsx'
import { ControlChart } from './control-chart.tsx'
import styles from './quality.module.css'

interface Props {
  choice: Omit<ChartChoice, 'signal'> & { readonly signal: string | undefined }
  onChoose: (change: Partial<Omit<ChartChoice, 'hours'>>) => void
}

/** Whether a signal is in control, and how well it fits its limits. */
export function ChartsView({ choice, onChoose }: Props) {
  const { signal } = choice
  const limits = useMemo(
    () => [choice.lower, choice.upper].filter((each) => each !== undefined),
    [choice.lower, choice.upper],
  )
  return (
    <Stacked>
      <ChartTools choice={choice} onChoose={onChoose} />
      {signal === undefined ? (
        <Panel>
          <EmptyState>{t('parts.chooseSignal')}</EmptyState>
        </Panel>
      ) : (
        <Drawn choice={{ ...choice, signal }} limits={limits} />
      )}
    </Stacked>
  )
}

function Drawn({ choice, limits }: { choice: ChartChoice; limits: readonly number[] }) {
  const format = useFormat()
  const chart = useQuery(controlChartQuery(choice))
  return (
    <Loaded query={chart} skeleton={<PanelSkeleton height={420} />}>
      {(data) => (
        <>
          <Panel title={`${data.equipmentName} ${data.name}`}>
            <p className={`${styles.sentence} ${data.inControl ? '' : styles.out}`} role="status">
              {data.since === null
                ? data.sentence
                : t('parts.outSince', { what: data.sentence, since: format.dateShort(data.since) })}
            </p>
            {data.charts.map((each, index) => (
              <ControlChart key={each.statistic} data={data} index={index} />
            ))}
          </Panel>
          <Columns>
            <CapabilityPanel data={data} limits={limits} />
            <Panel title={t('parts.fired')}>
              {data.fired.length === 0 ? (
                <p className={styles.help}>{t('parts.noneFired')}</p>
              ) : (
                <ul className={styles.list}>
                  {[...data.fired]
                    .reverse()
                    .slice(0, 20)
                    .map(({ rule, chart: of, first, says, from, to }) => (
                      <li key={`${rule} ${of} ${first}`}>
                        {t('parts.firedAt', { says, from: format.dateShort(from), to: format.dateShort(to) })}
                      </li>
                    ))}
                </ul>
              )}
            </Panel>
          </Columns>
        </>
      )}
    </Loaded>
  )
}

function ChartTools({ choice, onChoose }: Props) {
  const signals = useQuery(signalsQuery({}))
  const tree = useQuery(treeQuery)
  const place = new Map(tree.data?.map(({ id, name }) => [id, name]))
  const numbers = (signals.data ?? []).filter(({ kind, equipment }) => kind === 'number' && equipment !== null)
  return (
    <div className={styles.tools}>
      <Select
        label={t('parts.signal')}
        data={numbers.map(({ id, name, equipment }) => ({
          value: id,
          label: `${place.get(equipment!) ?? ''} · ${name}`,
        }))}
        value={choice.signal ?? null}
        onChange={(value) => value !== null && onChoose({ signal: value, lower: undefined, upper: undefined })}
        searchable
        limit={100}
        w={260}
      />
      <Select
        label={t('parts.chart')}
        data={[
          { value: 'individuals', label: t('parts.chartIndividuals') },
          { value: 'xbar-r', label: t('parts.chartXbarR') },
          { value: 'xbar-s', label: t('parts.chartXbarS') },
          { value: 'ewma', label: t('parts.chartEwma') },
          { value: 'cusum', label: t('parts.chartCusum') },
        ]}
        value={choice.chart}
        onChange={(value) => onChoose({ chart: value as ChartChoice['chart'] })}
        allowDeselect={false}
        w={230}
      />
      <Select
        label={t('parts.rules')}
        data={[
          { value: 'nelson', label: t('parts.nelson') },
          { value: 'western-electric', label: t('parts.western') },
        ]}
        value={choice.rules}
        onChange={(value) => onChoose({ rules: value as ChartChoice['rules'] })}
        allowDeselect={false}
        w={160}
      />
      {(['lower', 'upper'] as const).map((side) => (
        <NumberInput
          key={side}
          label={t(`parts.${side}`)}
          value={choice[side] ?? ''}
          onChange={(value) => onChoose({ [side]: typeof value === 'number' ? value : undefined })}
          hideControls
          w={110}
        />
      ))}
    </div>
  )
}
