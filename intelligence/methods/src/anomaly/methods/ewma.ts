import { f64s, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'
import { moments, whitening, withWander } from './covariance.ts'

/** Weight of the newest row: small shifts that last are what it is for. */
const WEIGHT = 0.1

/** Standard deviations between a row and the mean beyond which the mean follows at once. */
const LEAP = 2

/**
 * How far the mean moves for a row this far from it: the adaptive EWMA (Capizzi & Masarotto, Technometrics 45 (2003) 199), which sees small
 * shifts as slowly as an EWMA, and large ones, and the way back from them, at once.
 */
const moveFor = (error: number, leap: number): number =>
  error > leap ? error - (1 - WEIGHT) * leap : error < -leap ? error + (1 - WEIGHT) * leap : WEIGHT * error

const shape = record({ mean: f64s, whitening: f64s })

/**
 * Multivariate EWMA (Lowry, Woodall, Champ & Rigdon, Technometrics 34 (1992) 46): T² of the exponentially weighted mean of the rows.
 * The covariance of that mean is taken from the training rows themselves, not from theory for independent rows: readings of
 * machines follow on each other.
 */
export const mewmaOf = (leap: number): Detector => ({
  source: 'Lowry, Woodall, Champ & Rigdon 1992',
  least: (width) => Math.max(60, 5 * width),
  fit(rows) {
    const averaged = averages(rows, leap)
    const { mean, covariance } = moments(averaged)
    return { mean, whitening: whitening(withWander(covariance, rows), rows.width) }
  },
  scorer(data, width): RowScorer {
    const { mean, whitening: root } = shape(data, 'mewma')
    fits(mean.length === width && root.length === width * width, 'mewma', `for ${width} signals`)
    const level = mean.slice()
    return {
      score(values, at, parts) {
        for (let j = 0; j < width; j++) level[j]! += moveFor(values[at + j]! - level[j]!, leap)
        let square = 0
        for (let i = 0; i < width; i++) {
          let along = 0
          for (let j = 0; j < width; j++) along += root[i * width + j]! * (level[j]! - mean[j]!)
          parts[i] = along * along
          square += along * along
        }
        return square
      },
      reset() {
        level.set(mean)
      },
    }
  },
})

const eachShape = record({ mean: f64s, scale: f64s })

/**
 * EWMA charts (Roberts, Technometrics 1 (1959) 239), one for each signal: the one farthest out counts, squared. More sensitive than the
 * multivariate one to a shift of a single signal among many, blind to one in their relation.
 */
export const ewmaOf = (leap: number): Detector => ({
  source: 'Roberts 1959',
  least: () => 60,
  fit(rows) {
    const { mean, covariance } = moments(averages(rows, leap))
    const { width } = rows
    const variance = withWander(covariance, rows).filter((_, at) => at % (width + 1) === 0)
    return { mean, scale: variance.map((each) => Math.max(Math.sqrt(each), 1e-6)) }
  },
  scorer(data, width): RowScorer {
    const { mean, scale } = eachShape(data, 'ewma')
    fits(
      mean.length === width && scale.length === width && scale.every((each) => each > 0),
      'ewma',
      `for ${width} signals`,
    )
    const level = mean.slice()
    return {
      score(values, at, parts) {
        let most = 0
        for (let j = 0; j < width; j++) {
          level[j]! += moveFor(values[at + j]! - level[j]!, leap)
          parts[j] = ((level[j]! - mean[j]!) / scale[j]!) ** 2
          if (parts[j]! > most) most = parts[j]!
        }
        return most
      },
      reset() {
        level.set(mean)
      },
    }
  },
})

export const ewma = ewmaOf(LEAP)
export const mewma = mewmaOf(LEAP)

/** The exponentially weighted mean at each row; every run begins at the mean of all. */
function averages(rows: Rows, leap: number): Rows {
  const { count, width, values, starts } = rows
  const { mean } = moments(rows)
  const averaged = new Float64Array(values.length)
  for (let row = 0; row < count; row++)
    for (let j = 0; j < width; j++) {
      const at = row * width + j
      const before = starts[row] === 1 ? mean[j]! : averaged[at - width]!
      averaged[at] = before + moveFor(values[at]! - before, leap)
    }
  return { ...rows, values: averaged }
}
