import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import type { LifeDetail } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { chartBase, upright } from './chart-base.ts'
import { span } from './span.ts'
import { money } from './words.tsx'

const HOUR = 3_600_000_000

/** Expected cost of a stop by when it is made, with the advised time marked. */
export function CostChart({ life }: { life: LifeDetail }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const { advice, at, curve, remaining } = life
    if (advice === null || at === null) return base
    const { locale } = format
    // Beyond the interval it is sure to have failed: nothing more is to be seen there.
    const end = Math.min(curve.at(-1)?.hours ?? 0, 1.3 * (remaining?.high ?? 0))
    const shown = curve.filter(({ hours }) => hours <= end)
    const best = ((advice.stopAt - at) / HOUR) * life.acceleration
    const most = Math.max(...shown.map(({ cost }) => cost))
    return {
      ...base,
      tooltip: {
        ...base.tooltip,
        trigger: 'axis',
        valueFormatter: (value) => money(Number(value), advice.currency, locale),
      },
      xAxis: {
        ...base.xAxis,
        type: 'value',
        min: 0,
        max: end,
        axisLabel: {
          color: token('faint'),
          fontSize: 11,
          hideOverlap: true,
          formatter: (hours: number) => span(hours, locale),
        },
        axisPointer: { label: { show: false } },
      },
      yAxis: {
        ...base.yAxis,
        type: 'value',
        min: 0,
        axisLabel: {
          color: token('faint'),
          fontSize: 11,
          formatter: (value: number) => money(value, advice.currency, locale),
        },
      },
      series: [
        {
          type: 'line',
          name: t('life.cost'),
          data: shown.map(({ hours, cost }) => [hours, cost]),
          symbol: 'none',
          lineStyle: { color: token('accent'), width: 2 },
          itemStyle: { color: token('accent') },
        },
        ...(advice.needed ? [upright(best, most, t('life.stopBy'), token('text'), 'dashed')] : []),
      ],
    }
  }, [life, format, colorScheme])
  return <EChart option={option} height={280} label={t('life.costChart')} />
}
