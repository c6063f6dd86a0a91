/**
 * Filters that forget exponentially, for several series on one time axis, one value in at a time: what a remaining life is told
 * from is where a machine stands, how fast it moves, and how far it came since it was new. A gap of several steps forgets as much as they would have.
 */

/** Weighted mean with weight (1 - alpha)^age; unbiased from the first value on. */
export class ExponentialMean {
  readonly values: Float64Array
  private readonly sums: Float64Array
  private readonly keep: number
  private weight = 0

  constructor(series: number, alpha: number) {
    this.values = new Float64Array(series)
    this.sums = new Float64Array(series)
    this.keep = 1 - alpha
  }

  push(values: ArrayLike<number>, steps: number): void {
    const keep = this.keep ** steps
    this.weight = this.weight * keep + 1
    for (let at = 0; at < this.sums.length; at++) {
      this.sums[at] = this.sums[at]! * keep + values[at]!
      this.values[at] = this.sums[at]! / this.weight
    }
  }
}

/** Slope a step of the least-squares line with weight (1 - alpha)^age, drawn towards 0 while there is little to tell it from. */
export class ExponentialSlope {
  readonly values: Float64Array
  private readonly y: Float64Array
  private readonly ageY: Float64Array
  private readonly keep: number
  private readonly prior: number
  private s0 = 0
  private s1 = 0
  private s2 = 0

  constructor(series: number, alpha: number) {
    this.values = new Float64Array(series)
    this.y = new Float64Array(series)
    this.ageY = new Float64Array(series)
    this.keep = 1 - alpha
    this.prior = 0.02 / alpha ** 3
  }

  push(values: ArrayLike<number>, steps: number): void {
    const keep = this.keep ** steps
    this.s2 = keep * (this.s2 + 2 * steps * this.s1 + steps * steps * this.s0)
    this.s1 = keep * (this.s1 + steps * this.s0)
    this.s0 = keep * this.s0 + 1
    const scatter = this.s0 * this.s2 - this.s1 * this.s1 + this.prior * this.s0
    for (let at = 0; at < this.y.length; at++) {
      this.ageY[at] = keep * (this.ageY[at]! + steps * this.y[at]!)
      this.y[at] = keep * this.y[at]! + values[at]!
      this.values[at] = -(this.s0 * this.ageY[at]! - this.s1 * this.y[at]!) / scatter
    }
  }
}

/** Mean of the first `most` values: what the machine was like when it was new. */
export class FirstMean {
  readonly values: Float64Array
  private readonly most: number
  private count = 0

  constructor(series: number, most: number) {
    this.values = new Float64Array(series)
    this.most = most
  }

  push(values: ArrayLike<number>): void {
    if (this.count >= this.most) return
    this.count++
    for (let at = 0; at < this.values.length; at++) this.values[at]! += (values[at]! - this.values[at]!) / this.count
  }
}
