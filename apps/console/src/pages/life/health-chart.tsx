import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { seriesQuery } from '../../api/history.ts'
import type { LifeDetail, Series } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { chartBase, upright } from './chart-base.ts'
import { fan } from './fan.ts'

const HOUR = 3_600_000_000
const PIXELS = 600
/** Looked back for at least this long, and for twice what is looked ahead. */
const LEAST = 60_000_000
/** Share of the chart's width within which two words would run into each other. */
const CLOSE = 0.08

/** Health until now, and the fan of the ways it may go: to 0 between the ends of the interval. */
export function HealthChart({ life }: { life: LifeDetail }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  const at = life.at ?? 0
  const { remaining, horizon, acceleration } = life
  // On the clock, as the past is.
  const ahead =
    (remaining === null || remaining.atLeast || remaining.high === 0 ? 0.25 * horizon : remaining.high) / acceleration
  const back = Math.max(LEAST, Math.min(2 * ahead, horizon / acceleration) * HOUR)
  // The past moves on in steps, so that the same question is not asked anew with each prediction.
  const step = Math.max(1_000_000, Math.round(back / 200))
  const to = Math.ceil(at / step) * step
  const series = useQuery(
    seriesQuery(life.signals.health === null ? [] : [life.signals.health], to - Math.round(back), to, PIXELS),
  )
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const one = series.data?.[0]
    const past = pastOf(one)
    const { low, middle, high } = fan(life)
    const end = at + ahead * HOUR * 1.08
    const stop = life.advice?.needed === true ? life.advice.stopAt : Number.POSITIVE_INFINITY
    const crowded = stop - at < CLOSE * (end - to + back)
    return {
      ...base,
      tooltip: {
        ...base.tooltip,
        trigger: 'axis',
        valueFormatter: (value) => (typeof value === 'number' ? format.percent(value / 100) : ''),
      },
      xAxis: {
        ...base.xAxis,
        type: 'time',
        min: (to - back) / 1000,
        max: end / 1000,
        axisLabel: {
          color: token('faint'),
          fontSize: 11,
          hideOverlap: true,
          formatter: (ms: number) => format.when(ms * 1000, at),
        },
      },
      yAxis: {
        ...base.yAxis,
        type: 'value',
        min: 0,
        max: 100,
        interval: 25,
        axisLabel: { color: token('faint'), fontSize: 11, formatter: (value: number) => format.percent(value / 100) },
      },
      series: [
        {
          type: 'line',
          data: low,
          stack: 'fan',
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
          tooltip: { show: false },
        },
        {
          type: 'line',
          data: high.map(([time, value], index) => [time!, value! - low[index]![1]!]),
          stack: 'fan',
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
          areaStyle: { color: token('accent'), opacity: 0.16 },
          tooltip: { show: false },
        },
        {
          type: 'line',
          name: t('life.ahead'),
          data: middle,
          symbol: 'none',
          lineStyle: { color: token('accent'), width: 2, type: 'dashed' },
          itemStyle: { color: token('accent') },
        },
        {
          type: 'line',
          name: t('life.past'),
          data: past,
          symbol: 'none',
          lineStyle: { color: token('accent'), width: 2 },
          itemStyle: { color: token('accent') },
        },
        upright(at / 1000, 100, crowded ? '' : t('life.now'), token('muted'), 'solid'),
        ...(stop < end ? [upright(stop / 1000, 100, t('life.stopBy'), token('text'), 'dashed')] : []),
      ],
    }
  }, [series.data, life, format, colorScheme, at, to, back, ahead])
  return <EChart option={option} height={280} label={t('life.healthChart')} />
}

/** Points with a gap where nothing was known. */
const pastOf = (series: Series | undefined): [number, number | null][] =>
  (series?.time ?? []).map((time, row) => [time / 1000, series?.value[row] ?? null])
