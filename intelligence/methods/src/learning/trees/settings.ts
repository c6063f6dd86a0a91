import { learningErrors } from '../errors.ts'

/** What the trees are to predict. Classes are whole numbers from 0. */
export type TreeTask =
  | { readonly kind: 'squared' }
  | { readonly kind: 'quantile'; readonly level: number }
  | { readonly kind: 'binary' }
  | { readonly kind: 'multiclass'; readonly classes: number }

export interface TreeSettings {
  /** Boosting rounds at most; a multiclass round grows one tree for each class. */
  readonly rounds: number
  readonly learningRate: number
  /** Leaves of a tree at most. */
  readonly leaves: number
  /** Splits from the root to a leaf at most. */
  readonly depth: number
  /** Rows of a leaf at least. */
  readonly leafRows: number
  /** Added to a leaf's sum of second derivatives. */
  readonly l2: number
  /** Bins of an input at most, 2 to 255. */
  readonly bins: number
  /** Puts each split between two values instead of two bins: a little slower, and sharp where a machine has a limit. */
  readonly exact: boolean
  /** Share of the rows that each round sees, and of the inputs that each tree sees: drawn anew, without repeats. */
  readonly rowShare: number
  readonly columnShare: number
  /** With validation rows: rounds without improvement after which training stops. */
  readonly patience: number
  readonly seed: number
}

export const treeDefaults: TreeSettings = {
  rounds: 100,
  learningRate: 0.1,
  leaves: 31,
  depth: 64,
  leafRows: 20,
  l2: 0,
  bins: 255,
  exact: false,
  rowShare: 1,
  columnShare: 1,
  patience: 20,
  seed: 1,
}

const RANGES: Readonly<
  Record<Exclude<keyof TreeSettings, 'exact'>, readonly [least: number, most: number, whole: boolean]>
> = {
  rounds: [1, 20_000, true],
  learningRate: [1e-6, 1, false],
  leaves: [2, 4096, true],
  depth: [1, 64, true],
  leafRows: [1, 1e9, true],
  l2: [0, 1e12, false],
  bins: [2, 255, true],
  rowShare: [0.01, 1, false],
  columnShare: [0.01, 1, false],
  patience: [1, 20_000, true],
  seed: [0, Number.MAX_SAFE_INTEGER, true],
}

/** @throws MW-LEARN-0007 for a setting outside of what makes sense */
export function checkTreeSettings(settings: TreeSettings, task: TreeTask): void {
  for (const [name, [least, most, whole]] of Object.entries(RANGES)) {
    const value = settings[name as keyof typeof RANGES]
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw learningErrors.setting({
        name,
        value,
        reason: `it is a ${whole ? 'whole ' : ''}number from ${least} to ${most}`,
      })
  }
  if (task.kind === 'quantile' && !(task.level > 0 && task.level < 1))
    throw learningErrors.setting({ name: 'level', value: task.level, reason: 'a quantile lies between 0 and 1' })
  if (task.kind === 'multiclass' && !(Number.isInteger(task.classes) && task.classes >= 2 && task.classes <= 1000))
    throw learningErrors.setting({
      name: 'classes',
      value: task.classes,
      reason: 'it is a whole number from 2 to 1000',
    })
}
