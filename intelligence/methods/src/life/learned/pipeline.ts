import type { Modes } from '../condition/modes.ts'
import { fitNormaliser, type Normaliser, normalise } from '../condition/normaliser.ts'
import { fitFusion, fuse, type HealthFusion } from '../health/fusion.ts'
import { type Run, remaining } from '../run.ts'
import { LifeFeatures } from './features.ts'
import { StepGatherer } from './steps.ts'

/** From the rows of a machine to the inputs of the trees: all of it learned from training runs, none of it from the one in hand. */
export interface Pipeline {
  /** Every signal that a row holds, in order. */
  readonly names: readonly string[]
  /** Indices into `names` of those that the remaining life is told from. */
  readonly kept: readonly number[]
  readonly normaliser: Normaliser
  readonly fusion: HealthFusion
  readonly stepHours: number
}

/** Correlation with the remaining life below which a signal says nothing of it. */
const LEAST_CORRELATION = 0.05

export function fitPipeline(
  runs: readonly Run[],
  conditions: readonly number[],
  modes: Modes,
  horizon: number,
  stepHours: number,
): Pipeline {
  const { names } = runs[0]!.frame
  const columns = names.map((_, at) => joined(runs.map((run) => run.frame.columns[at]!)))
  const target = joined(runs.map((run) => remaining(run, horizon))).map((hours) => hours / horizon)
  const normaliser = fitNormaliser(columns, conditions, modes)
  const mode = new Int32Array(target.length)
  const row = new Float64Array(names.length)
  const condition = new Float64Array(conditions.length)
  const z = new Float64Array(names.length)
  const normalised = columns
  for (let at = 0; at < target.length; at++) {
    for (let signal = 0; signal < row.length; signal++) row[signal] = columns[signal]![at]!
    mode[at] = normalise(normaliser, row, condition, z).mode
    for (let signal = 0; signal < row.length; signal++) normalised[signal]![at] = z[signal]!
  }
  const kept = [...names.keys()].filter(
    (at) => !conditions.includes(at) && Math.abs(correlation(normalised[at]!, target)) >= LEAST_CORRELATION,
  )
  const fusion = fitFusion(
    kept.map((at) => normalised[at]!),
    mode,
    modes.count,
    target,
  )
  return { names, kept, normaliser, fusion, stepHours }
}

/** Follows one life through a pipeline, row by row. */
export class Follower {
  readonly features: LifeFeatures
  /** Of the rows since the last step the largest distance from a mode, scaled as the modes are. */
  distance = 0
  private readonly pipeline: Pipeline
  private readonly gatherer: StepGatherer
  private readonly condition: Float64Array
  private readonly z: Float64Array
  private readonly keptZ: Float64Array

  constructor(pipeline: Pipeline) {
    this.pipeline = pipeline
    this.features = new LifeFeatures(pipeline.kept.length)
    this.gatherer = new StepGatherer(pipeline.kept.length, pipeline.stepHours)
    this.condition = new Float64Array(pipeline.normaliser.conditions.length)
    this.z = new Float64Array(pipeline.names.length)
    this.keptZ = new Float64Array(pipeline.kept.length)
  }

  /** @returns whether the row completed a step, so that the features are new: they do not hold the row itself yet */
  push(time: number, row: ArrayLike<number>): boolean {
    const { normaliser, fusion, kept } = this.pipeline
    const stepped = this.gatherer.completes(time) && this.flush()
    const { mode, distance } = normalise(normaliser, row, this.condition, this.z)
    this.distance = stepped ? distance : Math.max(this.distance, distance)
    for (let at = 0; at < kept.length; at++) this.keptZ[at] = this.z[kept[at]!]!
    if (this.keptZ.some(Number.isFinite)) this.gatherer.add(time, this.keptZ, fuse(fusion, mode, this.keptZ))
    return stepped
  }

  /** Takes up a step that is not complete yet. */
  flush(): boolean {
    const step = this.gatherer.take()
    if (step === undefined) return false
    this.features.push(this.gatherer.means, this.gatherer.health, step.elapsed)
    return true
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function correlation(x: Float64Array, y: Float64Array): number {
  let n = 0
  let meanX = 0
  let meanY = 0
  let xx = 0
  let yy = 0
  let xy = 0
  for (let at = 0; at < x.length; at++) {
    if (!Number.isFinite(x[at]!) || !Number.isFinite(y[at]!)) continue
    n++
    const dx = x[at]! - meanX
    const dy = y[at]! - meanY
    meanX += dx / n
    meanY += dy / n
    xx += dx * (x[at]! - meanX)
    yy += dy * (y[at]! - meanY)
    xy += dx * (y[at]! - meanY)
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}
