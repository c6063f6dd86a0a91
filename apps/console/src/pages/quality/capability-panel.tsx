import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { useMemo } from 'react'
import type { ControlCharts } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { Facts, Panel } from '../../components/page.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { Key } from '../energy/key.tsx'
import { chartBase } from '../life/chart-base.ts'
import styles from './quality.module.css'

interface Props {
  data: ControlCharts
  limits: readonly number[]
}

/** The readings as a histogram within their specification limits, and the indices with what they may be. */
export function CapabilityPanel({ data, limits }: Props) {
  const format = useFormat()
  const { capability } = data
  const index = (value: { value: number; low: number; high: number }) =>
    t('parts.withIntervals', {
      value: value.value.toFixed(2),
      low: value.low.toFixed(2),
      high: value.high.toFixed(2),
    })
  const share = (value: number) => format.percent(Math.round(value * 10_000) / 10_000)
  return (
    <Panel title={t('parts.capability')}>
      <Histogram data={data} limits={limits} />
      {capability === null ? (
        <p className={styles.help}>{t('parts.noLimits')}</p>
      ) : (
        <>
          <Facts
            dense
            items={[
              capability.cp !== null && (['Cp', index(capability.cp)] as const),
              ['Cpk', index(capability.cpk)],
              capability.pp !== null && (['Pp', index(capability.pp)] as const),
              ['Ppk', index(capability.ppk)],
              [t('parts.readings'), format.number(capability.readings)],
              [t('parts.outside'), share(capability.outside)],
              [t('parts.expectedOutside'), share(capability.expectedOutside)],
            ]}
          />
          {capability.warnings.map((warning) => (
            <p key={warning} className={styles.help}>
              {warning}
            </p>
          ))}
        </>
      )}
    </Panel>
  )
}

function Histogram({ data, limits }: Props) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const { edges, counts } = data.histogram
    const most = Math.max(1, ...counts)
    const label = { color: token('faint'), fontSize: 11, hideOverlap: true }
    const upright = (x: number, color: string, type: 'solid' | 'dashed'): LineSeriesOption => ({
      type: 'line',
      data: [
        [x, 0],
        [x, most],
      ],
      symbol: 'none',
      silent: true,
      lineStyle: { color: token(color), width: 2, type },
    })
    return {
      ...base,
      tooltip: { show: false },
      xAxis: {
        ...base.xAxis,
        type: 'value',
        min: edges[0]!,
        max: edges.at(-1)!,
        name: data.unit === '1' ? '' : format.unit(data.unit),
        nameTextStyle: { color: token('faint'), fontSize: 11 },
        axisLabel: {
          ...label,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: (value: number) => format.number(value),
        },
      },
      yAxis: { ...base.yAxis, type: 'value', axisLabel: label },
      series: [
        {
          type: 'line',
          step: 'end',
          data: [...counts.map((count, at) => [edges[at]!, count]), [edges.at(-1)!, 0]],
          symbol: 'none',
          silent: true,
          areaStyle: { color: token('series-0'), opacity: 0.35 },
          lineStyle: { color: token('series-0'), width: 1 },
        },
        ...limits.map((limit) => upright(limit, 'text', 'solid')),
        ...(data.level === null ? [] : [upright(data.level.mean, 'faint', 'dashed')]),
      ],
    }
  }, [data, limits, format, colorScheme])
  return (
    <>
      <Key
        items={[
          { name: data.name, color: 'series-0', look: 'block' },
          ...(limits.length > 0 ? [{ name: t('parts.specification'), color: 'text' }] : []),
          { name: t('parts.centre'), color: 'faint', look: 'dashed' },
        ]}
      />
      <EChart option={option} height={220} label={t('parts.histogram', { name: data.name })} />
    </>
  )
}
