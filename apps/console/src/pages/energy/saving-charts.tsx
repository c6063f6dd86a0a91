import { useComputedColorScheme } from '@mantine/core'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import type { EnergyView } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { upright } from '../life/chart-base.ts'
import { band, line, overTime } from './band.ts'
import { Key } from './key.tsx'

/** Avoided energy, summed up since the baseline. */
export function SumChart({ energy }: { energy: EnergyView }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const { time, avoided, low, high } = energy.sum
    return {
      ...overTime(format, 'kW.h'),
      series: [...band(time, low, high, 'accent'), line(t('energy.avoided'), time, avoided, 'accent')],
    }
  }, [energy, format, colorScheme])
  return (
    <>
      <Key
        items={[
          { name: t('energy.avoided'), color: 'accent' },
          { name: t('energy.interval'), color: 'accent', look: 'block' },
        ]}
      />
      <EChart option={option} height={240} label={t('energy.sumChart')} />
    </>
  )
}

/** Used energy and what the baseline expects. */
export function UsedChart({ energy }: { energy: EnergyView }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const { time, actual, expected, low, high } = energy.series
    const most = Math.max(0, ...high.map((value) => value ?? 0))
    const { baseline } = energy
    const until = { ...upright(baseline.to / 1000, most, t('energy.baselineEnd'), token('muted'), 'dashed') }
    return {
      ...overTime(format, 'kW.h'),
      series: [
        ...band(time, low, high, 'series-1'),
        line(t('energy.expected'), time, expected, 'series-1', {
          lineStyle: { color: token('series-1'), width: 1.5, type: 'dashed' },
        }),
        line(t('energy.usedNow'), time, actual, 'accent'),
        ...(baseline.to > (time[0] ?? 0) && baseline.to < (time.at(-1) ?? 0) ? [until] : []),
      ],
    }
  }, [energy, format, colorScheme])
  return (
    <>
      <Key
        items={[
          { name: t('energy.usedNow'), color: 'accent' },
          { name: t('energy.expected'), color: 'series-1', look: 'dashed' },
          { name: t('energy.interval'), color: 'series-1', look: 'block' },
        ]}
      />
      <EChart option={option} height={280} label={t('energy.usedChart')} />
    </>
  )
}
