import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readingsQuery } from '../api/history.ts'
import type { Signal } from '../api/types.ts'
import { useLatest } from '../live/use-latest.ts'
import { t } from '../messages/index.tsx'
import { useFormat } from '../messages/use-format.ts'
import { AXIS_WIDTH, RIGHT_PAD } from './plot.tsx'
import { stateSpans } from './state-spans.ts'
import styles from './state-strip.module.css'
import type { Span } from './time-range.ts'

const MOST = 2_000

/** One signal's states as a strip under the charts, on the same time axis. */
export function StateStrip({
  signal,
  span,
  anchor,
  width,
}: {
  signal: Signal
  span: Span
  anchor: Span
  width: number
}) {
  const format = useFormat()
  const { data } = useQuery(readingsQuery(signal.id, Math.round(anchor.from), Math.round(anchor.to), MOST))
  const newest = useLatest(signal.id)
  const spans = useMemo(() => {
    const readings = [...(data ?? [])]
    const last = readings.at(-1)
    if (newest?.time != null && (last === undefined || newest.time > last.time)) {
      readings.push({ signal: signal.id, time: newest.time, value: newest.value, quality: newest.quality })
    }
    return stateSpans(readings, span.to)
  }, [data, newest, signal.id, span.to])
  const names = [...new Set(spans.map((one) => one.state))].sort()
  const inner = Math.max(10, width - AXIS_WIDTH - RIGHT_PAD)
  const x = (time: number) =>
    ((Math.min(span.to, Math.max(span.from, time)) - span.from) / (span.to - span.from)) * inner
  const word = (state: string) =>
    signal.kind === 'boolean' ? (state === '1' || state === 'true' ? t('common.yes') : t('common.no')) : state
  const seen = spans.filter((one) => one.to > span.from && one.from < span.to)
  return (
    <div className={styles.strip}>
      <div className={styles.name}>{signal.name}</div>
      <svg
        width={width}
        height={28}
        role="img"
        aria-label={`${t('chart.states', { signal: signal.name })}: ${seen
          .map((one) => word(one.state))
          .slice(-5)
          .join(', ')}`}
      >
        {seen.map((one) => {
          const left = AXIS_WIDTH + x(one.from)
          const wide = Math.max(1, x(one.to) - x(one.from))
          const shade = names.indexOf(one.state) % 4
          return (
            <g key={one.from}>
              <rect
                x={left}
                y={2}
                width={wide}
                height={24}
                className={styles[`shade${shade}`]}
                data-bad={one.bad || undefined}
              >
                <title>{`${t('chart.stateFor', { state: word(one.state), span: format.duration(one.to - one.from) })} · ${format.dateTime(one.from)}`}</title>
              </rect>
              {wide > 44 && (
                <text x={left + 6} y={18} className={styles.label}>
                  {word(one.state).slice(0, Math.floor(wide / 7))}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </div>
  )
}
