/** One series of points with its centre line and limits; all arrays have one entry for each point. */
export interface ControlChart {
  readonly statistic: string
  readonly points: Float64Array
  readonly centre: Float64Array
  /** Standard deviation of each point: zones A, B and C are 3, 2 and 1 of them. */
  readonly sigma: Float64Array
  /** -Infinity and Infinity: none on that side. */
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/** Points from (inclusive) and to (exclusive) from which the limits are estimated: phase I. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface ChartSpec {
  readonly statistic: string
  readonly points: Float64Array
  centre(at: number): number
  sigma(at: number): number
  /** Limits stand this many standard deviations out; default 3. */
  readonly width?: number
  /** The statistic cannot be below (above) this: no limit lies there. */
  readonly least?: number
  readonly most?: number
}

export function chartOf({ statistic, points, centre, sigma, width = 3, least, most }: ChartSpec): ControlChart {
  const centres = points.map((_, at) => centre(at))
  const sigmas = points.map((_, at) => sigma(at))
  const lower = points.map((_, at) => {
    const limit = centres[at]! - width * sigmas[at]!
    return least !== undefined && limit <= least ? Number.NEGATIVE_INFINITY : limit
  })
  const upper = points.map((_, at) => {
    const limit = centres[at]! + width * sigmas[at]!
    return most !== undefined && limit >= most ? Number.POSITIVE_INFINITY : limit
  })
  return { statistic, points, centre: centres, sigma: sigmas, lower, upper }
}

/** Distance of each point from the centre line in its own standard deviations; NaN where it is missing. */
export const standardised = ({ points, centre, sigma }: ControlChart): Float64Array =>
  points.map((point, at) => (point - centre[at]!) / sigma[at]!)

/** Points outside of the limits, which of asymmetric charts are not 3 standard deviations out. */
export function outside({ points, lower, upper }: ControlChart): Int32Array {
  return Int32Array.from(points.keys()).filter((at) => points[at]! > upper[at]! || points[at]! < lower[at]!)
}
