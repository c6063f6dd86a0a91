import type { Progress } from '../../progress.ts'
import { vibrationErrors } from '../errors.ts'
import { classify, type FaultClassifier, leadOf, type Observation, type Verdict } from './classifier.ts'
import { fitDiscriminant, neighbours } from './discriminant.ts'

/** A recording of which somebody knows what the machine had. */
export interface Example extends Observation {
  readonly fault: Verdict
  /** What exactly: fault and size, say. Recordings of one condition should sound alike. */
  readonly condition: string
  /** Recordings of one sitting of one machine: they are held out together. */
  readonly group: string
}

export interface ClassifierSettings {
  /** 0 to 1, see {@link fitDiscriminant}. */
  readonly shrinkage: number
}

export const classifierDefaults: ClassifierSettings = { shrinkage: 0.2 }

export interface ClassifierReport {
  readonly examples: number
  readonly conditions: readonly string[]
  /**
   * Part of the examples named right when their whole group was held out; undefined when no condition has two groups.
   */
  readonly heldOutGroups?: number
  /** The same when their whole condition was held out and another of the fault was left. */
  readonly heldOutConditions?: number
  readonly margin: number
  readonly limit: number
}

/** Used where the examples leave it open. */
const USUAL_MARGIN = 1.5
/** Part of the held-out distances that lie within the limit. */
const INSIDE = 0.99

/**
 * Trains on examples; margin and limit come from leaving out groups (the same condition another day) and conditions
 * (a size not seen) in turn within the examples.
 * @throws MW-VIBRATION-0011 when there are fewer than two faults, or features that are no numbers
 */
export function trainFaultClassifier(
  examples: readonly Example[],
  settings: ClassifierSettings = classifierDefaults,
  progress?: Progress,
): { model: FaultClassifier; report: ClassifierReport } {
  checkExamples(examples)
  const groups = [...new Set(examples.map(({ group }) => group))]
  const conditions = [...new Set(examples.map(({ condition }) => condition))].sort()
  const steps = groups.length + conditions.length
  const again = held(
    examples,
    groups,
    ({ group }) => group,
    'condition',
    settings,
    (done) => progress?.(done / steps, 'holding out groups'),
  )
  const strange = held(
    examples,
    conditions,
    ({ condition }) => condition,
    'fault',
    settings,
    (done) => progress?.((groups.length + done) / steps, 'holding out conditions'),
  )
  const model = fit(examples, settings, marginOf(again, strange), limitOf(again))
  const right = (of: readonly Held[]) =>
    of.filter(
      ({ model: other, example }) => classify({ ...other, margin: model.margin }, example).fault === example.fault,
    ).length / of.length
  const report: ClassifierReport = {
    examples: examples.length,
    conditions,
    ...(again.length > 0 && { heldOutGroups: right(again) }),
    ...(strange.length > 0 && { heldOutConditions: right(strange) }),
    margin: model.margin,
    limit: model.limit,
  }
  return { model, report }
}

function checkExamples(examples: readonly Example[]): void {
  if (new Set(examples.map(({ fault }) => fault)).size < 2)
    throw vibrationErrors.classes({ reason: 'it needs examples of at least two faults, or of one and of none' })
  const width = examples[0]!.levels.length
  if (examples.some(({ levels }) => levels.length !== width || !levels.every(Number.isFinite)))
    throw vibrationErrors.classes({ reason: 'its examples have missing levels, or levels of different bands' })
}

interface Held {
  readonly example: Example
  readonly model: FaultClassifier
}

/**
 * Each example with a model of those that share nothing with it; only where something of its kind is left to learn
 * from.
 */
function held(
  examples: readonly Example[],
  names: readonly string[],
  nameOf: (example: Example) => string,
  left: 'condition' | 'fault',
  settings: ClassifierSettings,
  progress: (done: number) => void,
): Held[] {
  return names.flatMap((name, n) => {
    const others = examples.filter((each) => nameOf(each) !== name)
    const own = examples.filter((each) => nameOf(each) === name && others.some((other) => other[left] === each[left]))
    progress(n)
    if (own.length === 0 || new Set(others.map(({ fault }) => fault)).size < 2) return []
    const model = fit(others, settings, USUAL_MARGIN, Number.MAX_VALUE)
    return own.map((example) => ({ example, model }))
  })
}

function fit(examples: readonly Example[], { shrinkage }: ClassifierSettings, margin: number, limit: number) {
  const conditions = examples.map(({ condition }) => condition)
  const discriminant = fitDiscriminant(
    examples.map(({ levels }) => levels),
    conditions,
    shrinkage,
  )
  const faults = discriminant.conditions.map((name) => examples[conditions.indexOf(name)]!.fault)
  return { discriminant, faults, margin, limit }
}

/** Between the leads of likenesses that are wrong and of those that are right. */
function marginOf(again: readonly Held[], strange: readonly Held[]): number {
  const right: number[] = []
  const wrong: number[] = []
  for (const { example, model } of [...again, ...strange]) {
    const near = neighbours(model.discriminant, example.levels)
    const faultOf = ({ condition }: { readonly condition: string }) =>
      model.faults[model.discriminant.conditions.indexOf(condition)]!
    ;(faultOf(near[0]!) === example.fault ? right : wrong).push(leadOf(near, faultOf))
  }
  if (right.length === 0 || wrong.length === 0) return USUAL_MARGIN
  return Math.max(1.1, Math.sqrt(quantile(right, 0.25) * quantile(wrong, 0.75)))
}

function limitOf(again: readonly Held[]): number {
  const distances = again.map(({ example, model }) => neighbours(model.discriminant, example.levels)[0]!.distance)
  return distances.length === 0 ? 3 : Math.max(3, quantile(distances, INSIDE))
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
}
