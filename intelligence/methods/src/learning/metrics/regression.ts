/** Measures of predicted values against the truth; rows in which either is NaN are left out. NaN without rows. */
export interface RegressionMeasures {
  readonly rows: number
  readonly rmse: number
  readonly mae: number
  /** Mean of predicted - true. */
  readonly bias: number
  /** Coefficient of determination, against the mean of these rows' truth. */
  readonly r2: number
}

export function regressionMeasures(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionMeasures {
  let [rows, squares, absolute, bias, sum, sumSquares] = [0, 0, 0, 0, 0, 0]
  let origin = 0
  for (let row = 0; row < truth.length; row++) {
    const difference = predicted[row]! - truth[row]!
    if (Number.isNaN(difference)) continue
    // Sums of squares around the first value: around 0 they would lose what a large offset takes.
    if (rows === 0) origin = truth[row]!
    rows++
    squares += difference ** 2
    absolute += Math.abs(difference)
    bias += difference
    sum += truth[row]! - origin
    sumSquares += (truth[row]! - origin) ** 2
  }
  const spread = sumSquares - (sum * sum) / rows
  return { rows, rmse: Math.sqrt(squares / rows), mae: absolute / rows, bias: bias / rows, r2: 1 - squares / spread }
}

/** Mean pinball loss of a predicted quantile (Koenker and Bassett 1978). */
export function pinballLoss(truth: ArrayLike<number>, predicted: ArrayLike<number>, level: number): number {
  let sum = 0
  for (let row = 0; row < truth.length; row++) {
    const over = truth[row]! - predicted[row]!
    sum += over >= 0 ? level * over : (level - 1) * over
  }
  return sum / truth.length
}

/** Share of the rows whose truth lies in [low, high]. */
export function coverage(truth: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>): number {
  let held = 0
  for (let row = 0; row < truth.length; row++) if (truth[row]! >= low[row]! && truth[row]! <= high[row]!) held++
  return held / truth.length
}
