import { readModel, writeModel } from '../model-file/index.ts'
import {
  aCount,
  aNumber,
  anything,
  aText,
  f64s,
  fits,
  listOf,
  oneOf,
  record,
  type Shaped,
} from '../model-file/shape.ts'
import { checkTail, tailShape } from './alarm/tail.ts'
import { detectors, methodNames } from './methods/index.ts'
import { Preparer, preparationShape } from './normal/preparation.ts'

const MOST_SIGNALS = 20_000
const MOST_ROWS = 1e9

const modelShape = record({
  kind: oneOf(['anomaly']),
  version: oneOf(['1']),
  /** The signals that are scored, in the order of all that follows. */
  signals: listOf(aText),
  /** Signals that never moved in training, and what they rested on. */
  constants: listOf(record({ name: aText, value: aNumber })),
  preparation: preparationShape,
  /** Weights sum to 1. */
  members: listOf(record({ method: oneOf(methodNames), weight: aNumber, tail: tailShape, model: anything })),
  threshold: record({ on: aNumber, off: aNumber }),
  smoothing: aCount(100_000),
  minimumRows: aCount(100_000),
  rows: aCount(MOST_ROWS),
  /** Episodes that a person has named: shares of the signals, and the name. */
  known: listOf(record({ name: aText, from: aNumber, to: aNumber, shares: f64s })),
})

/** A trained anomaly service: plain data, to be kept with {@link writeAnomaly}. */
export type AnomalyModel = Shaped<typeof modelShape>

export const writeAnomaly = (model: AnomalyModel): Uint8Array => writeModel(model)

/** @throws MW-MODEL-0001 when the bytes are no anomaly model, or its parts do not go together */
export function readAnomaly(bytes: Uint8Array): AnomalyModel {
  const model = modelShape(readModel(bytes), '')
  const width = model.signals.length
  fits(width > 0 && width <= MOST_SIGNALS, 'signals', `a list of 1 to ${MOST_SIGNALS}`)
  fits(model.members.length > 0, 'members', 'a list of at least one method')
  fits(
    model.known.every(({ shares }) => shares.length === width),
    'known',
    `for ${width} signals`,
  )
  fits(
    model.threshold.on > 0 && model.threshold.off <= model.threshold.on,
    'threshold',
    'above 0 and above its release',
  )
  fits(model.smoothing > 0, 'smoothing', 'at least 1')
  new Preparer(model.preparation, width)
  for (const { method, model: part, tail } of model.members) {
    checkTail(tail)
    detectors[method].scorer(part, width)
  }
  return model
}
