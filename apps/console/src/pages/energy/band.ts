import type { EChartsOption, LineSeriesOption } from 'echarts'
import { token } from '../../charts/echart.tsx'
import type { Formatter } from '../../messages/format.ts'
import { chartBase } from '../life/chart-base.ts'

type Row = number | null

/** Points at times in µs; a null is a gap. */
export const line = (
  name: string,
  time: readonly number[],
  y: readonly Row[],
  color: string,
  more: Partial<LineSeriesOption> = {},
): LineSeriesOption => ({
  type: 'line',
  name,
  data: time.map((at, i) => [at / 1000, y[i] ?? null]),
  symbol: 'none',
  lineStyle: { color: token(color), width: 2 },
  itemStyle: { color: token(color) },
  ...more,
})

/** The area between two lines. */
export function band(
  time: readonly number[],
  low: readonly Row[],
  high: readonly Row[],
  color: string,
): LineSeriesOption[] {
  const hidden: Partial<LineSeriesOption> = {
    stack: `band ${color}`,
    // Else an area from a value below zero to one above is drawn from zero.
    stackStrategy: 'all',
    silent: true,
    tooltip: { show: false },
    lineStyle: { opacity: 0 },
  }
  const between = high.map((value, i) => (value === null || low[i] === null ? null : value - low[i]!))
  return [
    line('', time, low, color, hidden),
    line('', time, between, color, { ...hidden, areaStyle: { color: token(color), opacity: 0.18 } }),
  ]
}

/** Axes of a chart over time, in the viewer's words. */
export function overTime(format: Formatter, unit: string): EChartsOption {
  const base = chartBase()
  const label = { color: token('faint'), fontSize: 11, hideOverlap: true }
  return {
    ...base,
    grid: { ...base.grid, top: 28 },
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? `${format.number(value)} ${format.unit(unit)}` : '–'),
    },
    xAxis: {
      ...base.xAxis,
      type: 'time',
      axisLabel: { ...label, formatter: (ms: number) => format.dateShort(ms * 1000) },
    },
    yAxis: {
      ...base.yAxis,
      type: 'value',
      scale: true,
      name: format.unit(unit),
      nameTextStyle: { color: token('faint'), fontSize: 11, align: 'right' },
      axisLabel: { ...label, formatter: (value: number) => format.number(value) },
    },
  }
}
