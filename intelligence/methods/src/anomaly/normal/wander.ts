import { sortedFinite } from './statistics.ts'

/** Rows of a piece of history, and the fewest and most pieces. */
const ROWS = 25
const LEAST_PIECES = 16
const MOST_PIECES = 64
/**
 * A history holds only a few excursions of a slow drift, so that its variance is known with few degrees of freedom: what is rare for Student's
 * t with eight is half again as far out as for the normal distribution.
 */
const UNCERTAINTY = 1.5
/** Power of the growth up to which, and from which on, a long history says that a signal keeps its level, and that it does not. */
const STEADY = 0.2
const DRIFTING = 0.5

/** How the level of a signal moves. */
export interface Wander {
  /** Standard deviation to be expected of it, in the unit of the readings; 0 for a signal that keeps its level. */
  readonly deviation: number
  /** 0 to 1: the share of the variance in the history that is slow drift, and not noise about the level. */
  readonly share: number
}

const STEADY_LEVEL: Wander = { deviation: 0, share: 0 }

/**
 * How far the level of a signal may be from that of the training history by the time the model has been in use for as long again: a machine
 * that warms up, a filter that clogs, the weather. Without it, every slow drift is an anomaly sooner or later.
 *
 * The variogram of means of pieces (Matheron, Econ. Geol. 58 (1963) 1246), less what noise alone gives, extended as a power of the lag: a power
 * of 0 is a signal that keeps its level, 1 a random walk; no more, because no trend of a machine goes on for ever. A short history cannot
 * tell slow swings from drift, and every signal that swings is taken to drift; a long one can.
 */
export function wandering(column: Float64Array): Wander {
  const pieces = Math.min(MOST_PIECES, Math.max(LEAST_PIECES, Math.floor(column.length / ROWS)))
  const size = Math.floor(column.length / pieces)
  if (size < 3) return STEADY_LEVEL
  const { means, noise } = pieceMeans(column, pieces, size)
  const lags = pieces / 2
  const growth = Float64Array.from({ length: Math.floor(lags) }, (_, lag) =>
    Math.max(0, meanSquaredStep(means, lag + 1) - 2 * noise),
  )
  const middle = growth.length >> 1
  const near = mean(growth.subarray(0, middle))
  const far = mean(growth.subarray(middle))
  if (far <= 0) return STEADY_LEVEL
  const nearLag = (middle + 1) / 2
  const farLag = (middle + 1 + growth.length) / 2
  const power = near > 0 ? within(Math.log(far / near) / Math.log(farLag / nearLag)) : 1
  const known = (pieces - LEAST_PIECES) / (MOST_PIECES - LEAST_PIECES)
  const drifts = 1 - known * (1 - within((power - STEADY) / (DRIFTING - STEADY)))
  const whole = variance(sortedFinite(column))
  return {
    deviation: UNCERTAINTY * Math.sqrt(drifts * far * (pieces / farLag) ** power),
    share: whole > 0 ? drifts * within(1 - (noise * size) / whole) : 0,
  }
}

/** Mean of each piece, NaN where it has too few readings; and the variance that noise gives such a mean. */
function pieceMeans(column: Float64Array, pieces: number, size: number): { means: Float64Array; noise: number } {
  const means = new Float64Array(pieces).fill(Number.NaN)
  let noise = 0
  for (let piece = 0; piece < pieces; piece++) {
    const readings = sortedFinite(column.subarray(piece * size, (piece + 1) * size))
    if (readings.length < 3) continue
    means[piece] = mean(readings)
    noise += variance(readings) / readings.length / pieces
  }
  return { means, noise }
}

function meanSquaredStep(means: Float64Array, lag: number): number {
  let sum = 0
  let count = 0
  for (let piece = 0; piece + lag < means.length; piece++) {
    const step = means[piece + lag]! - means[piece]!
    if (Number.isNaN(step)) continue
    sum += step * step
    count++
  }
  return count === 0 ? 0 : sum / count
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

function variance(values: Float64Array): number {
  const level = mean(values)
  return values.reduce((sum, value) => sum + (value - level) ** 2, 0) / Math.max(1, values.length - 1)
}

const within = (value: number): number => Math.min(1, Math.max(0, value))
