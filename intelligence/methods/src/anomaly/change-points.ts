import type { Frame } from '../series/frame.ts'
import { anomalyErrors } from './errors.ts'
import { checkFrame } from './normal/clean.ts'
import { robustLevel } from './normal/statistics.ts'

export interface ChangePointSettings {
  /** Fewest rows between two change points. */
  readonly leastRows: number
  /** Factor on the penalty of a further change point; more gives fewer. */
  readonly penalty: number
}

export const changePointDefaults: ChangePointSettings = { leastRows: 10, penalty: 3 }

/** Rows beyond which a longer history has to be cut by the caller: the cost grows with the square in the worst case. */
const MOST_ROWS = 100_000

/**
 * Rows at which the level of one or more signals changes for good: optimal partitioning with pruning (PELT: Killick, Fearnhead &
 * Eckley, JASA 107 (2012) 1590), cost of a piece the squared deviations from its mean over all signals, penalty as by BIC. Signals are
 * scaled by the noise between neighbouring rows, so that the changes themselves do not count as noise. Missing readings are filled
 * with the last one.
 * @returns ascending rows, each the first of a new piece
 * @throws MW-ANOMALY-0001, -0002, -0008
 */
export function changePoints(frame: Frame, given: Partial<ChangePointSettings> = {}): Int32Array {
  const { leastRows, penalty } = { ...changePointDefaults, ...given }
  checkFrame(frame)
  const rows = frame.times.length
  if (rows > MOST_ROWS)
    throw anomalyErrors.setting({ name: 'rows', value: rows, range: `at most ${MOST_ROWS}; cut the history` })
  if (!Number.isInteger(leastRows) || leastRows < 1)
    throw anomalyErrors.setting({ name: 'leastRows', value: leastRows, range: 'a whole number from 1' })
  const sums = frame.columns
    .map(scaled)
    .filter((column) => column !== undefined)
    .map(runningSums)
  if (sums.length === 0 || rows < 2 * leastRows) return new Int32Array(0)
  const cost = (from: number, end: number): number => {
    let whole = 0
    for (const { sum, squares } of sums) {
      const part = sum[end]! - sum[from]!
      whole += squares[end]! - squares[from]! - (part * part) / (end - from)
    }
    return whole
  }
  return pelt(rows, leastRows, penalty * (sums.length + 1) * Math.log(rows), cost)
}

function pelt(rows: number, least: number, penalty: number, cost: (from: number, end: number) => number): Int32Array {
  const best = new Float64Array(rows + 1).fill(Number.POSITIVE_INFINITY)
  const before = new Int32Array(rows + 1)
  best[0] = -penalty
  let candidates: number[] = [0]
  for (let end = least; end <= rows; end++) {
    const costs = candidates.map((from) => best[from]! + cost(from, end))
    costs.forEach((value, index) => {
      if (value + penalty < best[end]!) {
        best[end] = value + penalty
        before[end] = candidates[index]!
      }
    })
    candidates = candidates.filter((_, index) => costs[index]! <= best[end]!)
    const next = end + 1 - least
    if (next >= least) candidates.push(next)
  }
  const found: number[] = []
  for (let at = before[rows]!; at > 0; at = before[at]!) found.push(at)
  return Int32Array.from(found.reverse())
}

/** In standard deviations of the noise between rows; undefined for a signal without readings or without any noise and change. */
function scaled(column: Float64Array): Float64Array | undefined {
  const first = column.find((value) => Number.isFinite(value))
  if (first === undefined) return undefined
  let last = first
  const filled = column.map((value) => {
    if (Number.isFinite(value)) last = value
    return last
  })
  const steps = filled.subarray(1).map((value, row) => value - filled[row]!)
  const noise = robustLevel(steps).scale / Math.SQRT2 || robustLevel(filled).scale
  return noise > 0 ? filled.map((value) => (value - first) / noise) : undefined
}

function runningSums(column: Float64Array): { sum: Float64Array; squares: Float64Array } {
  const sum = new Float64Array(column.length + 1)
  const squares = new Float64Array(column.length + 1)
  column.forEach((value, row) => {
    sum[row + 1] = sum[row]! + value
    squares[row + 1] = squares[row]! + value * value
  })
  return { sum, squares }
}
