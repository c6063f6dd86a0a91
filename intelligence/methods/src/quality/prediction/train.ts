import { normalQuantile } from '../../distributions/normal.ts'
import { chooseThreshold } from '../../learning/metrics/threshold.ts'
import { checkTable, type Table, takeRows, takeValues } from '../../learning/table.ts'
import { tabularDefaults } from '../../learning/tabular/settings.ts'
import { type TabularReport, trainTabular } from '../../learning/tabular/train.ts'
import type { Progress } from '../../progress.ts'
import type { SpecLimits } from '../charts/capability.ts'
import { qualityErrors } from '../errors.ts'
import { learnFit } from './fit.ts'
import type { DecisionCosts, PartModel } from './model.ts'
import { failingAt, partPredictor } from './predictor.ts'

export interface PartResults {
  /** `value`: what was measured; `verdict`: 1 a bad part, 0 a good one. NaN: not known. */
  readonly task: 'value' | 'verdict'
  readonly results: Float64Array
  /** Of values; at least one is needed. */
  readonly limits: SpecLimits
  readonly costs: DecisionCosts
  readonly seed?: number
}

/** How decisions would have been on the last parts, by a model of the earlier ones. */
export interface DecisionTrial {
  readonly parts: number
  readonly bad: number
  readonly caught: number
  readonly falseRejects: number
  /** By the costs given: with these decisions, and with none. */
  readonly cost: number
  readonly costWithout: number
  /** Of values: root mean squared error, and the share of the truth within the intervals. */
  readonly rmse?: number
  readonly covered?: number
}

export interface PartReport {
  readonly parts: number
  readonly bad: number
  /** Parts without a known result. */
  readonly unknown: number
  readonly trial: DecisionTrial | undefined
  readonly table: TabularReport
  readonly threshold: number
}

const LEAST = 40
/** The last share of the parts, in time, that decisions are tried on. */
const TRIAL = 0.25
const LEAST_BAD = 4

/**
 * A model of the part table, whose rows are in the order in which parts were finished. First one of the earlier parts is tried on the last quarter, then all are learnt from.
 * @throws MW-QUALITY-0003, -0004, -0007, -0008, MW-LEARN-0002, -0004
 */
export function trainParts(
  features: Table,
  given: PartResults,
  progress?: Progress,
): { readonly model: PartModel; readonly report: PartReport } {
  checkTable(features, given.results)
  const { task, results, limits, costs } = given
  if (task === 'value' && limits.lower === undefined && limits.upper === undefined)
    throw qualityErrors.setting({ name: 'specification limits', value: 'empty', reason: 'at least one is needed' })
  if (!(costs.miss > 0 && costs.falseReject > 0))
    throw qualityErrors.setting({
      name: 'costs',
      value: `${costs.miss} and ${costs.falseReject}`,
      reason: 'both are above 0',
    })
  const known = Int32Array.from(results.keys()).filter((row) => Number.isFinite(results[row]!))
  if (known.length < LEAST) throw qualityErrors.noLabels({ count: known.length, least: LEAST })
  const table = takeRows(features, known)
  const truth = takeValues(results, known)
  const bad = badOf(truth, given)
  const count = bad.filter(Boolean).length
  if (task === 'verdict' && (count < LEAST_BAD || truth.length - count < LEAST_BAD))
    throw qualityErrors.oneResult({
      count: truth.length,
      result: count < LEAST_BAD ? 'good (or nearly all)' : 'bad (or nearly all)',
    })
  const from = Math.round(truth.length * (1 - TRIAL))
  const earlier = Int32Array.from({ length: from }, (_, at) => at)
  const later = Int32Array.from({ length: truth.length - from }, (_, at) => from + at)
  const trial = tried(table, truth, given, earlier, later, (part) =>
    progress?.(0.45 * part, 'trying decisions on the last parts'),
  )
  const { model, report } = fitted(table, truth, given, (part) =>
    progress?.(0.45 + 0.55 * part, 'learning from all parts'),
  )
  return {
    model,
    report: {
      parts: truth.length,
      bad: count,
      unknown: results.length - truth.length,
      trial,
      table: report,
      threshold: model.threshold,
    },
  }
}

/** Undefined when the earlier parts alone cannot be learnt from. */
function tried(
  table: Table,
  truth: Float64Array,
  given: PartResults,
  earlier: Int32Array,
  later: Int32Array,
  progress: (part: number) => void,
): DecisionTrial | undefined {
  const before = takeValues(truth, earlier)
  const bad = badOf(before, given).filter(Boolean).length
  const learnable =
    earlier.length >= 0.75 * LEAST && (given.task === 'value' || Math.min(bad, earlier.length - bad) >= LEAST_BAD)
  if (!learnable) return undefined
  const predictor = partPredictor(fitted(takeRows(table, earlier), before, given, progress).model)
  const values = new Float64Array(table.names.length)
  const real = badOf(takeValues(truth, later), given)
  let [caught, falseRejects, squares, covered, intervals] = [0, 0, 0, 0, 0]
  later.forEach((row, at) => {
    for (let n = 0; n < values.length; n++) values[n] = table.columns[n]![row]!
    const { divert, value, interval } = predictor.row(values)
    if (divert && real[at]!) caught++
    else if (divert) falseRejects++
    if (value !== undefined) squares += (value - truth[row]!) ** 2
    if (interval !== undefined) {
      intervals++
      if (truth[row]! >= interval[0] && truth[row]! <= interval[1]) covered++
    }
  })
  const all = real.filter(Boolean).length
  const { miss, falseReject } = given.costs
  return {
    parts: later.length,
    bad: all,
    caught,
    falseRejects,
    cost: (all - caught) * miss + falseRejects * falseReject,
    costWithout: all * miss,
    ...(given.task === 'value' ? { rmse: Math.sqrt(squares / later.length) } : {}),
    ...(intervals > 0 ? { covered: covered / intervals } : {}),
  }
}

function fitted(table: Table, truth: Float64Array, given: PartResults, progress: (part: number) => void) {
  const { task, limits, costs, seed = 1 } = given
  const {
    model: tabular,
    report,
    outOfFold,
  } = trainTabular(
    table,
    truth,
    task === 'value' ? { kind: 'regression' } : { kind: 'binary' },
    { by: 'time', gap: Math.max(1, Math.round(0.005 * truth.length)) },
    { seed, wanted: { measure: 'cost', miss: costs.miss, falseAlarm: costs.falseReject } },
    (part) => progress(part),
  )
  const good = Int32Array.from(truth.keys()).filter((row) => !isBad(truth[row]!, given))
  const usual = table.columns.map((column) => usualRange(takeValues(column, good)))
  const ranked = report.importance.map(({ name }) => table.names.indexOf(name)).filter((at) => at >= 0)
  const scatter = task === 'value' ? scatterOf(tabular.margin, report.regression?.rmse ?? 0, truth) : 0
  const model: PartModel = {
    task,
    tabular,
    limits,
    costs,
    threshold: task === 'value' ? valueThreshold(truth, outOfFold, scatter, given) : tabular.threshold,
    scatter,
    usualLow: Float64Array.from(usual, ([low]) => low),
    usualHigh: Float64Array.from(usual, ([, high]) => high),
    fit: learnFit(table, good, ranked),
  }
  return { model, report }
}

/**
 * What cost least on the parts by models that had not learnt from them: predictions miss more often around a fault than a normal distribution thinks. With too few
 * rejects to choose by, the probability at which both costs are equal.
 */
function valueThreshold(truth: Float64Array, outOfFold: Float64Array, scatter: number, given: PartResults): number {
  const { miss, falseReject } = given.costs
  const asked = Int32Array.from(truth.keys()).filter((row) => Number.isFinite(outOfFold[row]!))
  const bad = Array.from(asked, (row) => (isBad(truth[row]!, given) ? 1 : 0))
  const equal = falseReject / (miss + falseReject)
  if (bad.filter((each) => each === 1).length < LEAST_BAD) return equal
  const failing = Array.from(asked, (row) => failingAt(outOfFold[row]!, scatter, given.limits))
  const { value } = chooseThreshold(bad, failing, { measure: 'cost', miss, falseAlarm: falseReject })
  return Number.isFinite(value) ? value : Math.max(equal, 0.5)
}

/** The interval's half width as of a normal distribution: few outliers hardly move it, as they would the mean square. */
function scatterOf(margin: number, rmse: number, truth: Float64Array): number {
  const scatter = margin > 0 ? margin / normalQuantile(0.5 + tabularDefaults.coverage / 2) : rmse
  // A model without any error on its training parts has not been asked enough.
  return Math.max(scatter, 1e-9 * Math.max(...truth.map(Math.abs)), Number.MIN_VALUE)
}

export const isBad = (result: number, { task, limits }: Pick<PartResults, 'task' | 'limits'>): boolean =>
  task === 'verdict' ? result >= 0.5 : result > (limits.upper ?? Infinity) || result < (limits.lower ?? -Infinity)

const badOf = (truth: Float64Array, given: PartResults): boolean[] =>
  Array.from(truth, (result) => isBad(result, given))

function usualRange(values: Float64Array): readonly [number, number] {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return [Number.NaN, Number.NaN]
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return [at(0.05), at(0.95)]
}
