import { isolationScorer, readIsolation, writeIsolation } from '../../learning/isolation/model.ts'
import { trainIsolation } from '../../learning/isolation/train.ts'
import { bytes, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer } from '../detector.ts'
import { columnsOf } from './columns.ts'

/** Below this score (0.5 is a row like most) nobody asks which signal it was, and the cheap answer does. */
const ODD = 0.55

const shape = record({ forest: bytes })

/** Isolation forest (Liu, Ting & Zhou, ICDM 2008). A signal's part is how much less odd the row is with that signal at its centre. */
export const isolationForest: Detector = {
  source: 'Liu, Ting & Zhou 2008',
  least: () => 64,
  fit(rows, { seed }) {
    const { model } = trainIsolation(columnsOf(rows), { seed })
    return { forest: writeIsolation(model) }
  },
  scorer(data, width): RowScorer {
    const model = readIsolation(shape(data, 'isolation-forest').forest)
    fits(model.names.length === width, 'isolation-forest', `for ${width} signals`)
    const { row: odd } = isolationScorer(model)
    const row = new Float64Array(width)
    return {
      score(values, at, parts) {
        for (let j = 0; j < width; j++) {
          row[j] = values[at + j]!
          parts[j] = row[j]! * row[j]!
        }
        const score = odd(row)
        if (score < ODD) return score
        let any = false
        for (let j = 0; j < width; j++) {
          const own = row[j]!
          row[j] = 0
          const gain = Math.max(0, score - odd(row))
          row[j] = own
          if (gain > 0) any = true
          parts[j] = gain
        }
        if (!any) for (let j = 0; j < width; j++) parts[j] = row[j]! * row[j]!
        return score
      },
      reset() {},
    }
  },
}
