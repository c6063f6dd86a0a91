import { f64s, fits, record, type Shaped } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'

/** Allowance: half of the smallest shift that matters, in standard deviations (Montgomery, Statistical Quality Control, 9.1). */
const ALLOWANCE = 0.5
/** The sums stop here, so that a long fault does not take as long again to be forgotten. */
const CEILING = 40

const shape = record({ centre: f64s, scale: f64s })

/** Mean and standard deviation of each signal: the scheme is about means, the rows come centred on medians. */
function levels({ count, width, values, wander }: Rows): Shaped<typeof shape> {
  const centre = new Float64Array(width)
  const scale = new Float64Array(width)
  for (let i = 0; i < count * width; i++) centre[i % width]! += values[i]! / count
  for (let i = 0; i < count * width; i++) scale[i % width]! += (values[i]! - centre[i % width]!) ** 2 / count
  return { centre, scale: scale.map((variance, j) => Math.max(Math.sqrt(variance + wander[j]!), 1e-6)) }
}

/** Two sums for each signal, up and down; the largest counts. `step` moves a sum by a reading in standard deviations. */
function sums(data: Shaped<typeof shape>, width: number, step: Step): RowScorer {
  const { centre, scale } = data
  fits(centre.length === width && scale.length === width, 'sums', `for ${width} signals`)
  const up = new Float64Array(width)
  const down = new Float64Array(width)
  const mean = new Float64Array(width)
  let rows = 0
  return {
    score(values, at, parts) {
      rows++
      let most = 0
      for (let j = 0; j < width; j++) {
        const reading = (values[at + j]! - centre[j]!) / scale[j]!
        mean[j]! += (reading - mean[j]!) / rows
        up[j] = Math.min(CEILING, Math.max(0, up[j]! + step(reading, mean[j]!)))
        down[j] = Math.min(CEILING, Math.max(0, down[j]! + step(-reading, -mean[j]!)))
        const sum = Math.max(up[j]!, down[j]!)
        parts[j] = sum * sum
        if (sum > most) most = sum
      }
      return most
    },
    reset() {
      rows = 0
      for (const state of [up, down, mean]) state.fill(0)
    },
  }
}

type Step = (reading: number, mean: number) => number

/** Tabular CUSUM (Page, Biometrika 41 (1954) 100) against the mean of training. */
export const cusum: Detector = {
  source: 'Page 1954; Montgomery 9.1',
  least: () => 50,
  fit: levels,
  scorer: (data, width) => sums(shape(data, 'cusum'), width, (reading) => reading - ALLOWANCE),
}

/** How much a signal may lie off its running mean. */
const TOLERANCE = 0.2

/** Page-Hinkley (Hinkley, Biometrika 57 (1970) 1): the same against the mean of the run itself, so that a constant offset is no alarm. */
export const pageHinkley: Detector = {
  source: 'Page 1954; Hinkley 1970',
  least: () => 50,
  fit: levels,
  scorer: (data, width) => sums(shape(data, 'page-hinkley'), width, (reading, mean) => reading - mean - TOLERANCE),
}
