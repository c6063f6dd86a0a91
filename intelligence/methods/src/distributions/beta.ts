import { logGamma } from './gamma.ts'
import { quantile } from './quantile.ts'

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8; Lentz's evaluation). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny)
  let fraction = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d, tiny)
    c = nonZero(1 + even / c, tiny)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d, tiny)
    c = nonZero(1 + odd / c, tiny)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return front * fraction
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value)

/** Probability that |T| is above |t| for Student's distribution. */
export const studentTwoSided = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)

/** Probability that F(d1, d2) is above f. */
export const fisherAbove = (f: number, d1: number, d2: number): number =>
  f <= 0 ? 1 : incompleteBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2)

/** t such that |T| <= t with this probability: 1.96 for 0.95 and many degrees of freedom. */
export const studentQuantile = (confidence: number, freedom: number): number =>
  quantile((t) => 1 - studentTwoSided(t, freedom), confidence)

/** f with P(F(d1, d2) <= f) = probability. */
export const fisherQuantile = (probability: number, d1: number, d2: number): number =>
  quantile((f) => 1 - fisherAbove(f, d1, d2), probability)

/** x with P(Beta(a, b) <= x) = probability: a beta variable is a ratio of two that make an F. */
export function betaQuantile(probability: number, a: number, b: number): number {
  const f = fisherQuantile(probability, 2 * a, 2 * b)
  return (a * f) / (b + a * f)
}
