import { normalCdf } from '../../distributions/normal.ts'
import { deviationOf, meanOf } from './variables.ts'

/**
 * Anderson-Darling test for a normal distribution whose mean and variance are estimated. Answers the probability that normal
 * readings lie so far off (D'Agostino & Stephens, Goodness-of-Fit Techniques, 1986, table 4.9). At least 8 readings that vary.
 */
export function andersonDarling(values: Float64Array): number {
  const n = values.length
  const [mean, deviation] = [meanOf(values), deviationOf(values)]
  const z = values.map((value) => (value - mean) / deviation).sort()
  let sum = 0
  for (let i = 0; i < n; i++) {
    const [below, above] = [normalCdf(z[i]!), normalCdf(-z[n - 1 - i]!)]
    sum += (2 * i + 1) * (Math.log(Math.max(below, 1e-300)) + Math.log(Math.max(above, 1e-300)))
  }
  const square = (-n - sum / n) * (1 + 0.75 / n + 2.25 / (n * n))
  if (square >= 13) return 0
  if (square >= 0.6) return Math.exp(1.2937 - 5.709 * square + 0.0186 * square * square)
  if (square >= 0.34) return Math.exp(0.9177 - 4.279 * square - 1.38 * square * square)
  if (square >= 0.2) return 1 - Math.exp(-8.318 + 42.796 * square - 59.938 * square * square)
  return 1 - Math.exp(-13.436 + 101.14 * square - 223.73 * square * square)
}
