import type { ModelData } from '../model-file/index.ts'

/**
 * What the detectors see: rows of cleaned signals, each centred and scaled within its operating mode, nothing missing,
 * row-major. A row's `start` flag says that a gap in time (or the beginning) lies before it, so that whatever remembers
 * earlier rows forgets them.
 */
export interface Rows {
  readonly count: number
  readonly width: number
  /** count x width, in robust standard deviations. */
  readonly values: Float64Array
  /** count; 1 where the row does not follow on the one before it. */
  readonly starts: Uint8Array
  /** count; integer microseconds since the epoch. */
  readonly times: Float64Array
  /** width; the variance that slow drift may add to each signal, on the same scale: 0 for one that keeps its level. */
  readonly wander: Float64Array
}

/** Scores rows one after the other and remembers what it needs of the earlier ones. */
export interface RowScorer {
  /**
   * @param row the width values of the row within `values`, from `at`
   * @param parts takes what each signal adds to the score: not negative, of any sum; all 0 when it cannot be said
   * @param time of the row, microseconds
   * @returns the raw score: not negative, larger is stranger, on a scale of the method's own; NaN while it warms up
   */
  score(values: Float64Array, at: number, parts: Float64Array, time: number): number
  /** Forgets the earlier rows: after a gap in time. */
  reset(): void
}

export interface FitOptions {
  readonly seed: number
}

/** One way of telling strange rows from normal ones. Its model is plain data for a model file. */
export interface Detector {
  /** The paper or book it follows. */
  readonly source: string
  /** The fewest rows it learns from, with this many signals. */
  least(width: number): number
  /** Undefined when there is nothing of its kind to learn in these rows: no season, for the seasonal one. */
  fit(rows: Rows, options: FitOptions): ModelData | undefined
  /** @throws MW-MODEL-0001 when the model is not one of this detector for this many signals */
  scorer(model: ModelData, width: number): RowScorer
}

/** Some of the rows, in order; a row whose neighbour before it is not among them is a start. */
export function pickRows({ width, values, starts, times, wander }: Rows, picked: Int32Array): Rows {
  const some = new Float64Array(picked.length * width)
  picked.forEach((row, k) => {
    some.set(values.subarray(row * width, (row + 1) * width), k * width)
  })
  return {
    count: picked.length,
    width,
    values: some,
    starts: Uint8Array.from(picked, (row, k) => (picked[k - 1] === row - 1 ? starts[row]! : 1)),
    times: Float64Array.from(picked, (row) => times[row]!),
    wander,
  }
}

/** Raw scores of rows in order; NaN where the method warms up. */
export function scoreRows(scorer: RowScorer, rows: Rows): Float64Array {
  const parts = new Float64Array(rows.width)
  const scores = new Float64Array(rows.count)
  scorer.reset()
  for (let row = 0; row < rows.count; row++) {
    if (rows.starts[row] === 1) scorer.reset()
    scores[row] = scorer.score(rows.values, row * rows.width, parts, rows.times[row]!)
  }
  return scores
}
