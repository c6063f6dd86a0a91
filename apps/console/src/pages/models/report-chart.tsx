import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import type { ServiceReport } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { useNow } from '../../live/clock.ts'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './models.module.css'

type Drawn = ServiceReport['charts'][number]

const COLOURS = 8

/** A drawing of a report: lines, dots or bars, over time or over anything. */
export function ReportChart({ chart }: { chart: Drawn }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  const now = useNow()
  const day = Math.floor(now / 86_400e6)
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo(() => optionOf(chart, format, day * 86_400e6), [chart, format, colorScheme, day])
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <b>{chart.title}</b>
        {chart.lines.length > 1 && (
          <span className={styles.legend}>
            {chart.lines.map(({ name }, index) => (
              <span key={name} className={styles.legendItem}>
                <span
                  className={styles.swatch}
                  style={{ background: `var(--mw-series-${index % COLOURS})` }}
                  aria-hidden
                />
                {name}
              </span>
            ))}
          </span>
        )}
        <span className={styles.note}>{t('models.axes', { x: chart.xName, y: chart.yName })}</span>
      </figcaption>
      <EChart option={option} height={220} label={chart.title} />
    </figure>
  )
}

function optionOf(chart: Drawn, format: ReturnType<typeof useFormat>, now: number): EChartsOption {
  const { style, overTime, x, lines } = chart
  const words = x.some((one) => typeof one === 'string')
  const axis = {
    axisLine: { lineStyle: { color: token('line-strong') } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: token('line') } },
  }
  const label = { color: token('faint'), fontSize: 11, hideOverlap: true }
  return {
    grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: style === 'scatter' ? 'item' : 'axis',
      backgroundColor: token('panel'),
      borderColor: token('line-strong'),
      textStyle: { color: token('text'), fontSize: 12 },
      valueFormatter: (value) => (typeof value === 'number' ? format.number(value) : String(value ?? '')),
    },
    xAxis: words
      ? { ...axis, type: 'category', data: x.map(String), axisLabel: label, splitLine: { show: false } }
      : {
          ...axis,
          // Its ticks stand at full minutes, hours and days.
          type: overTime ? 'time' : 'value',
          scale: true,
          splitLine: { show: false },
          axisLabel: {
            ...label,
            formatter: (value: number) => (overTime ? format.when(value * 1000, now) : format.number(value)),
          },
        },
    yAxis: {
      ...axis,
      type: 'value',
      scale: style !== 'bars',
      axisLabel: { ...label, formatter: (value: number) => format.number(value) },
    },
    series: lines.map(({ name, y }, index) => {
      const color = token(`series-${index % COLOURS}`)
      const data = words ? y : y.map((value, at) => [overTime ? (x[at] as number) / 1000 : (x[at] as number), value])
      if (style === 'bars') return { type: 'bar', name, data: data as number[], itemStyle: { color } }
      if (style === 'scatter')
        return { type: 'scatter', name, data: data as number[][], symbolSize: 5, itemStyle: { color } }
      return {
        type: 'line',
        name,
        data: data as number[][],
        symbol: 'none',
        lineStyle: { color, width: 1.5 },
        itemStyle: { color },
      }
    }),
  }
}
