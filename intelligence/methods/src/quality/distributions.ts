/** Quantiles that control limits and confidence limits are made of. */
import { chiSquareQuantile, gammaP, logGamma } from '../anomaly/methods/distributions.ts'
import { fisherAbove, studentTwoSided } from '../energy/student.ts'
import { normalCdf } from '../life/survival/normal.ts'

export { chiSquareQuantile, fisherAbove, gammaP, logGamma, normalCdf, studentTwoSided }

/** x such that a rising `probability` is `wanted` there; x >= 0. */
function above(probability: (x: number) => number, wanted: number): number {
  let low = 0
  let high = 1
  while (probability(high) < wanted && high < 1e12) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2
    if (probability(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** z with P(Z <= z) = probability, 0 < probability < 1. */
export const normalQuantile = (probability: number): number =>
  probability < 0.5 ? -normalQuantile(1 - probability) : above((z) => normalCdf(z), probability)

/** f with P(F(d1, d2) <= f) = probability. */
export const fisherQuantile = (probability: number, d1: number, d2: number): number =>
  above((f) => 1 - fisherAbove(f, d1, d2), probability)

/** x with P(Beta(a, b) <= x) = probability: a beta variable is a ratio of two that make an F. */
export function betaQuantile(probability: number, a: number, b: number): number {
  const f = fisherQuantile(probability, 2 * a, 2 * b)
  return (a * f) / (b + a * f)
}

/** P(chi-square(freedom, noncentral) <= x): Poisson mixture of central ones, summed down from where the weights are spent. */
export function noncentralChiSquare(x: number, freedom: number, noncentral: number): number {
  if (x <= 0) return 0
  if (noncentral === 0) return gammaP(freedom / 2, x / 2)
  const rate = noncentral / 2
  const last = Math.ceil(rate + 9 * Math.sqrt(rate) + 25)
  const half = x / 2
  let shape = freedom / 2 + last
  let below = gammaP(shape, half)
  // P(a - 1, x) = P(a, x) + x^(a-1) e^-x / Gamma(a): adds only positive terms.
  let step = Math.exp((shape - 1) * Math.log(half) - half - logGamma(shape))
  let weight = Math.exp(last * Math.log(rate) - rate - logGamma(last + 1))
  let sum = weight * below
  for (let k = last; k > 0; k--) {
    below += step
    shape -= 1
    step *= shape / half
    weight *= k / rate
    sum += weight * below
  }
  return Math.min(1, sum)
}
