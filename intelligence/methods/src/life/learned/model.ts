import type { TreeModel } from '../../learning/trees/model.ts'
import type { LifeInterval } from './interval.ts'
import type { Pipeline } from './pipeline.ts'

export interface LifeModel {
  readonly kind: 'life'
  /** Hours: what is predicted at most; a prediction near it means "at least that". */
  readonly horizon: number
  readonly pipeline: Pipeline
  /** Averaged; they predict remaining life as a share of the horizon. */
  readonly trees: readonly TreeModel[]
  readonly interval: LifeInterval
  /** Fused health, as it comes out of the pipeline, of healthy machines and at failures: 100 and 0 on the scale people see. */
  readonly healthy: number
  readonly failed: number
  /** Lowest and highest level of each kept signal in training, normalised: beyond it the model knows nothing. */
  readonly lowest: Float64Array
  readonly highest: Float64Array
}

export interface LifePrediction {
  /** Remaining useful life, hours, 0 to the horizon. */
  readonly hours: number
  /** Interval that holds the truth with the model's coverage; `high` at the horizon means "or more". */
  readonly low: number
  readonly high: number
  /** 0 (as at earlier failures) to 100 (as machines far from failure). */
  readonly health: number
  /** Signals outside of what the model was trained on; an empty name for operating conditions that it has not seen. */
  readonly outside: readonly string[]
}
