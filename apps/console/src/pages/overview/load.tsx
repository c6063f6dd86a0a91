import { useComputedColorScheme } from '@mantine/core'
import { PRIORITIES } from '@millwright/contracts/lists'
import { useQuery } from '@tanstack/react-query'
import type { EChartsOption } from 'echarts'
import { useMemo, useState } from 'react'
import { alarmsQuery } from '../../api/alarms.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { Panel } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import styles from './overview.module.css'
import { perHour } from './per-hour.ts'

const HOUR = 3_600_000_000
const HOURS = 24

/** How many alarms the last day brought, hour by hour: the load on whoever answers them (EEMUA 191). */
export function Load() {
  const [from] = useState(() => (Math.floor((Date.now() * 1000) / HOUR) - HOURS + 1) * HOUR)
  const alarms = useQuery({ ...alarmsQuery({ state: 'all', from }), refetchInterval: 60_000 })
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const counts = perHour(alarms.data ?? [], from, HOURS)
    return {
      grid: { left: 4, right: 4, top: 8, bottom: 22, containLabel: false },
      tooltip: {
        trigger: 'axis',
        backgroundColor: token('panel'),
        borderColor: token('line-strong'),
        textStyle: { color: token('text'), fontSize: 12 },
        axisPointer: { type: 'shadow', shadowStyle: { color: token('raised'), opacity: 0.5 } },
      },
      xAxis: {
        type: 'category',
        data: counts.map((_, hour) => format.time(from + hour * HOUR).slice(0, 5)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: token('line-strong') } },
        axisLabel: { color: token('faint'), fontSize: 11, interval: 5 },
      },
      yAxis: { type: 'value', show: false, minInterval: 1 },
      series: [...PRIORITIES].reverse().map((priority) => ({
        type: 'bar',
        stack: 'all',
        name: t(`priority.${priority}`),
        data: counts.map((count) => count[priority]),
        itemStyle: { color: token(`${priority}-mark`) },
        barCategoryGap: '25%',
      })),
    }
  }, [alarms.data, from, format, colorScheme])
  return (
    <Panel title={t('overview.load')}>
      <Loaded query={alarms} skeleton={<PanelSkeleton height={120} />}>
        {(data) => (
          <>
            <p className={styles.note}>
              {t('overview.loadSentence', { n: data.filter((alarm) => alarm.raisedAt >= from).length })}
            </p>
            <EChart option={option} height={120} label={t('overview.loadHelp')} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}
