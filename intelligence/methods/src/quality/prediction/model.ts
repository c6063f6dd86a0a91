import { readTabular, type TabularModel, writeTabular } from '../../learning/tabular/model.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { aNumber, bytes, f64s, fits, i32s, oneOf, optional, record } from '../../model-file/shape.ts'
import type { SpecLimits } from '../charts/capability.ts'
import type { Fit } from './fit.ts'

export interface DecisionCosts {
  /** Of a bad part that goes on. */
  readonly miss: number
  /** Of a good part that is taken out. */
  readonly falseReject: number
}

/** Predicts a part's result from its row of features. */
export interface PartModel {
  /** The measured value with its limits, or the verdict alone. */
  readonly task: 'value' | 'verdict'
  readonly tabular: TabularModel
  readonly limits: SpecLimits
  readonly costs: DecisionCosts
  /** At and above this probability of failing, a part is taken out. */
  readonly threshold: number
  /** Standard deviation of what the predicted value misses; 0 for verdicts. */
  readonly scatter: number
  /** Usual range (5 to 95 %) of every input among good parts; NaN: unknown. */
  readonly usualLow: Float64Array
  readonly usualHigh: Float64Array
  readonly fit: Fit | undefined
}

const shape = record({
  kind: oneOf(['part-model']),
  task: oneOf(['value', 'verdict']),
  tabular: bytes,
  lower: optional(aNumber),
  upper: optional(aNumber),
  miss: aNumber,
  falseReject: aNumber,
  threshold: aNumber,
  scatter: aNumber,
  usualLow: f64s,
  usualHigh: f64s,
  fit: optional(record({ inputs: i32s, mean: f64s, variance: f64s, precision: f64s })),
})

export function writePartModel({ tabular, limits, costs, fit, ...rest }: PartModel): Uint8Array {
  const { lower, upper } = limits
  return writeModel({
    kind: 'part-model',
    ...rest,
    ...costs,
    ...(fit === undefined ? {} : { fit }),
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    tabular: writeTabular(tabular),
  } as unknown as ModelData)
}

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export function readPartModel(file: Uint8Array): PartModel {
  const { task, tabular, lower, upper, miss, falseReject, threshold, scatter, usualLow, usualHigh, fit } = shape(
    readModel(file),
    '',
  )
  const model = readTabular(tabular)
  const width = model.names.length
  fits(usualLow.length === width && usualHigh.length === width, 'usual', `for ${width} inputs`)
  const its = fit?.inputs.length ?? 0
  const fitting =
    fit === undefined ||
    (fit.mean.length === its &&
      fit.variance.length === its &&
      fit.precision.length === its * its &&
      fit.inputs.every((at) => at >= 0 && at < width))
  fits(fitting, 'fit', 'for its inputs')
  fits((task === 'value') === (model.task.kind === 'regression'), 'tabular', 'of that task')
  return {
    task,
    tabular: model,
    limits: { lower, upper },
    costs: { miss, falseReject },
    threshold,
    scatter,
    usualLow,
    usualHigh,
    fit,
  }
}
