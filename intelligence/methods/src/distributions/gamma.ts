import { quantile } from './quantile.ts'

/** ln Gamma(x) for x > 0: Lanczos, g = 7, n = 9 (Numerical Recipes 6.1); relative error below 1e-13. */
export function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const y = x - 1
  let sum = 0.99999999999980993
  for (let i = 0; i < coefficients.length; i++) sum += coefficients[i]! / (y + i + 1)
  const t = y + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** Gamma(x) for x > 0. */
export const gamma = (x: number): number => Math.exp(logGamma(x))

/** Regularised lower incomplete gamma P(a, x): series or continued fraction (Numerical Recipes 6.2). */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 1000 && term > sum * 1e-16; n++) {
      term *= x / (a + n)
      sum += term
    }
    return front * sum
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    const change = d * c
    h *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return 1 - front * h
}

/** The value that a chi-square variable of these degrees of freedom stays below with this probability. */
export const chiSquareQuantile = (probability: number, freedom: number): number =>
  quantile((x) => gammaP(freedom / 2, x / 2), probability)
