import { ExponentialMean, ExponentialSlope, FirstMean } from './filters.ts'

/** Rows of a life that tell what it was like when it was new. */
const EARLY = 20
const FAST = 0.3
const MIDDLE = 0.1
const SLOW = 0.03
const SLOPES = [0.05, 0.02] as const
const HEALTH_MEANS = [0.5, 0.2, 0.1, 0.05, 0.02] as const
const HEALTH_SLOPES = [0.1, 0.05, 0.02] as const

/** Index in `HEALTH_MEANS` of the mean that is shown as the health. */
const SHOWN = 2

export const featureNames = (signals: readonly string[]): string[] => [
  ...signals.flatMap((name) => [
    `${name} now`,
    `${name} lately`,
    `${name} long`,
    ...SLOPES.map((alpha) => `${name} slope over ${Math.round(1 / alpha)}`),
    `${name} since new`,
  ]),
  ...HEALTH_MEANS.map((alpha) => `health over ${Math.round(1 / alpha)}`),
  ...HEALTH_SLOPES.map((alpha) => `health slope over ${Math.round(1 / alpha)}`),
  'health since new',
  'health in the mean',
  'age',
]

/** What a life looked like until now, as the inputs of the trees; kept up step by step in constant time and memory. */
export class LifeFeatures {
  private readonly signals: number
  private readonly means: readonly ExponentialMean[]
  private readonly slopes: readonly ExponentialSlope[]
  private readonly early: FirstMean
  private readonly health = new Float64Array(1)
  private readonly healthMeans = HEALTH_MEANS.map((alpha) => new ExponentialMean(1, alpha))
  private readonly healthSlopes = HEALTH_SLOPES.map((alpha) => new ExponentialSlope(1, alpha))
  private readonly healthEarly = new FirstMean(1, EARLY)
  private readonly healthMean = new FirstMean(1, Number.POSITIVE_INFINITY)
  private readonly held: Float64Array
  private age = 0

  constructor(signals: number) {
    this.signals = signals
    this.means = [FAST, MIDDLE, SLOW].map((alpha) => new ExponentialMean(signals, alpha))
    this.slopes = SLOPES.map((alpha) => new ExponentialSlope(signals, alpha))
    this.early = new FirstMean(signals, EARLY)
    this.held = new Float64Array(signals)
  }

  /** @param z normalised signals; a missing one is taken to stand where it lately stood; @param steps since the last one, 1 without a gap */
  push(z: ArrayLike<number>, health: number, steps: number): void {
    const lately = this.means[1]!.values
    for (let at = 0; at < this.signals; at++) this.held[at] = Number.isFinite(z[at]!) ? z[at]! : lately[at]!
    for (const mean of this.means) mean.push(this.held, steps)
    for (const slope of this.slopes) slope.push(this.held, steps)
    this.early.push(this.held)
    this.health[0] = health
    for (const mean of this.healthMeans) mean.push(this.health, steps)
    for (const slope of this.healthSlopes) slope.push(this.health, steps)
    this.healthEarly.push(this.health)
    this.healthMean.push(this.health)
    this.age += steps
  }

  get smoothHealth(): number {
    return this.healthMeans[SHOWN]!.values[0]!
  }

  /** How fast the health falls, a step. */
  get healthSlope(): number {
    return this.healthSlopes[1]!.values[0]!
  }

  /** Where each signal lately stood, normalised. */
  get levels(): Float64Array {
    return this.means[0]!.values
  }

  /** Fills `into` in the order of `featureNames`. */
  write(into: Float64Array): void {
    const [fast, middle, slow] = this.means
    let place = 0
    for (let at = 0; at < this.signals; at++) {
      into[place++] = fast!.values[at]!
      into[place++] = middle!.values[at]!
      into[place++] = slow!.values[at]!
      for (const slope of this.slopes) into[place++] = slope.values[at]!
      into[place++] = middle!.values[at]! - this.early.values[at]!
    }
    for (const mean of this.healthMeans) into[place++] = mean.values[0]!
    for (const slope of this.healthSlopes) into[place++] = slope.values[0]!
    into[place++] = this.smoothHealth - this.healthEarly.values[0]!
    into[place++] = this.healthMean.values[0]!
    into[place] = this.age
  }
}
