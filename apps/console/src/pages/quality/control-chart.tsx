import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { useMemo } from 'react'
import type { ControlCharts } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { Key } from '../energy/key.tsx'
import { chartBase } from '../life/chart-base.ts'

/** Points in their order with centre line and limits; a filled diamond where a rule fired. */
export function ControlChart({ data, index }: { data: ControlCharts; index: number }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  const chart = data.charts[index]!
  const fired = data.fired.filter((each) => each.chart === index)
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const label = { color: token('faint'), fontSize: 11, hideOverlap: true }
    const line = (values: readonly (number | null)[], type: 'solid' | 'dashed', color: string): LineSeriesOption => ({
      type: 'line',
      data: values.map((value, at) => [at, value]),
      symbol: 'none',
      silent: true,
      step: 'middle',
      lineStyle: { color: token(color), width: 1, type },
    })
    const marked = new Map(fired.flatMap(({ first, last, says }) => points(first, last).map((at) => [at, says])))
    return {
      ...base,
      grid: { ...base.grid, top: 24 },
      tooltip: {
        ...base.tooltip,
        trigger: 'axis',
        formatter: (shown) => {
          const at = (Array.isArray(shown) ? shown[0] : shown)?.dataIndex ?? 0
          const value = chart.points[at]
          if (value === null || value === undefined) return ''
          const said = marked.get(at)
          return `${format.dateTime(chart.time[at]!)}<br>${format.number(value)}${said === undefined ? '' : `<br>${said}`}`
        },
      },
      xAxis: {
        ...base.xAxis,
        type: 'value',
        min: 0,
        max: Math.max(1, chart.points.length - 1),
        minInterval: 1,
        axisLabel: {
          ...label,
          formatter: (at: number) => (chart.time[at] === undefined ? '' : format.time(chart.time[at]).slice(0, 5)),
        },
      },
      yAxis: {
        ...base.yAxis,
        type: 'value',
        scale: true,
        name: data.unit === '1' ? '' : format.unit(data.unit),
        nameTextStyle: { color: token('faint'), fontSize: 11 },
        axisLabel: { ...label, formatter: (value: number) => format.number(value) },
      },
      series: [
        {
          type: 'line',
          data: chart.points.map((value, at) => [at, value]),
          symbol: 'circle',
          symbolSize: chart.points.length > 150 ? 3 : 5,
          showAllSymbol: true,
          lineStyle: { color: token('series-0'), width: 1 },
          itemStyle: { color: token('series-0') },
        },
        line(chart.centre, 'solid', 'faint'),
        line(chart.upper, 'dashed', 'muted'),
        line(chart.lower, 'dashed', 'muted'),
        {
          type: 'scatter',
          data: [...marked.keys()].map((at) => [at, chart.points[at] ?? null]),
          symbol: 'diamond',
          symbolSize: 11,
          silent: true,
          itemStyle: { color: token('critical-mark') },
        },
      ],
    }
  }, [data, index, format, colorScheme])
  return (
    <>
      <Key
        items={[
          { name: chart.statistic, color: 'series-0' },
          { name: t('parts.centre'), color: 'faint' },
          { name: t('parts.limit'), color: 'muted', look: 'dashed' },
          ...(fired.length > 0 ? [{ name: t('parts.fired'), color: 'critical-mark', look: 'block' as const }] : []),
        ]}
      />
      <EChart
        option={option}
        height={index === 0 ? 300 : 180}
        label={t('parts.chartLabel', { name: data.name, statistic: chart.statistic })}
      />
    </>
  )
}

const points = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)
