import type { TreeTask } from './settings.ts'

/** Raw scores: one array for each output, a number for each row. */
export type Raw = readonly Float64Array[]

export interface Loss {
  readonly outputs: number
  /** The constant for each output that the trees start from. */
  base(rows: ArrayLike<number>): Float64Array
  /** First and second derivatives of the loss by an output's raw score, times the row's weight. */
  derivatives(raw: Raw, output: number, gradient: Float64Array, curvature: Float64Array): void
  /** Weighted mean loss of some rows. */
  mean(raw: Raw, rows: ArrayLike<number>): number
  /** For losses whose second derivative says nothing: the value that a leaf's rows want, of a row's residuals. */
  readonly leafLevel?: number
}

export function lossOf(task: TreeTask, target: Float64Array, weights: Float64Array): Loss {
  switch (task.kind) {
    case 'squared':
      return squared(target, weights)
    case 'quantile':
      return quantile(target, weights, task.level)
    case 'binary':
      return logistic(target, weights)
    case 'multiclass':
      return softmax(target, weights, task.classes)
  }
}

function squared(target: Float64Array, weights: Float64Array): Loss {
  return {
    outputs: 1,
    base: (rows) => Float64Array.of(weightedMean(rows, weights, (row) => target[row]!)),
    derivatives([raw], _, gradient, curvature) {
      for (let row = 0; row < target.length; row++) {
        gradient[row] = weights[row]! * (raw![row]! - target[row]!)
        curvature[row] = weights[row]!
      }
    },
    mean: ([raw], rows) => weightedMean(rows, weights, (row) => (raw![row]! - target[row]!) ** 2),
  }
}

/** The pinball loss (Koenker and Bassett 1978); leaves take the quantile of their residuals (Friedman 2001, section 4.3). */
function quantile(target: Float64Array, weights: Float64Array, level: number): Loss {
  return {
    outputs: 1,
    leafLevel: level,
    base: (rows) =>
      Float64Array.of(
        weightedQuantile(
          Float64Array.from(rows, (row) => target[row]!),
          Float64Array.from(rows, (row) => weights[row]!),
          level,
        ),
      ),
    derivatives([raw], _, gradient, curvature) {
      for (let row = 0; row < target.length; row++) {
        gradient[row] = weights[row]! * (raw![row]! >= target[row]! ? 1 - level : -level)
        curvature[row] = weights[row]!
      }
    },
    mean: ([raw], rows) =>
      weightedMean(rows, weights, (row) => {
        const over = target[row]! - raw![row]!
        return over >= 0 ? level * over : (level - 1) * over
      }),
  }
}

function logistic(target: Float64Array, weights: Float64Array): Loss {
  return {
    outputs: 1,
    base(rows) {
      const share = clampShare(weightedMean(rows, weights, (row) => target[row]!))
      return Float64Array.of(Math.log(share / (1 - share)))
    },
    derivatives([raw], _, gradient, curvature) {
      for (let row = 0; row < target.length; row++) {
        const probability = 1 / (1 + Math.exp(-raw![row]!))
        gradient[row] = weights[row]! * (probability - target[row]!)
        curvature[row] = weights[row]! * probability * (1 - probability)
      }
    },
    mean: ([raw], rows) =>
      weightedMean(rows, weights, (row) => {
        const margin = target[row] === 1 ? raw![row]! : -raw![row]!
        return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
      }),
  }
}

function softmax(target: Float64Array, weights: Float64Array, classes: number): Loss {
  const exps = new Float64Array(classes)
  /** Probabilities of a row into `exps`, up to the factor that it gives back. */
  const spread = (raw: Raw, row: number): number => {
    let highest = Number.NEGATIVE_INFINITY
    for (let output = 0; output < classes; output++) highest = Math.max(highest, raw[output]![row]!)
    let sum = 0
    for (let output = 0; output < classes; output++) sum += exps[output] = Math.exp(raw[output]![row]! - highest)
    return 1 / sum
  }
  return {
    outputs: classes,
    base: (rows) =>
      Float64Array.from({ length: classes }, (_, output) =>
        Math.log(clampShare(weightedMean(rows, weights, (row) => (target[row] === output ? 1 : 0)))),
      ),
    derivatives(raw, output, gradient, curvature) {
      for (let row = 0; row < target.length; row++) {
        const probability = spread(raw, row) * exps[output]!
        gradient[row] = weights[row]! * (probability - (target[row] === output ? 1 : 0))
        curvature[row] = weights[row]! * probability * (1 - probability)
      }
    },
    mean: (raw, rows) =>
      weightedMean(rows, weights, (row) => {
        const factor = spread(raw, row)
        return -Math.log(Math.max(factor * exps[target[row]!]!, Number.MIN_VALUE))
      }),
  }
}

function weightedMean(rows: ArrayLike<number>, weights: Float64Array, of: (row: number) => number): number {
  let sum = 0
  let weight = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    sum += weights[row]! * of(row)
    weight += weights[row]!
  }
  return sum / weight
}

/** The least value with at least the share `level` of the weight at or below it. Sorts no more than it is given. */
export function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const order = Int32Array.from(values, (_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const wanted = weights.reduce((sum, weight) => sum + weight, 0) * level
  let sum = 0
  for (const at of order) {
    sum += weights[at]!
    if (sum >= wanted) return values[at]!
  }
  return values[order[order.length - 1]!]!
}

const clampShare = (share: number): number => Math.min(Math.max(share, 1e-9), 1 - 1e-9)
