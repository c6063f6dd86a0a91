import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { EChartsOption } from 'echarts'
import { useMemo } from 'react'
import { energyPlanQuery } from '../../api/energy.ts'
import type { EnergyPlan } from '../../api/types.ts'
import { EChart, token } from '../../charts/echart.tsx'
import { Columns, Panel } from '../../components/page.tsx'
import { Loaded, PanelSkeleton } from '../../components/states.tsx'
import { t } from '../../messages/index.tsx'
import { useFormat } from '../../messages/use-format.ts'
import { band, line, overTime } from './band.ts'
import styles from './energy.module.css'
import { Key } from './key.tsx'
import { money } from './words.ts'

/** The load ahead, and what battery and jobs do best about it. */
export function PlanPanels({ service }: { service: string }) {
  const plan = useQuery(energyPlanQuery(service))
  return (
    <Columns>
      <Panel title={t('energy.ahead')}>
        <Loaded query={plan} skeleton={<PanelSkeleton height={260} />}>
          {(data) => <LoadAhead plan={data} />}
        </Loaded>
      </Panel>
      <Panel title={t('energy.schedule')}>
        <Loaded query={plan} skeleton={<PanelSkeleton height={260} />}>
          {(data) => <ScheduleAhead plan={data} />}
        </Loaded>
      </Panel>
    </Columns>
  )
}

function LoadAhead({ plan }: { plan: EnergyPlan }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // The palette is read from the page, so a change of theme makes a new chart.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo(
    (): EChartsOption => ({
      ...overTime(format, 'kW'),
      series: [
        ...band(plan.time, plan.load.low, plan.load.high, 'accent'),
        line(t('energy.load'), plan.past.time, plan.past.value, 'accent'),
        line(t('energy.forecast'), plan.time, plan.load.mean, 'accent', {
          lineStyle: { color: token('accent'), width: 2, type: 'dashed' },
        }),
      ],
    }),
    [plan, format, colorScheme],
  )
  return (
    <>
      <Key
        items={[
          { name: t('energy.load'), color: 'accent' },
          { name: t('energy.forecast'), color: 'accent', look: 'dashed' },
          { name: t('energy.interval'), color: 'accent', look: 'block' },
        ]}
      />
      <EChart option={option} height={240} label={t('energy.aheadChart')} />
      <p className={styles.help}>
        {t('energy.aheadHelp', { coverage: format.percent(plan.load.coverage) })} {plan.outside}
      </p>
    </>
  )
}

function ScheduleAhead({ plan }: { plan: EnergyPlan }) {
  const format = useFormat()
  const { schedule, currency } = plan
  if (schedule === null) return <p className={styles.sentence}>{t('energy.scheduleNone')}</p>
  const euros = (value: number) => money(value, currency, format.locale)
  const saved = schedule.costWithout - schedule.cost
  const now = plan.time[0] ?? 0
  return (
    <>
      <p className={styles.sentence}>
        {saved > 0.001 * schedule.costWithout
          ? t('energy.scheduleSentence', {
              cost: euros(schedule.cost),
              without: euros(schedule.costWithout),
              saved: euros(saved),
            })
          : t('energy.scheduleNothing')}
      </p>
      {schedule.jobs.length > 0 && (
        <ul className={styles.list}>
          {schedule.jobs.map(({ name, start, usual }) => (
            <li key={name}>
              {t(start === usual ? 'energy.jobStays' : 'energy.job', {
                name,
                start: format.when(start, now),
                usual: format.when(usual, now),
              })}
            </li>
          ))}
        </ul>
      )}
      <ScheduleChart plan={plan} schedule={schedule} />
      {!schedule.optimal && <p className={styles.help}>{t('energy.scheduleBest')}</p>}
    </>
  )
}

function ScheduleChart({ plan, schedule }: { plan: EnergyPlan; schedule: NonNullable<EnergyPlan['schedule']> }) {
  const format = useFormat()
  const colorScheme = useComputedColorScheme('light')
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const option = useMemo((): EChartsOption => {
    const steps = { step: 'end' as const }
    return {
      ...overTime(format, 'kW'),
      series: [
        line(t('energy.gridWithout'), plan.time, schedule.gridWithout, 'series-1', {
          ...steps,
          lineStyle: { color: token('series-1'), width: 1.5, type: 'dashed' },
        }),
        line(t('energy.grid'), plan.time, schedule.grid, 'accent', steps),
      ],
    }
  }, [plan, schedule, format, colorScheme])
  return (
    <>
      <Key
        items={[
          { name: t('energy.grid'), color: 'accent' },
          { name: t('energy.gridWithout'), color: 'series-1', look: 'dashed' },
        ]}
      />
      <EChart option={option} height={180} label={t('energy.scheduleChart')} />
    </>
  )
}
