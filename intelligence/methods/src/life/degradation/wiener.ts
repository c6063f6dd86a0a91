import { lifeErrors } from '../errors.ts'
import type { WienerDrift } from './first-passage.ts'

/** What earlier lives say of the drift before this one has shown anything: normal, with the weight of its variance. */
export interface DriftPrior {
  readonly drift: number
  readonly variance: number
}

/**
 * A Wiener process with drift, followed as it wears: its increments are independent and normal, so that a normal prior of the drift stays
 * normal (Si et al., "Remaining useful life estimation", European J. Operational Research 213, 2011, section 3.2), and the diffusion is
 * the scatter of the increments about it.
 */
export class WienerTrend {
  private readonly prior: DriftPrior | undefined
  private readonly keep: number
  private hours = 0
  private rise = 0
  private squares = 0
  private count = 0
  private before: { readonly hours: number; readonly value: number } | undefined

  /** @param memoryHours increments fade with this time constant, as a wear speeds up; absent: all count the same */
  constructor(prior?: DriftPrior, memoryHours?: number) {
    this.prior = prior
    this.keep = memoryHours === undefined ? 0 : 1 / memoryHours
  }

  /** @param hours ascending; a missing value is passed over. @throws MW-LIFE-0008 when time goes back */
  push(hours: number, value: number): void {
    if (!Number.isFinite(value)) return
    if (this.before !== undefined) {
      const passed = hours - this.before.hours
      if (!(passed > 0)) throw lifeErrors.trend({ reason: 'its times do not ascend' })
      const risen = value - this.before.value
      const fade = this.keep > 0 ? Math.exp(-passed * this.keep) : 1
      this.hours = this.hours * fade + passed
      this.rise = this.rise * fade + risen
      this.squares = this.squares * fade + (risen * risen) / passed
      this.count = this.count * fade + 1
    }
    this.before = { hours, value }
  }

  /** The last value; undefined before the first. */
  get level(): number | undefined {
    return this.before?.value
  }

  /** @returns undefined before three values */
  posterior(): WienerDrift | undefined {
    if (this.count < 1.5 || !(this.hours > 0)) return undefined
    const slope = this.rise / this.hours
    const noise = Math.max(0, this.squares - slope * this.rise) / Math.max(1, this.count - 1)
    if (this.prior === undefined || !(this.prior.variance > 0) || !(noise > 0))
      return { drift: slope, driftVariance: noise / this.hours, diffusion: Math.sqrt(noise) }
    const precision = 1 / this.prior.variance + this.hours / noise
    const drift = (this.prior.drift / this.prior.variance + this.rise / noise) / precision
    return { drift, driftVariance: 1 / precision, diffusion: Math.sqrt(noise) }
  }
}
