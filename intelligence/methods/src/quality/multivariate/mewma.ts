/** Multivariate EWMA for small shifts that last (Lowry, Woodall, Champ & Rigdon, Technometrics 34 (1992) 46). */
import { inverse, Matrix } from 'ml-matrix'
import { noncentralChiSquare } from '../../distributions/noncentral.ts'
import type { Table } from '../../learning/table.ts'
import { qualityErrors } from '../errors.ts'
import { type NormalRows, tSquare } from './hotelling.ts'

export interface MewmaSettings {
  /** Weight of the newest row, 0 to 1. */
  readonly weight: number
  /** Mean number of rows between false alarms. */
  readonly runLength: number
}

export const mewmaDefaults: MewmaSettings = { weight: 0.1, runLength: 200 }

export interface MewmaChart {
  /** T² of the weighted mean, one for each row; rows with a missing value repeat what was. */
  readonly points: Float64Array
  readonly limit: number
}

/** The charted statistic with the exact covariance of each row's mean (eq. 2.5), so that it is quick from the start. */
export function mewma(
  normal: NormalRows,
  { columns }: Table,
  { weight, runLength }: MewmaSettings = mewmaDefaults,
): MewmaChart {
  const { mean } = normal
  const width = mean.length
  const level = mean.slice()
  const next = new Float64Array(width)
  let [taken, last] = [0, 0]
  const points = Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => {
    for (let j = 0; j < width; j++) next[j] = level[j]! + weight * (columns[j]![row]! - level[j]!)
    if (next.some(Number.isNaN)) return last
    level.set(next)
    taken++
    const variance = (weight / (2 - weight)) * (1 - (1 - weight) ** (2 * taken))
    last = tSquare(normal, level) / variance
    return last
  })
  return { points, limit: mewmaLimit(width, weight, runLength) }
}

/** States between the centre and the limit. */
const STATES = 30

/** Limits found, by what they are for: a search takes some tenths of a second. */
const found = new Map<string, number>()

/** The limit h4 that alarms falsely once in `runLength` rows. @throws MW-QUALITY-0004 */
export function mewmaLimit(width: number, weight: number, runLength: number): number {
  if (!(weight >= 0.02 && weight <= 1))
    throw qualityErrors.setting({ name: 'weight', value: weight, reason: 'it lies between 0.02 and 1' })
  if (!(runLength >= 20 && runLength <= 100_000))
    throw qualityErrors.setting({ name: 'run length', value: runLength, reason: 'it lies between 20 and 100000' })
  const key = `${width} ${weight} ${runLength}`
  const held = found.get(key)
  if (held !== undefined) return held
  let low = 0.5
  let high = width + 10
  while (inControlRunLength(width, weight, high) < runLength) high *= 1.5
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2
    if (inControlRunLength(width, weight, middle) < runLength) low = middle
    else high = middle
  }
  const limit = (low + high) / 2
  found.set(key, limit)
  return limit
}

/**
 * Mean run length in control by the Markov chain of Runger & Prabhu, JASA 91 (1996) 1701: only the distance of the weighted mean from the
 * centre counts; its next distance is a noncentral chi variable.
 */
export function inControlRunLength(width: number, weight: number, limit: number): number {
  const reach = Math.sqrt((limit * weight) / (2 - weight))
  const step = (2 * reach) / (2 * STATES + 1)
  const stay = Matrix.zeros(STATES + 1, STATES + 1)
  for (let from = 0; from <= STATES; from++) {
    const noncentral = (((1 - weight) * from * step) / weight) ** 2
    let before = 0
    for (let to = 0; to <= STATES; to++) {
      const upTo = noncentralChiSquare((((to + 0.5) * step) / weight) ** 2, width, noncentral)
      stay.set(from, to, upTo - before)
      before = upTo
    }
  }
  const visits = inverse(Matrix.eye(STATES + 1).sub(stay))
  return visits.getRow(0).reduce((sum, each) => sum + each, 0)
}
