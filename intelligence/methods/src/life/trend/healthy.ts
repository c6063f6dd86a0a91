/** Steps that tell what a healthy machine is like. */
const EARLY = 20
/** Standard deviations that a smoothed level has to leave the healthy one by. */
const LEAVES = 5
const RETURNS = 2
const SMOOTHING = 0.25

/**
 * Where a signal stands while nothing wears, how it scatters, and since when it has left that. The healthy level is the lowest mean of twenty
 * steps seen so far (of the signal that rises with wear), so that a run-in does not count as health, nor slow wear as a new normal.
 */
export class HealthyLevel {
  level = Number.NaN
  /** Standard deviation of one step. */
  deviation = Number.NaN
  /** Smoothed value now. */
  smooth = Number.NaN
  /** When it left the healthy level for the last time, hours; undefined while it is there. */
  left: number | undefined
  private readonly recent: number[] = []
  private readonly jumps: number[] = []
  private before = Number.NaN

  /** @param least how far above the healthy level matters at all */
  push(hours: number, value: number, least: number): void {
    if (Number.isFinite(this.before) && this.left === undefined) {
      this.jumps.push(Math.abs(value - this.before))
      if (this.jumps.length > 200) this.jumps.shift()
    }
    this.before = value
    this.smooth = Number.isNaN(this.smooth) ? value : this.smooth + SMOOTHING * (value - this.smooth)
    this.recent.push(value)
    if (this.recent.length > EARLY) this.recent.shift()
    const mean = this.recent.reduce((sum, each) => sum + each, 0) / this.recent.length
    if (this.recent.length < EARLY) this.level = mean
    else this.level = Math.min(this.level, mean)
    if (this.jumps.length >= 5 && this.left === undefined) {
      // Of normal noise the median of |differences| is 0.954 of its standard deviation; jumps of single steps do not move it.
      this.deviation = this.jumps.toSorted((a, b) => a - b)[this.jumps.length >> 1]! / 0.954
    }
    if (this.recent.length < EARLY || Number.isNaN(this.deviation)) return
    const noise = this.deviation * Math.sqrt(SMOOTHING / (2 - SMOOTHING))
    const above = this.smooth - this.level
    if (this.left === undefined && above > Math.max(LEAVES * noise, least)) this.left = hours
    else if (this.left !== undefined && above < Math.max(RETURNS * noise, least / 2)) this.left = undefined
  }
}
