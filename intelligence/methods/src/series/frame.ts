/**
 * Several signals on one time axis: what every method that looks at more than one signal takes. Column-major, so that
 * a method runs down one signal without touching the others.
 */
export interface Frame {
  /** Integer microseconds since the epoch, strictly ascending. */
  readonly times: Float64Array
  /** One for each column, unique. */
  readonly names: readonly string[]
  /** One for each name, as long as `times`. NaN is a missing or Bad reading. */
  readonly columns: readonly Float64Array[]
}
