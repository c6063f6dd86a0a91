import { f64s, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'
import { moments, whitening, withWander } from './covariance.ts'

/** Weight of the newest row: small shifts that last are what it is for. */
const WEIGHT = 0.1

/** Robust standard deviations beyond which a reading counts no further, so that what was far off is forgotten as fast as what was not. */
const CLIP = 2

const clipped = (value: number): number => Math.max(-CLIP, Math.min(CLIP, value))

const shape = record({ mean: f64s, whitening: f64s })

/**
 * Multivariate EWMA (Lowry, Woodall, Champ & Rigdon, Technometrics 34 (1992) 46): T² of the exponentially weighted mean of the rows.
 * The covariance of that mean is taken from the training rows themselves, not from theory for independent rows: readings of
 * machines follow on each other.
 */
export const mewma: Detector = {
  source: 'Lowry, Woodall, Champ & Rigdon 1992',
  least: (width) => Math.max(60, 5 * width),
  fit(rows) {
    const averaged = averages(rows)
    const { mean, covariance } = moments(averaged)
    return { mean, whitening: whitening(withWander(covariance, rows), rows.width) }
  },
  scorer(data, width): RowScorer {
    const { mean, whitening: root } = shape(data, 'mewma')
    fits(mean.length === width && root.length === width * width, 'mewma', `for ${width} signals`)
    const level = mean.slice()
    return {
      score(values, at, parts) {
        for (let j = 0; j < width; j++) level[j]! += WEIGHT * (clipped(values[at + j]!) - level[j]!)
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
}

/** The exponentially weighted mean at each row; every run begins at the mean of all. */
function averages(rows: Rows): Rows {
  const { count, width, values, starts } = rows
  const { mean } = moments(rows)
  const averaged = new Float64Array(values.length)
  for (let row = 0; row < count; row++)
    for (let j = 0; j < width; j++) {
      const at = row * width + j
      const before = starts[row] === 1 ? mean[j]! : averaged[at - width]!
      averaged[at] = before + WEIGHT * (clipped(values[at]!) - before)
    }
  return { ...rows, values: averaged }
}
