/**
 * How far below and above the forecast the truth lay in all but a share of the validation's errors: a split conformal interval
 * (Lei et al., "Distribution-Free Predictive Inference for Regression", JASA 113, 2018), on signed errors, so that a load that only ever
 * jumps upwards gets no band below. Windows of a series hang together, so what holds exactly for exchangeable errors holds here as well
 * as the past resembles the future.
 *
 * @param errors truth less forecast
 * @param coverage share that the band is to hold, 0 to 1
 * @returns [below, above], to be added to the forecast; the widest errors when there are too few for the coverage
 */
export function conformalBand(errors: Float64Array, coverage: number): readonly [number, number] {
  const sorted = errors.filter((error) => !Number.isNaN(error)).sort()
  const n = sorted.length
  if (n === 0) return [0, 0]
  const tail = (1 - coverage) / 2
  const low = Math.floor((n + 1) * tail) - 1
  const high = Math.ceil((n + 1) * (1 - tail)) - 1
  return [sorted[Math.max(0, low)]!, sorted[Math.min(n - 1, high)]!]
}
