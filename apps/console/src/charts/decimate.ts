import type { Columns } from './columns.ts'

/**
 * Thins rows to about `buckets` columns of pixels, keeping in each the first, lowest, highest and last value, so that
 * no peak is lost (M4; Jugel et al., VLDB 2014). Rows that break the line (null) are kept. Rollup rows pass unchanged.
 */
export function thin(columns: Columns, from: number, to: number, buckets: number): Columns {
  const { time, value, quality } = columns
  if (columns.min !== undefined || time.length <= buckets * 4 || to <= from) return columns
  const keep: number[] = []
  let bucket = Number.NaN
  let first = -1
  let low = -1
  let high = -1
  let last = -1
  const flush = () => {
    if (first === -1) return
    for (const index of [...new Set([first, low, high, last])].sort((a, b) => a - b)) keep.push(index)
    first = -1
  }
  for (let i = 0; i < time.length; i++) {
    const here = Math.floor(((time[i]! - from) / (to - from)) * buckets)
    const at = value[i]
    if (here !== bucket || at === null || at === undefined) {
      flush()
      bucket = here
    }
    if (at === null || at === undefined) {
      keep.push(i)
      continue
    }
    if (first === -1) {
      first = low = high = last = i
      continue
    }
    if (at < value[low]!) low = i
    if (at > value[high]!) high = i
    last = i
  }
  flush()
  return {
    time: keep.map((i) => time[i]!),
    value: keep.map((i) => value[i]!),
    quality: keep.map((i) => quality[i]!),
    min: undefined,
    max: undefined,
  }
}
