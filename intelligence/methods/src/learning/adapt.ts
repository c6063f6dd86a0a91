import { conformalQuantile } from './conformal.ts'
import { learningErrors } from './errors.ts'

/**
 * Follows a model that drifts by its own latest errors, once the truth is known: what it was off by in the mean is taken off the next predictions, and the
 * interval is the conformal one over those errors alone (rows near in time are nearly exchangeable where those of the training no longer are; Barber 2023).
 * It corrects an offset, not a wrong shape: for that the model has to be trained anew.
 */
export class RecentErrors {
  private readonly raw: Float64Array
  /** How far off the corrected predictions were. */
  private readonly left: Float64Array
  private readonly latest: number
  private count = 0
  private sum = 0

  /** @param size errors that the interval is drawn from; @param latest of those, the last ones whose mean is taken off */
  constructor(size: number, latest: number) {
    const whole = (name: string, value: number, most: number) => {
      if (!Number.isInteger(value) || value < 1 || value > most)
        throw learningErrors.setting({ name, value, reason: `it is a whole number from 1 to ${most}` })
    }
    whole('size', size, 1_000_000)
    whole('latest', latest, size)
    this.raw = new Float64Array(size)
    this.left = new Float64Array(size)
    this.latest = latest
  }

  /** To be added to the next prediction; 0 before there are errors. */
  get offset(): number {
    const used = Math.min(this.count, this.latest)
    return used === 0 ? 0 : this.sum / used
  }

  /** Half the width of an interval around a corrected prediction; Infinity while too little is known to promise that. */
  margin(coverage: number): number {
    return conformalQuantile(this.left.subarray(0, Math.min(this.count, this.left.length)), coverage)
  }

  /** A truth has come in. NaN on either side is no error, and is left out. */
  add(truth: number, predicted: number): void {
    const error = truth - predicted
    if (Number.isNaN(error)) return
    const size = this.raw.length
    this.left[this.count % size] = Math.abs(error - this.offset)
    const out = this.count - this.latest
    this.sum += error - (out >= 0 ? this.raw[out % size]! : 0)
    this.raw[this.count % size] = error
    this.count++
  }
}
