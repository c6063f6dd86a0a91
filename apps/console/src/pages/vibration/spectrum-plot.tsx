import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import type { VibrationSpectrum } from '../../api/types.ts'
import { useWidth } from '../../charts/use-width.ts'
import { useFormat } from '../../messages/use-format.ts'
import { outline, ticks } from './axes.ts'
import { lineAt, type Mark, xOf } from './marks.ts'
import styles from './vibration.module.css'

const HEIGHT = 300
const LEFT = 56
const RIGHT = 12
const TOP = 34
const BOTTOM = 40
/** Labels of marks stand in rows above the plot. */
const LABEL_ROWS = 2
const LABEL_WIDTH = 54

interface SpectrumPlotProps {
  spectrum: VibrationSpectrum
  marks: readonly Mark[]
  /** Line under the cursor. */
  cursor: number
  onCursor: (line: number) => void
  /** Said to those who do not see it. */
  label: string
  axis: string
  unit: string
}

/** A spectrum with marks. Pointer and arrow keys move the cursor from line to line. */
export function SpectrumPlot({ spectrum, marks, cursor, onCursor, label, axis, unit }: SpectrumPlotProps) {
  const format = useFormat()
  const { ref, width } = useWidth<HTMLDivElement>()
  const inner = Math.max(50, width - LEFT - RIGHT)
  const height = HEIGHT - TOP - BOTTOM
  // Times of a cepstrum are short: milliseconds.
  const scale = spectrum.axis === 's' ? 1000 : 1
  const { path, floor, most, end } = useMemo(() => {
    const columns = outline(spectrum.amplitude, inner, 1)
    const high = columns.reduce((top, value) => Math.max(top, value), 0) || 1
    // The line at zero is the mean, which is gone; each column stands at the middle of the lines in it.
    const lines = spectrum.amplitude.length - 1
    const draw = (values: readonly number[]) =>
      values
        .map((value, n) => {
          const x = LEFT + (inner * (0.5 + ((n + 0.5) * lines) / values.length)) / lines
          return `${n === 0 ? 'M' : 'L'}${x.toFixed(1)} ${(TOP + height - (height * Math.max(0, value)) / high).toFixed(1)}`
        })
        .join('')
    return {
      path: draw(columns),
      floor: spectrum.floor.length === 0 ? '' : draw(outline(spectrum.floor, Math.ceil(inner / 4), 1)),
      most: high,
      end: xOf(spectrum, spectrum.amplitude.length - 1),
    }
  }, [spectrum, inner, height])
  const placeOf = (x: number) => LEFT + (inner * (x - spectrum.first)) / (end - spectrum.first || 1)
  const drawn = labelled(marks, placeOf, LEFT + inner)

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const part = (event.clientX - left - LEFT) / inner
    onCursor(lineAt(spectrum, spectrum.first + part * (end - spectrum.first)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onCursor(Math.max(1, Math.min(spectrum.amplitude.length - 1, cursor + by * (event.shiftKey ? 10 : 1))))
  }
  const xTicks = ticks(scale * end, Math.max(2, Math.floor(inner / 90))).filter((x) => x >= scale * spectrum.first)
  const yTicks = ticks(most, 4)
  const at = placeOf(xOf(spectrum, cursor))
  const xTexts = format.scale(xTicks)
  const yTexts = format.scale(yTicks)
  return (
    <div ref={ref} className={styles.plot}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="application"
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
          tabIndex={0}
          onPointerDown={point}
          onPointerMove={(event) => event.buttons === 1 && point(event)}
          onKeyDown={onKeyDown}
        >
          {yTicks.map((value, n) => {
            const y = TOP + height - (height * value) / most
            return (
              <g key={value}>
                <line x1={LEFT} x2={LEFT + inner} y1={y} y2={y} className={styles.gridLine} />
                <text x={LEFT - 6} y={y + 4} textAnchor="end" className={styles.tick}>
                  {yTexts[n]}
                </text>
              </g>
            )
          })}
          {xTicks.map((value, n) => (
            <text
              key={value}
              x={placeOf(value / scale)}
              y={TOP + height + 16}
              textAnchor={placeOf(value / scale) > LEFT + inner - 24 ? 'end' : 'middle'}
              className={styles.tick}
            >
              {xTexts[n]}
            </text>
          ))}
          <text x={LEFT + inner / 2} y={HEIGHT - 6} textAnchor="middle" className={styles.tick}>
            {axis}
          </text>
          <text x={LEFT - 6} y={TOP - 8} textAnchor="end" className={styles.tick}>
            {unit}
          </text>
          {drawn.map(({ mark, x, row }) => (
            <g key={`${mark.kind} ${mark.name} ${mark.x}`} className={styles[mark.kind]}>
              <line x1={x} x2={x} y1={TOP - 4} y2={TOP + height} />
              {row !== undefined && (
                <text x={x} y={11 + 12 * row} textAnchor="middle">
                  {mark.name}
                </text>
              )}
            </g>
          ))}
          {floor !== '' && <path d={floor} className={styles.floor} />}
          <path d={path} className={styles.line} />
          <line x1={at} x2={at} y1={TOP} y2={TOP + height} className={styles.cursorLine} />
          <circle
            cx={at}
            cy={TOP + height - height * Math.min(1, (spectrum.amplitude[cursor] ?? 0) / most)}
            r={4}
            className={styles.cursorDot}
          />
        </svg>
      )}
    </div>
  )
}

/** Where each mark's name finds room: two rows, the important first; the others are drawn without. */
function labelled(marks: readonly Mark[], placeOf: (x: number) => number, end: number) {
  const rows: number[][] = Array.from({ length: LABEL_ROWS }, () => [])
  return [...marks]
    .sort((one, other) => ORDER[one.kind] - ORDER[other.kind])
    .map((mark) => ({ mark, x: placeOf(mark.x) }))
    .filter(({ x }) => x >= LEFT && x <= end)
    .map((each) => {
      const row = rows.findIndex((held) => held.every((x) => Math.abs(x - each.x) > LABEL_WIDTH))
      if (row >= 0 && each.mark.name !== '') rows[row]!.push(each.x)
      return { ...each, row: row >= 0 ? row : undefined }
    })
}

const ORDER = { evidence: 0, cursor: 1, fault: 2 } as const
