/** Readings that the mean and the deviation are of, and the fewest. */
const WINDOW = 1000
const FEWEST = 100

/**
 * The plainest detector to compare with: distance of a value from the mean of those before it, in their standard
 * deviations.
 */
export function movingZ(values: Float64Array): Float64Array {
  let sum = 0
  let squares = 0
  return values.map((value, row) => {
    const count = Math.min(row, WINDOW)
    const deviation = Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 1e-18))
    const score = count < FEWEST ? 0 : Math.abs(value - sum / count) / deviation
    const gone = row < WINDOW ? 0 : values[row - WINDOW]!
    sum += value - gone
    squares += value * value - gone * gone
    return score
  })
}
