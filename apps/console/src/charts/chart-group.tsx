import { ActionIcon, Menu, Skeleton, Tooltip } from '@mantine/core'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Signal } from '../api/types.ts'
import { download, fileName } from '../components/download.ts'
import { IconDownload, IconPhoto, IconTable } from '../components/icons.ts'
import { ErrorState } from '../components/states.tsx'
import { useLink } from '../live/link.ts'
import { t } from '../messages/index.tsx'
import { shownUnit } from '../messages/units.ts'
import { useFormat } from '../messages/use-format.ts'
import { chartCsv } from './chart-csv.ts'
import styles from './chart-group.module.css'
import { chartPng } from './chart-png.ts'
import { qualitySpans } from './columns.ts'
import { Comparison } from './comparison.tsx'
import { Legend } from './legend.tsx'
import { Plot, type PlotLine } from './plot.tsx'
import type { Gestures } from './plot-gestures.ts'
import type { AlarmMark } from './plot-paint.ts'
import { dashOf, seriesIndex } from './series-style.ts'
import { before, panBy, type Span, type TimeRange, zoomBy, zoomTo } from './time-range.ts'
import { useMovingSpan } from './use-moving-span.ts'
import { type DrawnSeries, useSeries } from './use-series.ts'
import { useWidth } from './use-width.ts'

interface ChartGroupProps {
  title: string
  signals: readonly Signal[]
  /** All signals of the equipment: they settle who has which colour. */
  siblings: readonly Signal[]
  range: TimeRange
  onRange: (range: TimeRange) => void
  marks?: readonly AlarmMark[]
  compare?: Span | undefined
  onCompare?: (span: Span | undefined) => void
  /** Drawn across, in the signals' own unit: thresholds. For signals of one unit. */
  limits?: readonly number[]
  height?: number
  /** Leaves out the tools: small charts beside something else. */
  plain?: boolean
}

const nowMicros = () => Date.now() * 1000

/** One or more plots under each other, one per unit, with one time axis, one cursor and one legend. */
export function ChartGroup(props: ChartGroupProps) {
  const { title, signals, siblings, range, onRange, marks = [], limits = [], compare, onCompare, plain = false } = props
  const format = useFormat()
  const link = useLink()
  const group = useId()
  const { ref, width } = useWidth<HTMLDivElement>()
  const [cursor, setCursor] = useState<number>()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const { series, reading, error, retry } = useSeries(signals, range, width, format.units)
  const span = useMovingSpan(range, width)
  const earlier = useRef<TimeRange[]>([])

  const go = (next: TimeRange) => {
    earlier.current.push(range)
    onRange(next)
  }
  const gestures: Gestures = {
    zoom: (from, to) => go(zoomTo(from, to)),
    compare: (from, to) => onCompare?.({ from, to }),
    scale: (factor, around) => go(zoomBy(range, factor, nowMicros(), around)),
    move: (from, to) =>
      go(to >= nowMicros() && range.kind === 'last' ? { kind: 'last', span: to - from } : zoomTo(from, to)),
    reset: () => onRange(earlier.current.pop() ?? zoomBy(range, 2, nowMicros())),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = {
      ArrowLeft: () => panBy(range, -0.25, nowMicros()),
      ArrowRight: () => panBy(range, 0.25, nowMicros()),
      '+': () => zoomBy(range, 0.5, nowMicros()),
      '=': () => zoomBy(range, 0.5, nowMicros()),
      '-': () => zoomBy(range, 2, nowMicros()),
    }[event.key]
    if (next === undefined || event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    go(next())
  }
  const lines = useLines(series, siblings, hidden)
  const panels = useMemo(
    () => byUnit(series, lines, (unit) => shownUnit(unit, format.units).label),
    [series, lines, format],
  )
  const height = props.height ?? (panels.length === 1 ? 320 : panels.length === 2 ? 220 : 170)
  const compared: readonly [Span, Span] | undefined = compare && [before(compare), compare]
  const lostSince = link.state === 'lost' && range.kind === 'last' ? link.since * 1000 : undefined
  const toggle = (id: string) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next)
  }

  return (
    <div className={styles.group}>
      <div
        ref={ref}
        className={styles.plots}
        role="group"
        aria-label={t('chart.keys', { title })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard moves and zooms the chart
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setCursor(undefined)}
      >
        {error !== null && <ErrorState error={error} onRetry={retry} />}
        {width > 0 &&
          panels.map((panel) => (
            <Plot
              key={panel.unit}
              lines={panel.lines}
              unit={panel.unit}
              span={span}
              width={width}
              height={height}
              group={group}
              gestures={gestures}
              onCursor={setCursor}
              backdrop={{
                quality: panel.lines.filter((line) => !line.hidden).flatMap((line) => qualitySpans(line.columns)),
                marks,
                compare: compared,
                lostSince,
                limits,
              }}
            />
          ))}
        {reading && <Skeleton className={styles.reading} aria-hidden />}
      </div>
      <Legend series={series} lines={lines} span={span} cursor={cursor} marks={marks} onToggle={toggle} />
      {compared !== undefined && (
        <Comparison series={series} lines={lines} spans={compared} onClose={() => onCompare?.(undefined)} />
      )}
      {!plain && (
        <div className={styles.tools}>
          <p className={styles.hint}>{t('chart.hint')}</p>
          <Menu position="bottom-end">
            <Menu.Target>
              <Tooltip label={t('chart.download')}>
                <ActionIcon aria-label={t('chart.download')}>
                  <IconDownload size={18} aria-hidden />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPhoto size={16} aria-hidden />}
                onClick={() =>
                  void chartPng(ref.current!, title, series, lines, span, format).then((png) =>
                    download(fileName(title, 'png'), png),
                  )
                }
              >
                {t('chart.png')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTable size={16} aria-hidden />}
                onClick={() => download(fileName(title, 'csv'), chartCsv(series, span, format), 'text/csv')}
              >
                {t('chart.csv')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </div>
  )
}

function useLines(
  series: readonly DrawnSeries[],
  siblings: readonly Signal[],
  hidden: ReadonlySet<string>,
): readonly PlotLine[] {
  return useMemo(() => {
    const taken: number[] = []
    return series.map(({ signal, columns }) => {
      const colour = seriesIndex(signal, siblings)
      const dash = dashOf(colour, taken)
      taken.push(colour)
      return {
        id: signal.id,
        label: signal.name,
        colour,
        dash,
        columns,
        hidden: hidden.has(signal.id),
        stepped: signal.kind === 'boolean',
      }
    })
  }, [series, siblings, hidden])
}

interface PlotPanel {
  readonly unit: string
  readonly lines: PlotLine[]
}

/** One panel per unit: no two scales in one plot. */
function byUnit(
  series: readonly DrawnSeries[],
  lines: readonly PlotLine[],
  label: (unit: string) => string,
): PlotPanel[] {
  const panels = new Map<string, PlotPanel>()
  for (const [index, { signal }] of series.entries()) {
    const unit = label(signal.unit)
    const panel = panels.get(unit) ?? { unit, lines: [] }
    panels.set(unit, panel)
    panel.lines.push(lines[index]!)
  }
  return [...panels.values()]
}
