import { networkRunner, readNetwork, writeNetwork } from '../../learning/network/model.ts'
import { trainNetwork } from '../../learning/network/train.ts'
import { bytes, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer } from '../detector.ts'
import { columnsOf } from './columns.ts'

/** Rows it learns from at most: a small network learns no more from more. */
const MOST_ROWS = 4000
/** Every tenth of the time is left to stop by: its end, because neighbours in time are alike. */
const HELD = 0.1
/** Scaled readings are bounded, so that one wild row does not set the weights. */
const BOUND = 6

const shape = record({ network: bytes })

const bounded = (value: number): number => Math.max(-BOUND, Math.min(BOUND, value))

/**
 * A small autoencoder (Hinton & Salakhutdinov, Science 313 (2006) 504; Sakurada & Yairi, MLSDA 2014): what it cannot
 * give back from its narrow middle is strange. The raw score is the mean squared error.
 */
export const autoencoder: Detector = {
  source: 'Hinton & Salakhutdinov 2006; Sakurada & Yairi 2014',
  least: (width) => Math.max(200, 10 * width),
  fit(rows, { seed }) {
    const table = columnsOf(rows)
    const every = Math.ceil(rows.count / MOST_ROWS)
    const columns = table.columns.map((column) => column.filter((_, row) => row % every === 0).map(bounded))
    const thinned = { names: table.names, columns }
    const kept = columns[0]!.length
    const from = Math.floor((1 - HELD) * kept)
    const validation = Int32Array.from({ length: kept - from }, (_, k) => from + k)
    const wide = Math.max(4, Math.min(32, rows.width))
    const narrow = Math.max(1, Math.min(8, Math.ceil(rows.width / 3)))
    const hidden = [wide, narrow, wide]
    const settings = { hidden, activation: 'tanh' as const, epochs: 60, learningRate: 3e-3, seed }
    const { model } = trainNetwork(thinned, thinned, settings, { validation })
    return { network: writeNetwork(model) }
  },
  scorer(data, width): RowScorer {
    const model = readNetwork(shape(data, 'autoencoder').network)
    fits(model.names.length === width && model.outputs.length === width, 'autoencoder', `for ${width} signals`)
    const run = networkRunner(model)
    const row = new Float64Array(width)
    const given = new Float64Array(width)
    return {
      score(values, at, parts) {
        for (let j = 0; j < width; j++) row[j] = bounded(values[at + j]!)
        run(row, given)
        let sum = 0
        for (let j = 0; j < width; j++) {
          parts[j] = (values[at + j]! - given[j]!) ** 2
          sum += parts[j]!
        }
        return sum / width
      },
      reset() {},
    }
  },
}
