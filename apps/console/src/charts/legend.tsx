import { PriorityShape } from '../components/priority.tsx'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import styles from './chart-group.module.css'
import { rowAt, statistics } from './columns.ts'
import type { PlotLine } from './plot.tsx'
import type { AlarmMark } from './plot-paint.ts'
import { qualityKey, severity } from './quality.ts'
import { seriesVariable } from './series-style.ts'
import type { Span } from './time-range.ts'
import type { DrawnSeries } from './use-series.ts'

interface LegendProps {
  series: readonly DrawnSeries[]
  lines: readonly PlotLine[]
  span: Span
  /** Where the cursor stands, µs; undefined: the newest row is shown. */
  cursor: number | undefined
  marks: readonly AlarmMark[]
  onToggle: (id: string) => void
}

/** Rows that settle whether a signal is one of whole numbers. */
const LOOKED_AT = 300

/** All series under one cursor: value there, and mean and spread of what is seen. */
export function Legend({ series, lines, span, cursor, marks, onToggle }: LegendProps) {
  const format = useFormat()
  const at = cursor ?? span.to
  const near =
    cursor === undefined
      ? []
      : marks.filter((mark) => cursor >= mark.from - (span.to - span.from) / 200 && cursor <= (mark.to ?? span.to))
  const several = new Set(series.map((one) => one.signal.equipment)).size > 1
  return (
    <div className={styles.scroll}>
      <table className={styles.legend}>
        <thead>
          <tr>
            <th scope="col">
              <span className={styles.at}>{cursor === undefined ? t('chart.newest') : format.dateTime(cursor)}</span>
              {near.slice(0, 2).map((mark) => (
                <span key={mark.id} className={styles.mark}>
                  <PriorityShape priority={mark.priority} size={14} />
                  {mark.text}
                </span>
              ))}
            </th>
            <th scope="col">{t('chart.value')}</th>
            <th scope="col">
              <span className="mw-hidden">{t('chart.unit')}</span>
            </th>
            <th scope="col">{t('chart.min')}</th>
            <th scope="col">{t('chart.mean')}</th>
            <th scope="col">{t('chart.max')}</th>
            <th scope="col">{t('chart.quality')}</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ signal, columns, resolution, points }, index) => {
            const line = lines[index]!
            const row = rowAt(columns.time, at)
            const value = row === -1 ? null : (columns.value[row] ?? null)
            const code = row === -1 ? undefined : columns.quality[row]
            const seen = statistics(columns, span.from, span.to + 1)
            const whole = columns.value.slice(-LOOKED_AT).every((one) => one === null || Number.isInteger(one))
            return (
              <tr key={signal.id}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.toggle}
                    aria-pressed={!line.hidden}
                    onClick={() => onToggle(signal.id)}
                  >
                    <Swatch line={line} />
                    <span className={styles.name}>
                      {several && <span className={styles.where}>{signal.equipmentName} </span>}
                      {signal.name}
                    </span>
                  </button>
                </th>
                <td className={styles.now}>{format.number(value, whole)}</td>
                <td className={styles.unit}>{format.unit(signal.unit)}</td>
                <td>{format.number(seen.min, whole)}</td>
                <td>{format.number(seen.mean)}</td>
                <td>{format.number(seen.max, whole)}</td>
                <td
                  className={code !== undefined && severity(code) !== 'good' ? styles.notGood : styles.where}
                  title={
                    resolution &&
                    t('chart.rows', { points: format.integer(points), resolution: t(`resolution.${resolution}`) })
                  }
                >
                  {code === undefined ? t('common.none') : t(qualityKey(code))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

export function Swatch({ line }: { line: Pick<PlotLine, 'colour' | 'dash'> }) {
  return (
    <svg width="16" height="8" aria-hidden="true" style={{ flex: 'none' }}>
      <line
        x1="0"
        x2="16"
        y1="4"
        y2="4"
        stroke={seriesVariable(line.colour)}
        strokeWidth="2.5"
        strokeDasharray={line.dash?.join(' ')}
      />
    </svg>
  )
}
