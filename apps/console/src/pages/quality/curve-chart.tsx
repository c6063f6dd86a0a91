import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { useMemo } from 'react'
import type { CurveComparison } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { chartBase } from '../life/chart-base.ts'

/** A part's curve over the band of good parts, along its way. */
export function CurveChart({ curve }: { curve: CurveComparison }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const label = { color: token('faint'), fontSize: 11, hideOverlap: true }
    const { lower, upper, matched, duration } = curve
    const place = (at: number) => ((at / (matched.length - 1)) * duration) / 1e6
    const line = (values: readonly number[], rest: Partial<LineSeriesOption>): LineSeriesOption => ({
      type: 'line',
      data: values.map((value, at) => [place(at), value]),
      symbol: 'none',
      silent: true,
      ...rest,
    })
    const still = { lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all' as const }
    return {
      ...base,
      tooltip: { show: false },
      xAxis: {
        ...base.xAxis,
        type: 'value',
        min: 0,
        max: place(matched.length - 1),
        name: 's',
        nameTextStyle: { color: token('faint'), fontSize: 11 },
        axisLabel: label,
      },
      yAxis: {
        ...base.yAxis,
        type: 'value',
        scale: true,
        name: curve.unit === '1' ? '' : format.unit(curve.unit),
        nameTextStyle: { color: token('faint'), fontSize: 11 },
        axisLabel: label,
      },
      series: [
        line(lower, still),
        line(
          upper.map((value, at) => value - lower[at]!),
          { ...still, areaStyle: { color: token('series-7'), opacity: 0.22 } },
        ),
        line(matched, { lineStyle: { color: token('series-1'), width: 2 } }),
      ],
    }
  }, [curve, format, colorScheme])
  return <EChart option={option} height={220} label={t('parts.curveChart', { ...pick(curve) })} />
}

const pick = ({ signal, serial, station }: CurveComparison) => ({ signal, serial, station })
