import type { LineSeriesOption } from 'echarts'
import { token } from '../../charts/echart.tsx'

/** Grid, tooltip and axes as all charts of this page have them, in the palette of the moment. */
export const chartBase = () => ({
  grid: { left: 8, right: 12, top: 24, bottom: 4, containLabel: true },
  tooltip: {
    backgroundColor: token('panel'),
    borderColor: token('line-strong'),
    textStyle: { color: token('text'), fontSize: 12 },
    axisPointer: { lineStyle: { color: token('line-strong') } },
  },
  xAxis: {
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token('line-strong') } },
    splitLine: { show: false },
  },
  yAxis: { splitLine: { lineStyle: { color: token('line') } } },
})

/** A marked place on the horizontal axis, with its word above. */
export const upright = (
  x: number,
  height: number,
  word: string,
  color: string,
  type: 'solid' | 'dashed',
): LineSeriesOption => ({
  type: 'line',
  data: [
    [x, 0],
    [x, height],
  ],
  symbol: 'none',
  silent: true,
  tooltip: { show: false },
  lineStyle: { color, width: 1, type },
  endLabel: { show: true, formatter: word, color, fontSize: 11, offset: [-4, -10], align: 'center' },
})
