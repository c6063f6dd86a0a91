import { seeded, shuffled } from '../../learning/random.ts'
import { checkInputs, rowCount, type Table, takeValues } from '../../learning/table.ts'
import { tabularPredictor } from '../../learning/tabular/predict.ts'
import { falseDiscovery, mannWhitney, spearman } from './differences.ts'
import type { PartModel } from './model.ts'
import { foldedOnInputs } from './predictor.ts'
import { isBad } from './train.ts'

export interface Cause {
  /** Name of the input. */
  readonly name: string
  /** Share of all that moves the model's predictions (mean absolute SHAP value). */
  readonly share: number
  /** How much worse the model gets when this input is shuffled among the parts: share of its error; about 0: it is not needed. */
  readonly worse: number
  /** False-discovery rate at which good and bad parts (or: small and large values) differ in it alone; NaN: cannot be said. */
  readonly chance: number
  /** The model needs it and the parts differ in it. */
  readonly confirmed: boolean
  /** Medians of good and bad parts; NaN without such parts. */
  readonly good: number
  readonly bad: number
  /** Rank correlation with the result. */
  readonly correlation: number
}

export interface CauseSettings {
  /** Parts that are explained, evenly over all. */
  readonly explained: number
  readonly falseDiscovery: number
  readonly seed: number
}

/** Less than this an input is not needed. */
const NEEDED = 0.01

export const causeDefaults: CauseSettings = { explained: 300, falseDiscovery: 0.05, seed: 1 }

/** What drives the results, most important first. What differs is not yet a cause: it says where to look. */
export function rankCauses(
  model: PartModel,
  features: Table,
  results: Float64Array,
  given: Partial<CauseSettings> = {},
): Cause[] {
  const settings = { ...causeDefaults, ...given }
  checkInputs(model.tabular.names, features)
  const known = Int32Array.from({ length: rowCount(features) }, (_, row) => row).filter((row) =>
    Number.isFinite(results[row]!),
  )
  const shares = shapShares(model, features, known, settings.explained)
  const worse = shuffledLoss(model, features, results, known, settings.seed)
  const truth = takeValues(results, known)
  const single = features.columns.map((column) => ofInput(model, takeValues(column, known), truth))
  const chance = falseDiscovery(single.map(({ p }) => p))
  return features.names
    .map((name, at): Cause => {
      const { good, bad, correlation } = single[at]!
      return {
        name,
        share: shares[at]!,
        worse: worse[at]!,
        chance: chance[at]!,
        confirmed: shares[at]! > 0 && worse[at]! >= NEEDED && chance[at]! <= settings.falseDiscovery,
        good,
        bad,
        correlation,
      }
    })
    .sort((a, b) => b.share - a.share)
}

function shapShares({ tabular }: PartModel, features: Table, rows: Int32Array, explained: number): Float64Array {
  const predictor = tabularPredictor(tabular)
  const inputs = tabular.names.length
  const sums = new Float64Array(inputs)
  const values = new Float64Array(inputs)
  const step = Math.max(1, Math.ceil(rows.length / explained))
  for (let at = 0; at < rows.length; at += step) {
    for (let n = 0; n < inputs; n++) values[n] = features.columns[n]![rows[at]!]!
    const every = predictor.explain(values, inputs + tabular.constructs.length)
    foldedOnInputs(tabular, every).forEach((each, n) => {
      sums[n]! += Math.abs(each)
    })
  }
  const all = sums.reduce((total, each) => total + each, 0)
  return all === 0 ? sums : sums.map((each) => each / all)
}

/** Breiman 2001, section 10: loss with one input shuffled, by the loss without. */
function shuffledLoss(
  model: PartModel,
  features: Table,
  results: Float64Array,
  rows: Int32Array,
  seed: number,
): Float64Array {
  const predictor = tabularPredictor(model.tabular)
  const taken = { names: features.names, columns: features.columns.map((column) => takeValues(column, rows)) }
  const truth = takeValues(results, rows)
  const before = loss(model, truth, predictor.table(taken))
  const random = seeded(seed)
  return Float64Array.from(taken.columns, (column, at) => {
    const mixed = takeValues(column, shuffled(column.length, random))
    const columns = taken.columns.map((each, n) => (n === at ? mixed : each))
    return loss(model, truth, predictor.table({ names: taken.names, columns })) / before - 1
  })
}

function loss({ task }: PartModel, truth: Float64Array, said: Float64Array): number {
  let sum = 1e-12
  truth.forEach((value, at) => {
    const p = Math.min(1 - 1e-9, Math.max(1e-9, said[at]!))
    sum += task === 'value' ? (value - said[at]!) ** 2 : -Math.log(value >= 0.5 ? p : 1 - p)
  })
  return sum / truth.length
}

function ofInput(model: PartModel, values: Float64Array, truth: Float64Array) {
  const there = Int32Array.from(values.keys()).filter((at) => Number.isFinite(values[at]!))
  const [its, results] = [takeValues(values, there), takeValues(truth, there)]
  const bad = its.filter((_, at) => isBad(results[at]!, model))
  const good = its.filter((_, at) => !isBad(results[at]!, model))
  const { correlation, p } = spearman(its, results)
  return {
    good: median(good),
    bad: median(bad),
    correlation,
    p: model.task === 'value' ? p : mannWhitney(good, bad),
  }
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  return sorted.length === 0
    ? Number.NaN
    : sorted.length % 2 === 1
      ? sorted[middle]!
      : (sorted[middle - 1]! + sorted[middle]!) / 2
}
