import { Select, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { EChartsOption } from 'echarts'
import { useMemo, useState } from 'react'
import { waveformsQuery } from '../api/history.ts'
import type { Signal } from '../api/types.ts'
import { EmptyState, Loaded, PanelSkeleton } from '../components/states.tsx'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import { EChart, token } from './echart.tsx'
import { spectrum } from './spectrum.ts'
import type { Span } from './time-range.ts'
import styles from './waveform-view.module.css'

const KEPT = 30

/** Waveforms of a signal: each as measured, and its amplitude spectrum. */
export function WaveformView({ signal, span }: { signal: Signal; span: Span }) {
  const format = useFormat()
  const query = useQuery(waveformsQuery(signal.id, Math.round(span.from), Math.round(span.to), KEPT))
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <Loaded query={query} skeleton={<PanelSkeleton height={240} />}>
      {(items) => {
        const waveform = items.find((one) => String(one.time) === chosen) ?? items[0]
        if (waveform === undefined) return <EmptyState>{t('machine.noWaveform')}</EmptyState>
        return (
          <>
            <div className={styles.head}>
              <Select
                size="xs"
                w={220}
                aria-label={t('chart.waveformAt')}
                data={items.map((one) => ({ value: String(one.time), label: format.dateTime(one.time) }))}
                value={String(waveform.time)}
                onChange={setChosen}
                allowDeselect={false}
              />
            </div>
            <Pair samples={waveform.samples} rate={waveform.sampleRate} unit={format.unit(waveform.unit)} />
          </>
        )
      }}
    </Loaded>
  )
}

function Pair({ samples, rate, unit }: { samples: readonly number[]; rate: number; unit: string }) {
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const { time, lines, facts, strongest } = useMemo(() => {
    const { frequency, amplitude } = spectrum(samples, rate)
    const top = amplitude.reduce((best, value, index) => (index > 0 && value > amplitude[best]! ? index : best), 1)
    const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)
    const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return {
      time: samples.map((value, index) => [(index / rate) * 1000, value] as [number, number]),
      lines: frequency.map((hertz, index) => [hertz, amplitude[index]!] as [number, number]),
      facts: t('chart.waveformFacts', {
        samples: samples.length,
        rate: format.number(rate),
        rms: format.number(rms),
        peak: format.number(peak),
        unit,
      }),
      strongest: t('chart.strongest', {
        frequency: format.number(frequency[top] ?? 0),
        amplitude: format.number(amplitude[top] ?? 0),
        unit,
      }),
    }
  }, [samples, rate, unit, format])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read from the page: another theme, another chart
  const [wave, bars] = useMemo(() => {
    const make = (data: [number, number][], x: string, fill: boolean): EChartsOption => ({
      grid: { left: 56, right: 16, top: 12, bottom: 42 },
      tooltip: {
        trigger: 'axis',
        backgroundColor: token('panel'),
        borderColor: token('line-strong'),
        textStyle: { color: token('text'), fontSize: 12 },
        valueFormatter: (value) => `${format.number(Number(value))} ${unit}`,
        axisPointer: { label: { formatter: ({ value }) => `${format.number(Number(value))} ${x}` } },
      },
      xAxis: {
        type: 'value',
        max: 'dataMax',
        name: x,
        nameLocation: 'middle',
        nameGap: 24,
        nameTextStyle: { color: token('muted'), fontSize: 11 },
        axisLabel: { color: token('muted'), fontSize: 11 },
        splitLine: { show: false },
        axisLine: { show: true, lineStyle: { color: token('line-strong') } },
      },
      yAxis: {
        type: 'value',
        name: unit,
        nameLocation: 'middle',
        nameGap: 38,
        nameTextStyle: { color: token('muted'), fontSize: 11 },
        axisLabel: { color: token('muted'), fontSize: 11 },
        splitLine: { lineStyle: { color: token('line') } },
      },
      series: [
        {
          type: 'line',
          data,
          showSymbol: false,
          sampling: 'minmax',
          lineStyle: { width: 1, color: token('series-0') },
          itemStyle: { color: token('series-0') },
          ...(fill ? { areaStyle: { color: token('series-0'), opacity: 0.15 } } : {}),
        },
      ],
    })
    return [make(time, t('chart.milliseconds'), false), make(lines, t('chart.frequency'), true)]
  }, [time, lines, unit, format, scheme])
  return (
    <div className={styles.pair}>
      <figure className={styles.figure}>
        <figcaption>{facts}</figcaption>
        <EChart option={wave} height={200} label={`${t('chart.waveform')}: ${facts}`} />
      </figure>
      <figure className={styles.figure}>
        <figcaption>{strongest}</figcaption>
        <EChart option={bars} height={200} label={`${t('chart.spectrum')}: ${strongest}`} />
      </figure>
    </div>
  )
}
