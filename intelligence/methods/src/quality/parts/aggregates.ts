/** What is kept of a signal during a visit: numbers that mean the same for every part and every signal. */
export const aggregateNames = ['mean', 'min', 'max', 'slope', 'std', 'area', 'last'] as const
export type AggregateName = (typeof aggregateNames)[number]

const MICROS = 1e6

/**
 * Aggregates of readings in [from, to), µs, into `into` in the order of `aggregateNames`; NaN where there is nothing to say. A reading stands until the next, the
 * last one until `to`: mean and area are weighted by time, std is about that mean, slope is per second by least squares. The area is in units × seconds.
 * @param before value that stood when the visit began; NaN: none known
 */
export function aggregate(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
  before: number,
  into: Float64Array,
  at: number,
): void {
  let [first, end] = [lowerBound(times, from), 0]
  for (end = first; end < times.length && times[end]! < to; ) end++
  let [weight, sum, squares, low, high] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let [count, meanT, meanV, tt, tv, last] = [0, 0, 0, 0, 0, Number.NaN]
  const stand = (value: number, since: number, until: number) => {
    if (Number.isNaN(value) || until <= since) return
    const seconds = (until - since) / MICROS
    weight += seconds
    sum += value * seconds
    squares += value * value * seconds
    if (value < low) low = value
    if (value > high) high = value
    last = value
  }
  let [value, since] = [before, from]
  for (; first < end; first++) {
    const time = times[first]!
    stand(value, since, time)
    value = values[first]!
    since = time
    if (Number.isNaN(value)) continue
    // Of two readings at one time the last counts; min, max and slope see all.
    if (value < low) low = value
    if (value > high) high = value
    last = value
    count++
    const t = (time - from) / MICROS
    const [dt, dv] = [t - meanT, value - meanV]
    meanT += dt / count
    meanV += dv / count
    tt += dt * (t - meanT)
    tv += dt * (value - meanV)
  }
  stand(value, since, to)
  const none = weight === 0
  const mean = none ? Number.NaN : sum / weight
  into[at] = mean
  into[at + 1] = none ? Number.NaN : low
  into[at + 2] = none ? Number.NaN : high
  into[at + 3] = tt > 0 ? tv / tt : Number.NaN
  into[at + 4] = none ? Number.NaN : Math.sqrt(Math.max(0, squares / weight - mean * mean))
  into[at + 5] = none ? Number.NaN : sum
  into[at + 6] = last
}

/** Place of the first time at or after `wanted`. */
export function lowerBound(times: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}
