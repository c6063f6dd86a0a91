import { seeded, shuffled } from '../../learning/random.ts'
import type { TreeModel } from '../../learning/trees/model.ts'
import { treePredictor } from '../../learning/trees/predict.ts'
import { trainTrees } from '../../learning/trees/train.ts'
import type { Progress } from '../../progress.ts'
import { findModes } from '../condition/modes.ts'
import { lifeErrors } from '../errors.ts'
import { checkRuns, HOUR, lengthHours, type Run, remaining } from '../run.ts'
import { featureNames } from './features.ts'
import { fitInterval, type HeldOut, intervalAt } from './interval.ts'
import type { LifeModel } from './model.ts'
import { Follower, fitPipeline, type Pipeline } from './pipeline.ts'
import { checkLifeSettings, type LifeSettings, lifeDefaults, STEPS } from './settings.ts'

export interface LifeReport {
  readonly runs: number
  readonly failures: number
  readonly horizon: number
  readonly modes: number
  readonly signals: readonly string[]
  /** Constant, missing, or without any trend towards the failures. */
  readonly signalsLeftOut: readonly string[]
  /** Of units that the models of a fold had not seen, at every step of the last one and a half horizons of their lives, each unit weighing the same. */
  readonly validation: {
    readonly split: 'by unit'
    readonly folds: number
    readonly rmseHours: number
    readonly meanAbsoluteHours: number
    /** Share of truths in the interval. */
    readonly coverage: number
  }
  /** What the predictions rest on most: signal and share of the trees' gain, largest first. */
  readonly drivers: readonly { readonly name: string; readonly share: number }[]
}

const LEAST_FAILURES = 4
/**
 * Rows farther than this from the end of a life are neither scored nor calibrated on: that a new machine lasts is always right, and would
 * flatter both the score and the interval.
 */
const SCORED_HORIZONS = 1.5
/** More rows cost time and move nothing: neighbouring rows of a life are nearly the same. */
const ROWS = 16_000

/**
 * Learns remaining life from lives that ended: signals are normalised in each operating mode, fused to a health, followed by filters of several
 * speeds, and boosted trees tell what remains. Interval and score come from units that were held out.
 * @throws MW-LIFE-0001 to -0005
 */
export function trainLife(
  runs: readonly Run[],
  given: Partial<LifeSettings> = {},
  progress: Progress = () => {},
): { readonly model: LifeModel; readonly report: LifeReport } {
  const settings = { ...lifeDefaults, ...given }
  checkRuns(runs)
  const failures = runs.filter((run) => run.ended === 'failure').length
  if (failures < LEAST_FAILURES) throw lifeErrors.tooFewFailures({ failures, least: LEAST_FAILURES })
  const { names } = runs[0]!.frame
  checkLifeSettings(settings, names)
  const horizon = settings.horizon ?? (5 / 8) * medianLife(runs)
  const conditions = settings.conditions.map((name) => names.indexOf(name))
  progress(0, 'finding operating modes')
  const modes = findModes(
    conditions.map((at) => Float64Array.from(runs.flatMap((run) => [...run.frame.columns[at]!]))),
    settings.seed,
  )
  const stepHours = horizon / STEPS
  const fit = (part: readonly Run[]) => {
    const pipeline = fitPipeline(part, conditions, modes, horizon, stepHours)
    if (pipeline.kept.length === 0) throw lifeErrors.nothingTrends({ signals: names.join(', ') })
    return pipeline
  }
  const parts = split(runs, settings.folds, settings.seed)
  const folds = parts.length
  const held: { unit: number[]; predicted: number[]; truth: number[] } = { unit: [], predicted: [], truth: [] }
  parts.forEach((part, fold) => {
    progress((0.8 * fold) / folds, `validating on units held out, ${fold + 1} of ${folds}`)
    const rest = runs.filter((run) => !part.includes(run))
    const pipeline = fit(rest)
    const trees = [grow(rest, pipeline, horizon, settings.seed + fold)]
    for (const run of part) {
      const { columns, target, toEnd } = tableOf([run], pipeline, horizon)
      const predicted = mean(trees, pipeline, columns)
      target.forEach((truth, row) => {
        if (Number.isNaN(truth) || toEnd[row]! > SCORED_HORIZONS * horizon) return
        held.unit.push(runs.indexOf(run))
        held.predicted.push(Math.min(1, Math.max(0, predicted[row]!)))
        held.truth.push(truth)
      })
    }
  })
  const heldOut: HeldOut = {
    unit: Int32Array.from(held.unit),
    predicted: Float64Array.from(held.predicted),
    truth: Float64Array.from(held.truth),
  }
  const interval = fitInterval(heldOut, settings.coverage)
  progress(0.8, 'learning from all units')
  const pipeline = fit(runs)
  const grown = Array.from({ length: settings.models }, (_, at) =>
    growReported(runs, pipeline, horizon, settings.seed + at),
  )
  const model: LifeModel = {
    kind: 'life',
    horizon,
    pipeline,
    trees: grown.map((each) => each.model),
    interval,
    ...scales(runs, pipeline, horizon),
  }
  const kept = new Set(pipeline.kept)
  return {
    model,
    report: {
      runs: runs.length,
      failures,
      horizon,
      modes: modes.count,
      signals: pipeline.kept.map((at) => names[at]!),
      signalsLeftOut: names.filter((_, at) => !kept.has(at) && !conditions.includes(at)),
      validation: { split: 'by unit', folds, ...scored(heldOut, model) },
      drivers: drivers(grown, pipeline),
    },
  }
}

/** Runs dealt into folds, all runs of one unit into the same. */
function split(runs: readonly Run[], folds: number, seed: number): Run[][] {
  const units = [...new Set(runs.map((run) => run.unit))]
  // A single unit with several lives is split by life: there is nothing else to hold out.
  const keyed =
    units.length < 2 ? runs.map((run) => [run]) : units.map((unit) => runs.filter((run) => run.unit === unit))
  const parts: Run[][] = Array.from({ length: Math.min(folds, keyed.length) }, () => [])
  shuffled(keyed.length, seeded(seed)).forEach((key, at) => {
    parts[at % parts.length]!.push(...keyed[key]!)
  })
  return parts
}

const grow = (runs: readonly Run[], pipeline: Pipeline, horizon: number, seed: number): TreeModel =>
  growReported(runs, pipeline, horizon, seed).model

function growReported(runs: readonly Run[], pipeline: Pipeline, horizon: number, seed: number) {
  const { columns, target } = tableOf(runs, pipeline, horizon)
  const known = [...target.keys()].filter((row) => !Number.isNaN(target[row]!))
  const stride = Math.max(1, Math.ceil(known.length / ROWS))
  const rows = known.filter((_, at) => at % stride === 0)
  const table = {
    names: namesOf(pipeline),
    columns: columns.map((column) => Float64Array.from(rows, (row) => column[row]!)),
  }
  return trainTrees(
    table,
    Float64Array.from(rows, (row) => target[row]!),
    { kind: 'squared' },
    {
      rounds: 250,
      learningRate: 0.05,
      leaves: 15,
      leafRows: Math.max(2, Math.min(40, Math.floor(rows.length / 100))),
      l2: 10,
      columnShare: 0.3,
      seed,
    },
  )
}

/** Features after each step of each run, what then remained as a share of the horizon, and the hours to the end of the run. */
function tableOf(runs: readonly Run[], pipeline: Pipeline, horizon: number) {
  const width = namesOf(pipeline).length
  const rows: Float64Array[] = []
  const target: number[] = []
  const toEnd: number[] = []
  for (const run of runs) {
    const left = remaining(run, horizon)
    const { times } = run.frame
    follow(run, pipeline, (follower, row) => {
      const inputs = new Float64Array(width)
      follower.features.write(inputs)
      rows.push(inputs)
      target.push(left[row]! / horizon)
      toEnd.push((times[times.length - 1]! - times[row]!) / HOUR)
    })
  }
  const columns = Array.from({ length: width }, (_, at) => Float64Array.from(rows, (row) => row[at]!))
  return { columns, target: Float64Array.from(target), toEnd }
}

/** Calls `visit` after each step, with the last row that is in it. */
function follow(run: Run, pipeline: Pipeline, visit: (follower: Follower, row: number) => void): void {
  const { times, columns } = run.frame
  const follower = new Follower(pipeline)
  const values = new Float64Array(columns.length)
  for (let row = 0; row < times.length; row++) {
    for (let at = 0; at < values.length; at++) values[at] = columns[at]![row]!
    if (follower.push(times[row]!, values)) visit(follower, row - 1)
  }
  if (follower.flush()) visit(follower, times.length - 1)
}

function mean(trees: readonly TreeModel[], pipeline: Pipeline, columns: readonly Float64Array[]): Float64Array {
  const table = { names: namesOf(pipeline), columns }
  const each = trees.map((tree) => treePredictor(tree).table(table))
  return each[0]!.map((_, row) => each.reduce((sum, values) => sum + values[row]!, 0) / each.length)
}

const namesOf = ({ names, kept }: Pipeline): string[] => featureNames(kept.map((at) => names[at]!))

/** Where healthy and failed machines stand on the fused health, and what range the signals had. */
function scales(runs: readonly Run[], pipeline: Pipeline, horizon: number) {
  const healthy: number[] = []
  const failed: number[] = []
  const lowest = new Float64Array(pipeline.kept.length).fill(Number.MAX_VALUE)
  const highest = new Float64Array(pipeline.kept.length).fill(-Number.MAX_VALUE)
  for (const run of runs) {
    const left = remaining(run, horizon)
    let last = Number.NaN
    follow(run, pipeline, ({ features }, row) => {
      last = features.smoothHealth
      if (left[row]! >= horizon) healthy.push(last)
      features.levels.forEach((level, at) => {
        lowest[at] = Math.min(lowest[at]!, level)
        highest[at] = Math.max(highest[at]!, level)
      })
    })
    if (run.ended === 'failure') failed.push(last)
  }
  const end = median(failed)
  return { healthy: Math.max(median(healthy.length > 0 ? healthy : [1]), end + 1e-6), failed: end, lowest, highest }
}

function scored({ unit, predicted, truth }: HeldOut, { interval, horizon }: LifeModel) {
  const counts = new Map<number, number>()
  for (const each of unit) counts.set(each, (counts.get(each) ?? 0) + 1)
  const sums = { squares: 0, absolute: 0, covered: 0 }
  predicted.forEach((value, row) => {
    const weight = 1 / (counts.get(unit[row]!)! * counts.size)
    const [low, high] = intervalAt(interval, value)
    sums.squares += weight * (value - truth[row]!) ** 2
    sums.absolute += weight * Math.abs(value - truth[row]!)
    if (truth[row]! >= Math.max(0, low) && truth[row]! <= Math.min(1, high)) sums.covered += weight
  })
  return {
    rmseHours: Math.sqrt(sums.squares) * horizon,
    meanAbsoluteHours: sums.absolute * horizon,
    coverage: sums.covered,
  }
}

/** The gain of all features of a signal, added up; the fused health is shown as such. */
function drivers(grown: readonly { readonly report: { readonly importance: Float64Array } }[], pipeline: Pipeline) {
  const signals = pipeline.kept.map((at) => pipeline.names[at]!)
  const width = (namesOf(pipeline).length - namesOf({ ...pipeline, kept: [] }).length) / Math.max(1, signals.length)
  const shares = new Map<string, number>()
  for (const { report } of grown)
    report.importance.forEach((share, at) => {
      const name = signals[Math.floor(at / width)] ?? (at === report.importance.length - 1 ? 'age' : 'all together')
      shares.set(name, (shares.get(name) ?? 0) + share / grown.length)
    })
  return [...shares].map(([name, share]) => ({ name, share })).sort((a, b) => b.share - a.share)
}

/** Of the lives that ended in a failure. */
const medianLife = (runs: readonly Run[]): number =>
  median(runs.filter((run) => run.ended === 'failure').map(lengthHours))

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2
}
