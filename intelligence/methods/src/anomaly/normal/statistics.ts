/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996); NaN when there is nothing. */
export function quantileOfSorted(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) return Number.NaN
  const place = probability * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (place - below) * (high - low)
}

/** The readings that are there, ascending. */
export function sortedFinite(values: Float64Array): Float64Array {
  return values.filter((value) => Number.isFinite(value)).sort()
}

export interface Level {
  /** Median. */
  readonly centre: number
  /** Robust standard deviation; 0 only for a constant. */
  readonly scale: number
}

/** To a normal distribution's standard deviation (Rousseeuw & Croux, JASA 88 (1993) 1273). */
const MAD_TO_DEVIATION = 1.482602218505602

/** Span of a normal distribution between its 5 % and 95 % quantiles, in standard deviations. */
const SPAN = 3.2897072539029444

/**
 * Median and MAD. A signal that rests on one value more than half of the time has a MAD of 0, and one with coarse steps nearly so:
 * there the span between the 5 % and 95 % quantiles is the measure, and at last a share of the ordinary standard deviation.
 */
export function robustLevel(values: Float64Array): Level {
  const sorted = sortedFinite(values)
  const centre = quantileOfSorted(sorted, 0.5)
  const mad = quantileOfSorted(sorted.map((value) => Math.abs(value - centre)).sort(), 0.5)
  let sum = 0
  for (const value of sorted) sum += (value - centre) ** 2
  const deviation = Math.sqrt(sum / Math.max(1, sorted.length))
  const span = (quantileOfSorted(sorted, 0.95) - quantileOfSorted(sorted, 0.05)) / SPAN
  return { centre, scale: Math.max(MAD_TO_DEVIATION * mad, span, 0.1 * deviation) }
}
