import { toCsv } from '../components/table-model.ts'
import type { Formatter } from '../messages/format.ts'
import type { Span } from './time-range.ts'
import type { DrawnSeries } from './use-series.ts'

/** What a chart shows as a file: one line per row and signal, times in UTC, values in the unit that is seen. */
export function chartCsv(
  series: readonly Pick<DrawnSeries, 'signal' | 'columns'>[],
  span: Span,
  format: Pick<Formatter, 'unit'>,
): string {
  const rows: (string | number | null)[][] = []
  for (const { signal, columns } of series) {
    for (let i = 0; i < columns.time.length; i++) {
      const at = columns.time[i]!
      const value = columns.value[i]
      if (at < span.from || at > span.to || value === null || value === undefined) continue
      rows.push([
        isoMicros(at),
        signal.equipmentName ?? '',
        signal.name,
        format.unit(signal.unit),
        value,
        columns.min?.[i] ?? value,
        columns.max?.[i] ?? value,
        columns.quality[i]!,
      ])
    }
  }
  return toCsv(['time', 'equipment', 'signal', 'unit', 'value', 'min', 'max', 'quality'], rows)
}

/** RFC 3339 in UTC, with its microseconds. */
export function isoMicros(time: number): string {
  const ms = Math.floor(time / 1000)
  return `${new Date(ms).toISOString().slice(0, -1)}${String(time - ms * 1000).padStart(3, '0')}Z`
}
