import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { useMemo } from 'react'
import type { EnergyView } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { chartBase } from '../life/chart-base.ts'
import { Key } from './key.tsx'

type Driver = EnergyView['drivers'][number]

/** Energy of each period over a driver: dots of the baseline and of the time since. */
export function DriverChart({ driver }: { driver: Driver }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const base = chartBase()
    const label = {
      color: token('faint'),
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number) => format.number(value),
    }
    const axis = {
      type: 'value' as const,
      scale: true,
      axisLabel: label,
      nameTextStyle: { color: token('faint'), fontSize: 11 },
    }
    const unit = driver.unit === '1' ? '' : ` (${format.unit(driver.unit)})`
    return {
      ...base,
      grid: { ...base.grid, top: 28, bottom: 22 },
      tooltip: { show: false },
      xAxis: { ...base.xAxis, ...axis, name: `${driver.name}${unit}`, nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...base.yAxis, ...axis, name: format.unit('kW.h') },
      series: [dots(driver.baseline, 'series-1', 'circle'), dots(driver.since, 'accent', 'diamond')],
    }
  }, [driver, format, colorScheme])
  return (
    <div>
      <Key
        items={[
          { name: t('energy.inBaseline'), color: 'series-1', look: 'block' },
          { name: t('energy.since'), color: 'accent', look: 'block' },
        ]}
      />
      <EChart option={option} height={240} label={t('energy.driverChart', { name: driver.name })} />
    </div>
  )
}

const dots = ({ x, y }: Driver['baseline'], color: string, symbol: string): LineSeriesOption => ({
  type: 'line',
  data: x.map((value, i) => [value, y[i]!]),
  symbol,
  symbolSize: 6,
  showSymbol: true,
  showAllSymbol: true,
  silent: true,
  lineStyle: { opacity: 0 },
  itemStyle: { color: token(color), opacity: 0.55 },
})
