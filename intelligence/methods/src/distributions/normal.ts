import { quantile } from './quantile.ts'

const ROOT_HALF = Math.SQRT1_2
const LOG_ROOT_2PI = 0.5 * Math.log(2 * Math.PI)

/** P(Z <= x) of the standard normal, to about 1e-14. */
export function normalCdf(x: number): number {
  if (x < -TAIL) return Math.exp(logTail(-x))
  return x > TAIL ? 1 - Math.exp(logTail(x)) : 0.5 * (1 + erfSeries(x * ROOT_HALF))
}

/** exp(x²/2)·P(Z > x), for x from 0 up: finite where both factors are not. */
export const scaledTail = (x: number): number =>
  x > TAIL ? 1 / (Math.sqrt(2 * Math.PI) * tailFraction(x)) : Math.exp(0.5 * x * x) * normalCdf(-x)

const TAIL = 3

/** erf by its series with positive terms (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6): for |x| up to a few. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const logTail = (x: number): number => -0.5 * x * x - LOG_ROOT_2PI - Math.log(tailFraction(x))

/** Density over tail, for x above 3, by the continued fraction (Abramowitz and Stegun 26.2.14) from its far end back. */
function tailFraction(x: number): number {
  let fraction = x
  for (let n = 120; n >= 1; n--) fraction = x + n / fraction
  return fraction
}

/** z with P(Z <= z) = probability, 0 < probability < 1. */
export const normalQuantile = (probability: number): number =>
  probability < 0.5 ? -normalQuantile(1 - probability) : quantile(normalCdf, probability)
