/** The middle one of repeated measurements; the mean of the two in the middle when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!
}

/** `12.3 (11.9 to 14.0)`: how far the rounds were apart. */
export function spread(values: readonly number[]): string {
  const shown = (value: number) =>
    Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
  return `${values.length} rounds, ${shown(Math.min(...values))} to ${shown(Math.max(...values))}`
}
