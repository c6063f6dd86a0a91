export type Fill = 'none' | 'previous' | 'linear'

/**
 * Fills empty steps: `previous` carries the last value on (from `before` at the start), `linear` draws a straight line
 * between the neighbours; before the first and after the last value there is no line, and it stays empty.
 */
export function filled(values: readonly (number | null)[], fill: Fill, before: number | null): (number | null)[] {
  if (fill === 'none') return [...values]
  if (fill === 'previous') {
    let last = before
    return values.map((value) => {
      last = value ?? last
      return last
    })
  }
  const out = [...values]
  let left = -1
  for (const [right, value] of values.entries()) {
    if (value === null) continue
    if (left >= 0) {
      const start = values[left]!
      for (let at = left + 1; at < right; at++) out[at] = start + ((value - start) * (at - left)) / (right - left)
    }
    left = right
  }
  return out
}
