import { sortedFinite } from './statistics.ts'

/** Rows of one batch are averaged first: MSER-5. */
const BATCH = 5
/** More than this share of the history is no start-up any more, but a change. */
const MOST = 0.5
/** A trend halves the statistic when half of it is cut; only far more than that is a start-up. */
const GAIN = 0.25

/**
 * Rows at the beginning in which the signal has not settled yet: the marginal standard error rule, MSER-5 (White, Simulation 69
 * (1997) 323). The cut is where the squared deviations of the rest, over the squared number of the rest, are smallest.
 */
export function startUpRows(column: Float64Array): number {
  const count = Math.floor(column.length / BATCH)
  const batches: number[] = []
  for (let batch = 0; batch < count; batch++) {
    const readings = sortedFinite(column.subarray(batch * BATCH, (batch + 1) * BATCH))
    batches.push(
      readings.length === 0 ? (batches.at(-1) ?? Number.NaN) : readings.reduce((a, b) => a + b, 0) / readings.length,
    )
  }
  let [sum, squares, taken] = [0, 0, 0]
  let best = 0
  let least = Number.POSITIVE_INFINITY
  const offset = batches.findLast((level) => !Number.isNaN(level)) ?? 0
  let whole = 0
  for (let cut = count - 1; cut >= 0; cut--) {
    const level = batches[cut]! - offset
    if (Number.isNaN(level)) continue
    sum += level
    squares += level * level
    taken++
    if (cut > MOST * count) continue
    const statistic = Math.max(0, squares - (sum * sum) / taken) / (taken * taken)
    if (statistic <= least) {
      least = statistic
      best = cut
    }
    whole = statistic
  }
  return least < GAIN * whole ? best * BATCH : 0
}
