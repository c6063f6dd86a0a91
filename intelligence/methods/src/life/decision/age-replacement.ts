import { lifeErrors } from '../errors.ts'
import { type Weibull, weibullMean, weibullSurvival } from '../survival/weibull.ts'

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
  const unplanned = failure / weibullMean(life)
  return best.rate < unplanned * (1 - 1e-6) && best.age < last - step
    ? { age: best.age, costRate: best.rate, costRateUnplanned: unplanned }
    : { age: undefined, costRate: unplanned, costRateUnplanned: unplanned }
}
