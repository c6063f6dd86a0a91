import { chiSquareQuantile } from '../../distributions/gamma.ts'
import { normalQuantile } from '../../distributions/normal.ts'
import { f64s, fits, record, type Shaped } from '../../model-file/shape.ts'
import type { Detector, RowScorer } from '../detector.ts'
import { moments, symmetricSpectrum, withWander } from './covariance.ts'

/** Share of the variance that the components kept explain. */
const EXPLAINED = 0.9
const CONFIDENCE = 0.99
/** Smallest variance a direction is given, of that of a scaled signal: beyond it is rounding, not knowledge. */
const FLOOR = 1e-4

const shape = record({ mean: f64s, axes: f64s, axisScale: f64s, restScale: f64s })
type PcaModel = Shaped<typeof shape>

/** Limit of the squared prediction error (Q): Jackson & Mudholkar, Technometrics 21 (1979) 341, from the variances left out. */
export function speLimit(leftOut: ArrayLike<number>, confidence: number): number {
  let [one, two, three] = [0, 0, 0]
  for (let i = 0; i < leftOut.length; i++) {
    const variance = leftOut[i]!
    one += variance
    two += variance ** 2
    three += variance ** 3
  }
  if (one === 0) return 0
  const h = 1 - (2 * one * three) / (3 * two ** 2)
  const c = normalQuantile(confidence)
  return one * ((c * Math.sqrt(2 * two * h ** 2)) / one + 1 + (two * h * (h - 1)) / one ** 2) ** (1 / h)
}

/**
 * Principal components: Hotelling's T² within the plane of normal running and the squared prediction error (SPE, Q) off it,
 * each over its limit and added (the combined index of Yue & Qin, Ind. Eng. Chem. Res. 40 (2001) 4403). The raw score is
 * that index. It is a quadratic form |Wx|², so that the squares of Wx are what each signal adds and sum
 * to the index: complete decomposition contributions (Alcala & Qin, Automatica 45 (2009) 1593).
 */
export const pca: Detector = {
  source: 'Jackson & Mudholkar 1979; MacGregor & Kourti, Control Eng. Practice 3 (1995) 403; Yue & Qin 2001',
  least: (width) => Math.max(30, 3 * width),
  fit(rows) {
    const { width } = rows
    const { mean, covariance } = moments(rows)
    const { values, vectors } = symmetricSpectrum(withWander(covariance, rows), width)
    const total = values.reduce((sum, value) => sum + value, 0)
    let kept = 0
    for (let explained = 0; kept < width && explained < EXPLAINED * total; kept++) explained += values[kept]!
    const left = values.slice(kept).map((value) => Math.max(value, FLOOR))
    const planeLimit = chiSquareQuantile(CONFIDENCE, Math.max(1, kept))
    return {
      mean,
      axes: vectors.slice(0, kept * width),
      axisScale: values.slice(0, kept).map((value) => 1 / Math.sqrt(planeLimit * Math.max(value, FLOOR))),
      restScale: Float64Array.of(left.length === 0 ? 0 : 1 / Math.sqrt(speLimit(left, CONFIDENCE))),
    }
  },
  scorer: (data, width) => pcaScorer(shape(data, 'pca'), width),
}

function pcaScorer({ mean, axes, axisScale, restScale }: PcaModel, width: number): RowScorer {
  const kept = axisScale.length
  fits(mean.length === width && axes.length === kept * width && restScale.length === 1, 'pca', `for ${width} signals`)
  const rest = restScale[0]!
  const weighed = new Float64Array(kept)
  return {
    score(values, at, parts) {
      for (let k = 0; k < kept; k++) {
        let sum = 0
        for (let j = 0; j < width; j++) sum += axes[k * width + j]! * (values[at + j]! - mean[j]!)
        weighed[k] = sum * (axisScale[k]! - rest)
      }
      let index = 0
      for (let j = 0; j < width; j++) {
        let along = (values[at + j]! - mean[j]!) * rest
        for (let k = 0; k < kept; k++) along += axes[k * width + j]! * weighed[k]!
        parts[j] = along * along
        index += along * along
      }
      return index
    },
    reset() {},
  }
}
