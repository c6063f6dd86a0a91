import { HOUR } from '../run.ts'

/** Readings of one step of a life, averaged. */
export interface Step {
  /** Time of its last reading, µs: the prediction counts from there. */
  readonly last: number
  /** Steps since the one before, 1 without a gap. */
  readonly elapsed: number
}

/**
 * Gathers the normalised rows of a life into steps of equal length, as soon as each is complete: rows that come once a cycle are
 * taken one by one, those that come every second are averaged.
 */
export class StepGatherer {
  readonly means: Float64Array
  health = 0
  private readonly step: number
  private readonly sums: Float64Array
  private readonly counts: Float64Array
  private healthSum = 0
  private rows = 0
  private start: number | undefined
  private current = 0
  private before = -1
  private last = 0

  constructor(signals: number, stepHours: number) {
    this.means = new Float64Array(signals)
    this.sums = new Float64Array(signals)
    this.counts = new Float64Array(signals)
    this.step = stepHours * HOUR
  }

  /** Tells what a row completes before it is added: call `take` then, and `add` after. */
  completes(time: number): boolean {
    return this.rows > 0 && this.indexOf(time) > this.current
  }

  add(time: number, z: ArrayLike<number>, health: number): void {
    if (Number.isNaN(health)) return
    this.start ??= time
    this.current = this.indexOf(time)
    for (let at = 0; at < this.sums.length; at++) {
      if (!Number.isFinite(z[at]!)) continue
      this.sums[at]! += z[at]!
      this.counts[at]!++
    }
    this.healthSum += health
    this.rows++
    this.last = time
  }

  /** Empties the step into `means` (NaN where missing) and `health`; undefined when there is nothing. */
  take(): Step | undefined {
    if (this.rows === 0) return undefined
    for (let at = 0; at < this.sums.length; at++) this.means[at] = this.sums[at]! / this.counts[at]!
    this.health = this.healthSum / this.rows
    const elapsed = this.before < 0 ? 1 : this.current - this.before
    this.before = this.current
    this.sums.fill(0)
    this.counts.fill(0)
    this.healthSum = 0
    this.rows = 0
    return { last: this.last, elapsed }
  }

  private indexOf(time: number): number {
    // Half a step of room, so that rows once a step do not fall now into one, now into the other for a rounding.
    return this.start === undefined ? 0 : Math.floor((time - this.start) / this.step + 0.25)
  }
}
