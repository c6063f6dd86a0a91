import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useFormat } from '../messages/use-format.ts'
import { timeLabels } from './axis-time.ts'
import type { Columns } from './columns.ts'
import styles from './plot.module.css'
import { type Gestures, gestures } from './plot-gestures.ts'
import { type Backdrop, type Paints, paintBehind, paintMarks } from './plot-paint.ts'
import type { Span } from './time-range.ts'

export interface PlotLine {
  readonly id: string
  readonly label: string
  /** Index into the series colours. */
  readonly colour: number
  readonly dash: readonly number[] | undefined
  readonly columns: Columns
  readonly hidden: boolean
  /** Steps instead of slopes: yes/no values. */
  readonly stepped: boolean
}

interface PlotProps {
  lines: readonly PlotLine[]
  span: Span
  unit: string
  width: number
  height: number
  group: string
  backdrop: Backdrop
  gestures: Gestures
  onCursor: (time: number | undefined) => void
}

/** Left of every plot, so that plots and strips of one group stand under each other. */
export const AXIS_WIDTH = 60
export const RIGHT_PAD = 12

/** Lines of one unit over time. Everything around it (legend, range, marks) belongs to the group. */
export function Plot(props: PlotProps) {
  const { lines, span, unit, width, height, group } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const now = useRef(props)
  now.current = props
  const format = useFormat()
  const scheme = useComputedColorScheme()
  const shape = lines
    .map(
      (line) => `${line.id}:${line.colour}:${line.dash?.join('-')}:${line.columns.min !== undefined}:${line.stepped}`,
    )
    .join('|')

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made anew when its make-up changes; its data flow in below
  useEffect(() => {
    const style = getComputedStyle(document.documentElement)
    const made = new uPlot(
      options(now, {
        unit,
        group,
        format,
        paints: paintsOf(style),
        colour: (index) => style.getPropertyValue(`--mw-series-${index}`).trim(),
      }),
      [[]],
      box.current!,
    )
    plot.current = made
    return () => {
      plot.current = undefined
      made.destroy()
    }
  }, [shape, unit, group, format, scheme])

  const data = useMemo(() => aligned(lines), [lines])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot made anew needs its data again
  useEffect(() => {
    const u = plot.current
    if (u === undefined) return
    u.batch(() => {
      if (u.width !== width || u.height !== height) u.setSize({ width, height })
      u.setData(data, false)
      for (const [index, line] of lines.entries()) {
        const first = 1 + index * 3
        if (u.series[first]!.show === line.hidden)
          for (const offset of [0, 1, 2]) u.setSeries(first + offset, { show: !line.hidden })
      }
      u.setScale('x', { min: span.from / 1e6, max: span.to / 1e6 })
    })
  }, [data, lines, span.from, span.to, width, height, shape, unit, group, format, scheme])

  // biome-ignore lint/correctness/useExhaustiveDependencies: marks and shading are painted by the plot itself
  useEffect(() => plot.current?.redraw(false, false), [props.backdrop])

  return <div ref={box} className={styles.plot} style={{ height }} />
}

/** All lines on one time axis: each has its value, minimum and maximum (empty where it has no spread). */
function aligned(lines: readonly PlotLine[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]]
  const tables = lines.map(({ columns }): uPlot.AlignedData => {
    const time = columns.time.map((at) => at / 1e6)
    const none = () => new Array<number | null>(time.length).fill(null)
    return [time, columns.value, columns.min ?? none(), columns.max ?? none()]
  })
  return uPlot.join(tables) as uPlot.AlignedData
}

interface Make {
  unit: string
  group: string
  format: ReturnType<typeof useFormat>
  paints: Paints
  colour: (index: number) => string
}

function options(now: { readonly current: PlotProps }, { unit, group, format, paints, colour }: Make): uPlot.Options {
  const { lines, width, height } = now.current
  const font = '11px Inter Variable, sans-serif'
  const grid = { stroke: paints.line, width: 1 }
  return {
    width,
    height,
    padding: [10, RIGHT_PAD, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: group, scales: ['x', null] },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: { size: 7 },
      y: false,
    },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: true }, y: { range: (_u, min, max) => breathing(min, max) } },
    axes: [
      {
        font,
        stroke: paints.text,
        grid,
        ticks: { ...grid, size: 5 },
        size: 30,
        space: 72,
        values: (_u, splits) => timeLabels(splits, format),
      },
      {
        font,
        stroke: paints.text,
        grid,
        ticks: { show: false },
        size: AXIS_WIDTH,
        space: 34,
        label: unit,
        labelSize: unit === '' ? 0 : 16,
        labelFont: font,
        labelGap: 2,
        values: (_u, splits) => format.scale(splits),
      },
    ],
    series: [
      {},
      ...lines.flatMap((line): uPlot.Series[] => {
        const base = { stroke: colour(line.colour), spanGaps: false, points: { show: lonely } }
        const edge = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false }
        return [
          {
            ...base,
            width: 1.5,
            ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
            ...(line.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
          },
          edge,
          edge,
        ]
      }),
    ],
    bands: lines.map((line, index) => ({ series: [3 + index * 3, 2 + index * 3], fill: `${colour(line.colour)}26` })),
    plugins: [gestures(() => now.current.gestures)],
    hooks: {
      drawClear: [(u) => paintBehind(u, now.current.backdrop, paints)],
      draw: [(u) => paintMarks(u, now.current.backdrop, paints)],
      setCursor: [
        (u) => {
          const { left } = u.cursor
          now.current.onCursor(
            left === undefined || left === null || left < 0 ? undefined : Math.round(u.posToVal(left, 'x') * 1e6),
          )
        },
      ],
    },
  }
}

/** Dots only where there are few enough rows to see them, or a row stands alone. */
const lonely = (u: uPlot, index: number): boolean => {
  const shown = u.series[index]!.idxs
  return shown !== undefined && shown[1]! - shown[0]! < 60
}

/** Room above and below; a flat line lies in the middle of a band of its own size. */
export function breathing(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1]
  if (min === max) {
    const room = Math.abs(min) * 0.05 || 1
    return [min - room, max + room]
  }
  const room = (max - min) * 0.08
  return [min - room, max + room]
}

const paintsOf = (style: CSSStyleDeclaration): Paints => {
  const value = (name: string) => style.getPropertyValue(`--mw-${name}`).trim()
  return {
    uncertain: value('uncertain'),
    bad: value('bad'),
    line: value('line'),
    text: value('muted'),
    accent: value('accent'),
    priority: {
      critical: value('critical-mark'),
      high: value('high-mark'),
      medium: value('medium-mark'),
      low: value('low-mark'),
    },
  }
}
