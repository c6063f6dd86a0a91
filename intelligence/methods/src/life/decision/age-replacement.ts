import { lifeErrors } from '../errors.ts'
import { type Weibull, weibullSurvival } from '../survival/weibull.ts'

export interface AgeReplacement {
  /** Hours after which to renew what has not failed; undefined: never, as it does not wear or a failure costs no more. */
  readonly age: number | undefined
  /** Cost an hour in the long run with it, and without any planned renewal. */
  readonly costRate: number
  readonly costRateUnplanned: number
}

/**
 * When to renew by age alone (Barlow and Hunter 1960; Barlow and Proschan, Mathematical Theory of Reliability, 1965, chapter 4): the age
 * that minimises the cost an hour, (planned·R(T) + failure·F(T)) / integral of R up to T.
 */
export function ageReplacement(life: Weibull, planned: number, failure: number): AgeReplacement {
  if (!(planned > 0 && failure > 0))
    throw lifeErrors.setting({ name: 'costs', value: `${planned}, ${failure}`, reason: 'they are above 0' })
  const step = life.scale / 2000
  const last = life.scale * 4 * Math.max(1, 1 / life.shape)
  let area = 0
  let before = 1
  let best = { age: last, rate: Number.POSITIVE_INFINITY }
  let age = 0
  while (age < last) {
    age += step
    const survival = weibullSurvival(life, age)
    area += ((before + survival) / 2) * step
    before = survival
    const rate = (planned * survival + failure * (1 - survival)) / area
    if (rate < best.rate) best = { age, rate }
  }
  const unplanned = failure / (life.scale * gamma(1 + 1 / life.shape))
  return best.rate < unplanned * (1 - 1e-6) && best.age < last - step
    ? { age: best.age, costRate: best.rate, costRateUnplanned: unplanned }
    : { age: undefined, costRate: unplanned, costRateUnplanned: unplanned }
}

/** Gamma for x above 0 (Lanczos 1964, g = 7, nine terms). */
function gamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x))
  const shifted = x - 1
  const t = shifted + 7.5
  const sum = terms.reduce((total, term, at) => (at === 0 ? term : total + term / (shifted + at)), 0)
  return Math.sqrt(2 * Math.PI) * t ** (shifted + 0.5) * Math.exp(-t) * sum
}
