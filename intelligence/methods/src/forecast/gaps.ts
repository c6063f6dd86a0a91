/**
 * Fills what is missing so that windows can be taken: a short gap by a straight line, a longer one (up to `longest` steps)
 * by the value a season before, or after where there is none before; what is longer stays missing and divides the series.
 *
 * @param season in steps, 1 when there is none
 */
export function fillGaps(values: Float64Array, season: number, longest: number): Float64Array {
  const filled = values.slice()
  const n = values.length
  for (let i = 0; i < n; i++) {
    if (!Number.isNaN(values[i]!)) continue
    let end = i
    while (end < n && Number.isNaN(values[end]!)) end++
    const length = end - i
    if (length <= longest) fillGap(filled, i, end, season)
    i = end
  }
  return filled
}

/** At most this share of a season is short enough for a straight line. */
const STRAIGHT = 1 / 8

function fillGap(values: Float64Array, from: number, end: number, season: number): void {
  const before = from > 0 ? values[from - 1]! : Number.NaN
  const after = end < values.length ? values[end]! : before
  const left = Number.isNaN(before) ? after : before
  const straight = season < 2 || end - from <= Math.max(2, season * STRAIGHT)
  for (let i = from; i < end; i++) {
    const line = left + ((after - left) * (i - from + 1)) / (end - from + 1)
    const earlier = i >= season ? values[i - season]! : Number.NaN
    const later = i + season < values.length ? values[i + season]! : Number.NaN
    const seasonal = Number.isNaN(earlier) ? later : earlier
    values[i] = straight || Number.isNaN(seasonal) ? line : seasonal
  }
}

/** The runs without a gap. */
export function segmentsOf(values: Float64Array): Float64Array[] {
  const segments: Float64Array[] = []
  let start = 0
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && !Number.isNaN(values[i]!)) continue
    if (i > start) segments.push(values.subarray(start, i))
    start = i + 1
  }
  return segments
}
