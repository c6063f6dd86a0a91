import { gammaP, logGamma } from './gamma.ts'

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
