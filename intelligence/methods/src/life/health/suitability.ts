import type { Run } from '../run.ts'

/**
 * How well a signal serves to tell remaining life, each 0 to 1 (Coble and Hines, "Identifying optimal prognostic parameters from data", PHM 2009;
 * trendability by rank as Coble's thesis, 2010, allows for runs of different lengths).
 */
export interface Suitability {
  readonly name: string
  /** Goes one way: mean over runs of |rises - falls| / steps of the smoothed signal. */
  readonly monotonicity: number
  /** Goes the same way in each run: least |rank correlation with time|, 0 when the directions differ. */
  readonly trendability: number
  /** Ends at the same value: exp(-scatter of the ends / mean way from begin to end). */
  readonly prognosability: number
}

/** Pieces that a run is averaged into: rises and falls between neighbouring readings would only be noise. */
const PIECES = 20

/** @param runs that ended in failures, all with the same signals */
export function suitability(runs: readonly Run[]): Suitability[] {
  return (runs[0]?.frame.names ?? []).map((name, at) => {
    const pieces = runs.map((run) => averaged(run.frame.columns[at]!)).filter((each) => each.length >= 3)
    const correlations = pieces.map(rankCorrelation)
    const oneWay = correlations.every((each) => each > 0) || correlations.every((each) => each < 0)
    const ends = pieces.map((each) => each[each.length - 1]!)
    const way = mean(pieces.map((each) => Math.abs(each[each.length - 1]! - each[0]!)))
    return {
      name,
      monotonicity: pieces.length === 0 ? 0 : mean(pieces.map(monotonicity)),
      trendability: pieces.length === 0 || !oneWay ? 0 : Math.min(...correlations.map(Math.abs)),
      prognosability: way > 0 ? Math.exp(-deviation(ends) / way) : 0,
    }
  })
}

function averaged(column: Float64Array): number[] {
  const values = column.filter(Number.isFinite)
  const count = Math.min(PIECES, values.length)
  return Array.from({ length: count }, (_, at) => {
    const piece = values.subarray(
      Math.floor((at * values.length) / count),
      Math.floor(((at + 1) * values.length) / count),
    )
    return piece.reduce((sum, value) => sum + value, 0) / piece.length
  })
}

function monotonicity(values: readonly number[]): number {
  const net = values.slice(1).reduce((sum, value, at) => sum + Math.sign(value - values[at]!), 0)
  return Math.abs(net) / (values.length - 1)
}

/** Spearman's, with the time. */
function rankCorrelation(values: readonly number[]): number {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length)
  for (let at = 0; at < order.length; ) {
    let to = at
    while (to < order.length && values[order[to]!] === values[order[at]!]) to++
    for (let tied = at; tied < to; tied++) ranks[order[tied]!] = (at + to - 1) / 2
    at = to
  }
  const middle = (values.length - 1) / 2
  let xy = 0
  let xx = 0
  let yy = 0
  for (let at = 0; at < ranks.length; at++) {
    xy += (ranks[at]! - middle) * (at - middle)
    xx += (ranks[at]! - middle) ** 2
    yy += (at - middle) ** 2
  }
  return xx > 0 ? xy / Math.sqrt(xx * yy) : 0
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
