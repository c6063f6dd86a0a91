import { normalCdf } from '../../distributions/normal.ts'

/** What is believed of the hours that remain: P(it still runs after `hours`), falling from 1. */
export type Survival = (hours: number) => number

/** The standard normal quantile of the upper end of a central interval, by halving: it is asked for once. */
function upperQuantile(coverage: number): number {
  let low = 0
  let high = 10
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (2 * normalCdf(middle) - 1 < coverage) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * A distribution out of a prediction with its interval: half of it to each side of the prediction, each side half a normal with the quantile that the
 * interval gives (split normal, Wallis, "The two-piece normal, binormal, or double Gaussian distribution", Statistical Science 29, 2014).
 */
export function survivalFromInterval(hours: number, low: number, high: number, coverage: number): Survival {
  const z = upperQuantile(coverage)
  const below = Math.max((hours - low) / z, 1e-9)
  const above = Math.max((high - hours) / z, 1e-9)
  const gone = normalCdf(-hours / below)
  return (ahead) => {
    if (ahead <= 0) return 1
    const failed = normalCdf((ahead - hours) / (ahead < hours ? below : above))
    // It runs now: what the normal has below 0 is taken out.
    return Math.min(1, Math.max(0, 1 - (failed - gone) / (1 - gone)))
  }
}

/** Hours by which it failed with the given probability; `most` when that is not reached before. */
export function quantileOf(survival: Survival, probability: number, most: number): number {
  if (survival(most) > 1 - probability) return most
  let low = 0
  let high = most
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2
    if (survival(middle) > 1 - probability) low = middle
    else high = middle
  }
  return high
}
