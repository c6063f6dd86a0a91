/**
 * How far the truth lies from a prediction, by how long that is: near the end a prediction is sharp, far from it not. Local conformal
 * prediction: quantiles of held-out errors around the prediction (Guan, "Localized conformal prediction", Biometrika 110, 2023), then
 * widened until units that they were not taken from are covered (Romano 2019). Weighted by unit, as the rows of one unit err together.
 */
export interface LifeInterval {
  readonly coverage: number
  /** Predictions, ascending, at which the quantiles stand; between them they are interpolated. */
  readonly at: Float64Array
  /** Added to the prediction: below 0 as a rule. */
  readonly below: Float64Array
  readonly above: Float64Array
  /** What both are multiplied with. */
  readonly widening: number
}

/** Predictions of lives that the models did not see. */
export interface HeldOut {
  readonly unit: Int32Array
  readonly predicted: Float64Array
  readonly truth: Float64Array
}

const KNOTS = 12
/** Share of all held-out rows that the quantiles at one knot are taken from. */
const NEIGHBOURS = 0.15
const PARTS = 5

export function fitInterval(held: HeldOut, coverage: number): LifeInterval {
  const all = Int32Array.from(held.predicted.keys())
  const weights = unitWeights(held.unit)
  const scores = new Float64Array(all.length)
  for (let part = 0; part < PARTS; part++) {
    const knots = localQuantiles(
      held,
      all.filter((row) => held.unit[row]! % PARTS !== part),
      weights,
      coverage,
    )
    for (const row of all)
      if (held.unit[row]! % PARTS === part) scores[row] = excess(knots, held.predicted[row]!, held.truth[row]!)
  }
  const units = new Set(held.unit).size
  // As in split conformal prediction, the unit to come counts as one more, with an error beyond all others.
  const level = Math.min(1, (coverage * (units + 1)) / units)
  return {
    coverage,
    ...localQuantiles(held, all, weights, coverage),
    widening: weightedQuantile(scores, weights, all, level),
  }
}

/** @returns [low, high], not yet held to 0 and the horizon */
export function intervalAt(interval: LifeInterval, predicted: number): readonly [number, number] {
  const { widening } = interval
  return [
    predicted + widening * interpolated(interval.at, interval.below, predicted),
    predicted + widening * interpolated(interval.at, interval.above, predicted),
  ]
}

type Knots = Pick<LifeInterval, 'at' | 'below' | 'above'>

function localQuantiles(held: HeldOut, rows: Int32Array, weights: Float64Array, coverage: number): Knots {
  const { predicted, truth } = held
  const sorted = rows.slice().sort((a, b) => predicted[a]! - predicted[b]!)
  const reach = Math.max(5, Math.ceil((NEIGHBOURS * sorted.length) / 2))
  const errors = predicted.map((value, row) => truth[row]! - value)
  const knots = { at: new Float64Array(KNOTS), below: new Float64Array(KNOTS), above: new Float64Array(KNOTS) }
  const smallest = 1e-3 * Math.max(...truth)
  for (let knot = 0; knot < KNOTS; knot++) {
    const middle = Math.round((knot / (KNOTS - 1)) * (sorted.length - 1))
    const near = sorted.subarray(Math.max(0, middle - reach), middle + reach + 1)
    knots.at[knot] = predicted[sorted[middle]!]!
    // The widening stretches both sides, so that neither may be nothing.
    knots.below[knot] = Math.min(-smallest, weightedQuantile(errors, weights, near, (1 - coverage) / 2))
    knots.above[knot] = Math.max(smallest, weightedQuantile(errors, weights, near, (1 + coverage) / 2))
  }
  return knots
}

/** How many times the local interval has to be as wide as it is for the truth to lie in it. */
function excess(knots: Knots, predicted: number, truth: number): number {
  const error = truth - predicted
  return error < 0
    ? error / interpolated(knots.at, knots.below, predicted)
    : error / interpolated(knots.at, knots.above, predicted)
}

function unitWeights(unit: Int32Array): Float64Array {
  const counts = new Map<number, number>()
  for (const each of unit) counts.set(each, (counts.get(each) ?? 0) + 1)
  return Float64Array.from(unit, (each) => 1 / counts.get(each)!)
}

function weightedQuantile(values: Float64Array, weights: Float64Array, rows: Int32Array, level: number): number {
  const sorted = rows.slice().sort((a, b) => values[a]! - values[b]!)
  let left = level * sorted.reduce((sum, row) => sum + weights[row]!, 0)
  for (const row of sorted) {
    left -= weights[row]!
    if (left <= 1e-12) return values[row]!
  }
  return values[sorted[sorted.length - 1]!]!
}

function interpolated(at: Float64Array, values: Float64Array, x: number): number {
  if (x <= at[0]!) return values[0]!
  for (let knot = 1; knot < at.length; knot++) {
    if (x > at[knot]!) continue
    const share = at[knot]! > at[knot - 1]! ? (x - at[knot - 1]!) / (at[knot]! - at[knot - 1]!) : 1
    return values[knot - 1]! * (1 - share) + values[knot]! * share
  }
  return values[values.length - 1]!
}
