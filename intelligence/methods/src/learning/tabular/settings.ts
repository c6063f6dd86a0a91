import type { Wanted } from '../metrics/threshold.ts'
import type { TreeSettings } from '../trees/settings.ts'
import type { ConstructSettings } from './construct.ts'

export interface TabularSettings {
  readonly trees: TreeSettings
  readonly constructs: ConstructSettings
  /** Parts that the training rows are cut into: each is predicted by a model of the others, for the threshold, the interval and the number of rounds. */
  readonly folds: number
  /** Models of all rows, each from another seed, whose mean is the prediction. */
  readonly models: number
  /** Two classes: what the threshold is to be best at. */
  readonly wanted: Wanted
  /** Regression: share of the truth that the intervals are to hold. */
  readonly coverage: number
  readonly seed: number
}

/** The one configuration for tables, of classes and of values; chosen on out-of-fold scores of training rows. */
export const tabularDefaults: TabularSettings = {
  trees: {
    rounds: 600,
    learningRate: 0.05,
    leaves: 16,
    depth: 64,
    leafRows: 5,
    l2: 1,
    bins: 255,
    exact: true,
    rowShare: 1,
    columnShare: 0.6,
    patience: 40,
    seed: 1,
  },
  constructs: { paired: 8, kept: 12 },
  folds: 5,
  models: 3,
  wanted: { measure: 'f1' },
  coverage: 0.9,
  seed: 1,
}
