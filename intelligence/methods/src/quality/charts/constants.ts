/**
 * Constants of control charts for samples of n normal readings, computed rather than tabulated (ISO 7870-2 table 2;
 * Montgomery, Introduction to Statistical Quality Control, appendix VI has them for n up to 25).
 */
import { logGamma } from '../../distributions/gamma.ts'
import { normalCdf } from '../../distributions/normal.ts'

/** E[s] / sigma, n >= 2. */
export const c4 = (n: number): number => Math.sqrt(2 / (n - 1)) * Math.exp(logGamma(n / 2) - logGamma((n - 1) / 2))

interface RangeMoments {
  readonly mean: number
  readonly deviation: number
}

/** By n; a handful of sample sizes is all that a plant uses. */
const known = new Map<number, RangeMoments>()

/** E[R] / sigma, n >= 2. */
export const d2 = (n: number): number => rangeMoments(n).mean
/** Standard deviation of R / sigma, n >= 2. */
export const d3 = (n: number): number => rangeMoments(n).deviation

const STEP = 0.02
const HALF = 400

/**
 * Moments of the range W of n standard normal readings by P(W <= w) = n ∫ phi(x) (Phi(x + w) - Phi(x))^(n-1) dx
 * (Tippett 1925), E[W] = ∫ (1 - P) dw, E[W²] = 2 ∫ w (1 - P) dw; trapezia on a grid, exact to about 1e-7.
 */
function rangeMoments(n: number): RangeMoments {
  const held = known.get(n)
  if (held !== undefined) return held
  const cdf = Float64Array.from({ length: 4 * HALF + 1 }, (_, at) => normalCdf((at - HALF) * STEP))
  const density = Float64Array.from({ length: 2 * HALF + 1 }, (_, at) => {
    const x = (at - HALF) * STEP
    return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
  })
  let first = STEP / 2
  let second = 0
  for (let w = 1; w <= 2 * HALF; w++) {
    let below = 0
    for (let x = 0; x <= 2 * HALF; x++) below += density[x]! * (cdf[x + w]! - cdf[x]!) ** (n - 1)
    const beyond = Math.max(0, 1 - n * below * STEP)
    first += beyond * STEP
    second += 2 * w * STEP * beyond * STEP
  }
  const moments = { mean: first, deviation: Math.sqrt(second - first * first) }
  known.set(n, moments)
  return moments
}
