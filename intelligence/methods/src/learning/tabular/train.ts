import type { Progress } from '../../progress.ts'
import { conformalQuantile } from '../conformal.ts'
import { learnDomain } from '../domain/domain.ts'
import { learningErrors } from '../errors.ts'
import { classMeasures, confusion, macroF1 } from '../metrics/classification.ts'
import { type RegressionMeasures, regressionMeasures } from '../metrics/regression.ts'
import { stableThreshold, type Threshold } from '../metrics/threshold.ts'
import { seeded } from '../random.ts'
import { blockFolds, type Fold, groupedFolds, stratifiedFolds } from '../splits.ts'
import { checkTable, type Table, takeRows, takeValues } from '../table.ts'
import { treePredictor } from '../trees/predict.ts'
import type { TreeTask } from '../trees/settings.ts'
import { type TreeReport, trainTrees } from '../trees/train.ts'
import { chooseConstructs, constructName, withConstructs } from './construct.ts'
import type { TabularModel, TabularTask } from './model.ts'
import { type TabularSettings, tabularDefaults } from './settings.ts'

/** How rows may be told apart for validation: by what they belong to (machine, run, part), by time (rows are in its order), or by neither. */
export type TabularSplit =
  | { readonly by: 'group'; readonly groups: ArrayLike<number | string> }
  /** `gap` rows on either side of a block are left out of training. */
  | { readonly by: 'time'; readonly gap: number }
  /** For rows without time and machine only. */
  | { readonly by: 'class' }

export interface TabularReport {
  readonly rows: number
  /** Rows whose target is missing. */
  readonly rowsLeftOut: number
  readonly inputsLeftOut: readonly string[]
  /** Names of the constructed inputs. */
  readonly constructed: readonly string[]
  /** How the rows were split, and into how many folds: all scores below are out of fold. */
  readonly split: TabularSplit['by']
  readonly folds: number
  readonly rounds: number
  readonly threshold?: Threshold
  /** F1 of class 1, or the mean F1 of all classes. */
  readonly f1?: number
  readonly regression?: RegressionMeasures
  /** Mean share of the gain of each input and constructed input. */
  readonly importance: readonly { readonly name: string; readonly share: number }[]
}

/** Rows that a fold cannot do without. */
const LEAST_ROWS = 20

/**
 * A model of a table, without anything to set: constructed inputs, one boosted model for each fold, stopped early on it; from the out-of-fold predictions the
 * threshold, the interval (cross-conformal, Vovk 2015: about its coverage, not proven) and the scores.
 * @throws MW-LEARN-0001 to -0005, -0007, -0008
 */
export function trainTabular(
  table: Table,
  target: Float64Array,
  task: TabularTask,
  split: TabularSplit,
  given: Partial<TabularSettings> = {},
  progress?: Progress,
): {
  readonly model: TabularModel
  readonly report: TabularReport
  /** Row-major, one number for each output and row: what a model that had not learned from the row said of it. NaN: none did. */
  readonly outOfFold: Float64Array
} {
  const settings = { ...tabularDefaults, ...given }
  checkTable(table, target)
  const known = Int32Array.from(target.keys()).filter((row) => Number.isFinite(target[row]!))
  if (known.length < LEAST_ROWS) throw learningErrors.tooFewRows({ rows: known.length, least: LEAST_ROWS })
  const truth = takeValues(target, known)
  const inputs = takeRows(table, known)
  const treeTask: TreeTask = task.kind === 'regression' ? { kind: 'squared' } : task
  const constructs = chooseConstructs(inputs, truth, treeTask, settings.constructs, settings.trees)
  const whole = withConstructs(inputs, constructs)
  const folds = foldsOf(split, truth, known, settings).filter(({ train }) => learnable(truth, train))
  if (folds.length < 2)
    throw learningErrors.shape({
      reason:
        'it cannot be split so that every part can be learned without the others; take more machines or a longer time',
    })
  const outputs = task.kind === 'multiclass' ? task.classes : 1
  const scores = new Float64Array(truth.length * outputs).fill(Number.NaN)
  const trained = folds.map((fold, at) => {
    const result = trainFold(whole, truth, treeTask, fold, { ...settings.trees, seed: settings.seed + at })
    const predicted = treePredictor(result.model).table(takeRows(whole, fold.test))
    fold.test.forEach((row, place) => {
      scores.set(predicted.subarray(place * outputs, (place + 1) * outputs), row * outputs)
    })
    progress?.((at + 1) / folds.length, `part ${at + 1} of ${folds.length}`)
    return result
  })
  const judged = judge(task, truth, scores, settings)
  const rounds = Math.max(1, Math.round(trained.reduce((sum, { report }) => sum + report.rounds, 0) / trained.length))
  const final = Array.from({ length: settings.models }, (_, at) =>
    trainTrees(whole, truth, treeTask, { ...settings.trees, rounds, seed: settings.seed + folds.length + at }),
  )
  const model: TabularModel = {
    kind: 'tabular',
    task,
    names: [...table.names],
    constructs,
    models: final.map((each) => each.model),
    domain: learnDomain(inputs),
    threshold: Math.min(judged.threshold?.value ?? 0.5, 2),
    margin: judged.margin ?? -1,
  }
  const report: TabularReport = {
    rows: known.length,
    rowsLeftOut: target.length - known.length,
    inputsLeftOut: final[0]!.report.inputsLeftOut.filter((name) => table.names.includes(name)),
    constructed: constructs.map((each) => constructName(each, table.names)),
    split: split.by,
    folds: folds.length,
    rounds,
    ...judged.report,
    importance: meanImportance(
      whole.names,
      final.map((each) => each.report),
    ),
  }
  const outOfFold = new Float64Array(target.length * outputs).fill(Number.NaN)
  known.forEach((row, at) => {
    outOfFold.set(scores.subarray(at * outputs, (at + 1) * outputs), row * outputs)
  })
  return { model, report, outOfFold }
}

/** Trained on a fold's training rows, stopped by its test rows. */
function trainFold(
  whole: Table,
  truth: Float64Array,
  task: TreeTask,
  { train, test }: Fold,
  trees: TabularSettings['trees'],
) {
  const rows = Int32Array.from([...train, ...test])
  const validation = test.map((_, at) => train.length + at)
  return trainTrees(takeRows(whole, rows), takeValues(truth, rows), task, trees, { validation })
}

function judge(
  task: TabularTask,
  truth: Float64Array,
  scores: Float64Array,
  { wanted, coverage, seed }: TabularSettings,
) {
  if (task.kind === 'regression') {
    const margin = conformalQuantile(
      truth.map((value, row) => Math.abs(value - scores[row]!)),
      coverage,
    )
    return { margin: Number.isFinite(margin) ? margin : -1, report: { regression: regressionMeasures(truth, scores) } }
  }
  const rows = Int32Array.from(truth.keys())
  if (task.kind === 'binary') {
    const judged = rows.filter((row) => !Number.isNaN(scores[row]!))
    const threshold = stableThreshold(takeValues(truth, judged), takeValues(scores, judged), wanted, seeded(seed))
    const said = judged.map((row) => (scores[row]! >= threshold.value ? 1 : 0))
    return { threshold, report: { threshold, f1: classMeasures(confusion(takeValues(truth, judged), said, 2), 1).f1 } }
  }
  const { classes } = task
  const judged = rows.filter((row) => !Number.isNaN(scores[row * classes]!))
  const said = judged.map((row) => likeliest(scores.subarray(row * classes, (row + 1) * classes)))
  return { report: { f1: macroF1(confusion(takeValues(truth, judged), said, classes)) } }
}

const likeliest = (scores: Float64Array): number => scores.indexOf(Math.max(...scores))

function foldsOf(
  split: TabularSplit,
  truth: Float64Array,
  known: Int32Array,
  { folds, seed }: TabularSettings,
): Fold[] {
  switch (split.by) {
    case 'class':
      return stratifiedFolds(truth.every(Number.isInteger) ? truth : new Float64Array(truth.length), folds, seed)
    case 'time':
      return blockFolds(truth.length, folds, split.gap)
    case 'group':
      return groupedFolds(
        Array.from(known, (row) => split.groups[row]!),
        folds,
      )
  }
}

const learnable = (truth: Float64Array, train: Int32Array): boolean =>
  train.length > 1 && train.some((row) => truth[row] !== truth[train[0]!])

function meanImportance(names: readonly string[], reports: readonly TreeReport[]) {
  return names
    .map((name, at) => ({
      name,
      share: reports.reduce((sum, { importance }) => sum + importance[at]! / reports.length, 0),
    }))
    .sort((a, b) => b.share - a.share)
}
