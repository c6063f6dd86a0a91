/** Where a line will be: mean and standard deviation of the value `ahead` hours from now. */
export type Projection = (ahead: number) => { readonly mean: number; readonly deviation: number }

/** Points that the slope of half a window is taken from. */
const LEAST_HALF = 4

/**
 * A Bayesian line through the last points (rate normal about 0 with `priorVariance`, intercept free), and on from there. Of a line that bends,
 * the later half counts, and as far as it is steeper than the earlier by more than noise it is taken to get steeper on, and to be that uncertain.
 *
 * @param leastNoise variance of a point at least; @param now hours from which `ahead` counts
 * @returns undefined without any point
 */
export function projected(
  hours: readonly number[],
  values: readonly number[],
  priorVariance: number,
  leastNoise: number,
  now: number,
): Projection | undefined {
  const n = hours.length
  if (n === 0) return undefined
  // Too few to tell a rate from: what was believed before counts.
  const last = { n, t: hours[n - 1]!, y: values[n - 1]!, tt: 0, ty: 0, scatter: 0 }
  if (n < 3) return from(last, 0, leastNoise, leastNoise / priorVariance, now)
  const whole = lineOf(hours, values, 0, n)
  const noise = Math.max(leastNoise, whole.scatter / Math.max(1, n - 2))
  const ridge = noise / priorVariance
  if (n < 2 * LEAST_HALF) return from(whole, 0, noise, ridge, now)
  const early = lineOf(hours, values, 0, n >> 1)
  const late = lineOf(hours, values, n >> 1, n)
  const bend = late.ty / late.tt - early.ty / early.tt
  const chance = noise * (1 / early.tt + 1 / late.tt)
  return from(late, bend ** 3 / (bend * bend + chance) / 2, noise, ridge, now)
}

/** Sums about the means of some points, and the squared residuals of the least-squares line through them. */
interface Line {
  readonly n: number
  readonly t: number
  readonly y: number
  readonly tt: number
  readonly ty: number
  readonly scatter: number
}

function from({ n, t, y, tt, ty }: Line, steeper: number, noise: number, ridge: number, now: number): Projection {
  const rate = ty / (tt + ridge) + steeper
  const rateVariance = noise / (tt + ridge) + steeper * steeper
  return (ahead) => {
    const away = now + ahead - t
    return { mean: y + rate * away, deviation: Math.sqrt(noise / n + rateVariance * away * away + noise) }
  }
}

function lineOf(hours: readonly number[], values: readonly number[], first: number, end: number): Line {
  const n = end - first
  let t = 0
  let y = 0
  for (let at = first; at < end; at++) {
    t += hours[at]! / n
    y += values[at]! / n
  }
  let tt = 0
  let ty = 0
  let yy = 0
  for (let at = first; at < end; at++) {
    tt += (hours[at]! - t) ** 2
    ty += (hours[at]! - t) * (values[at]! - y)
    yy += (values[at]! - y) ** 2
  }
  return { n, t, y, tt, ty, scatter: Math.max(0, yy - (ty * ty) / tt) }
}
