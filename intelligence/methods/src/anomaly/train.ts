import type { Progress } from '../progress.ts'
import type { Frame } from '../series/frame.ts'
import { smoothed } from './alarm/smoothing.ts'
import { fitTail, surprise } from './alarm/tail.ts'
import { budgetThreshold, type Threshold } from './alarm/threshold.ts'
import { knownEpisodes } from './episodes/known.ts'
import { anomalyErrors } from './errors.ts'
import { detectors, type MethodName, methodNames } from './methods/index.ts'
import type { AnomalyModel } from './model.ts'
import type { Finding } from './normal/clean.ts'
import { type AnomalyLabel, readyHistory, rowsWhere } from './normal/history.ts'
import { fitPreparation, preparedRows } from './normal/preparation.ts'
import { type AnomalySettings, checkedSettings } from './settings.ts'
import { type HeldOut, heldOutScores } from './validation.ts'
import { weigh } from './weights.ts'

/** Share of the training time that validation takes. */
const VALIDATION = 0.7
/** Rows after a labelled anomaly that say nothing of normal running, in lengths of the smoothing. */
const SETTLING = 4

export interface AnomalyReport {
  /** First and last time learned from. */
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly signals: readonly string[]
  readonly findings: readonly Finding[]
  readonly modes: number
  readonly members: readonly MemberReport[]
  /** What the weights come from: the user's labels, agreement between the methods, or nothing (fewer than three methods). */
  readonly weighedBy: 'labels' | 'agreement' | 'alone'
  readonly threshold: Threshold
  /** How the rows were split, in words. */
  readonly validation: string
}

export interface MemberReport {
  readonly method: MethodName
  readonly weight: number
  readonly source: string
  /** Area under the ROC curve on the labels, or correlation with the other methods. */
  readonly evidence?: number
}

export interface TrainedAnomaly {
  readonly model: AnomalyModel
  readonly report: AnomalyReport
}

/**
 * Learns what normal running looks like from a history, and a threshold that keeps the alarm budget. Where labels tell of anomalies and no methods
 * are named, all methods are tried and weighed by them.
 * @throws MW-ANOMALY-0001 to -0009: rows out of order, too few, nothing to learn from, settings out of range
 */
export function trainAnomaly(
  given: Frame,
  wanted: Partial<AnomalySettings> = {},
  labels: readonly AnomalyLabel[] = [],
  progress: Progress = () => {},
): TrainedAnomaly {
  const checked = checkedSettings(wanted)
  progress(0, 'cleaning the history')
  const { frame, normal, operating, constants, findings } = readyHistory(given, checked.operating, labels)
  const settings = wanted.methods === undefined && normal.includes(0) ? { ...checked, methods: methodNames } : checked
  const history = rowsWhere(frame, (row) => normal[row] === 1)
  const preparation = fitPreparation(history, operating, settings.modes, settings.seed)
  const split = { frame, normal, preparation, settings }
  const heldOut = heldOutScores(split, (fraction) => progress(VALIDATION * fraction, 'validating'))
  const able = heldOut.filter(({ raw }) => raw.some((score, row) => normal[row] === 1 && !Number.isNaN(score)))
  if (able.length === 0) throw anomalyErrors.noMethod({ reason: whatWasLeft(history, frame, labels) })
  const tails = able.map(({ raw }) => fitTail(raw.filter((_, row) => normal[row] === 1)))
  const surprises = able.map(({ raw }, k) => raw.map((score) => surprise(tails[k]!, score)))
  const { weights, evidence, by } = weigh(surprises, normal, settings.smoothing)
  const threshold = thresholdOf(surprises, weights, normal, preparation.period[0]!, settings)

  const fitted = preparedRows(preparation, history)
  const members = able.flatMap(({ method }, k) => {
    progress(VALIDATION + ((1 - VALIDATION) * k) / able.length, `fitting ${method}`)
    const model = weights[k]! > 0 ? detectors[method].fit(fitted, settings) : undefined
    return model === undefined ? [] : [{ method, weight: weights[k]!, tail: tails[k]!, model }]
  })
  const model: AnomalyModel = {
    kind: 'anomaly',
    version: '1',
    signals: frame.names,
    constants,
    preparation,
    members,
    threshold,
    smoothing: settings.smoothing,
    minimumRows: settings.minimumRows,
    rows: history.times.length,
    known: [],
  }
  progress(1, 'done')
  const report: AnomalyReport = {
    from: history.times[0]!,
    to: history.times.at(-1)!,
    rows: history.times.length,
    signals: frame.names,
    findings: [...findings, ...leftOut(heldOut, able)],
    modes: preparation.modes.count[0]!,
    members: able.map(({ method }, k) => ({
      method,
      weight: weights[k]!,
      source: detectors[method].source,
      ...(evidence[k] !== undefined && { evidence: evidence[k] }),
    })),
    weighedBy: by,
    threshold,
    validation:
      'By time: the history is cut into four pieces; each is scored by what was fitted to the other three. The model itself is fitted to all.',
  }
  return { model: { ...model, known: knownEpisodes(model, frame, labels) }, report }
}

/** From the held-out rows of normal running: what the ensemble says of them, smoothed as it will be live. */
function thresholdOf(
  surprises: readonly Float64Array[],
  weights: readonly number[],
  normal: Uint8Array,
  period: number,
  { smoothing, alarmsPerWeek }: AnomalySettings,
): Threshold {
  const combined = new Float64Array(normal.length).fill(Number.NaN)
  // What follows on a labelled anomaly is still in the memory of the methods: it is no sample of normal running.
  let calm = SETTLING * smoothing
  for (let row = 0; row < normal.length; row++) {
    calm = normal[row] === 1 ? calm + 1 : 0
    if (calm < SETTLING * smoothing) continue
    let [sum, weight] = [0, 0]
    surprises.forEach((scores, k) => {
      if (Number.isNaN(scores[row]!)) return
      sum += weights[k]! * scores[row]!
      weight += weights[k]!
    })
    if (weight > 0) combined[row] = sum / weight
  }
  const level = smoothed(combined, smoothing)
  const scores = level.filter((_, row) => !Number.isNaN(combined[row]!))
  return budgetThreshold(scores, { period, alarmsPerWeek, separation: smoothing })
}

function leftOut(tried: readonly HeldOut[], able: readonly HeldOut[]): Finding[] {
  const out = tried.filter((each) => !able.includes(each)).map(({ method }) => method)
  if (out.length === 0) return []
  const text = `There was too little, or nothing of their kind, to learn for: ${out.join(', ')}.`
  return [{ code: 'method', level: 'advice', text }]
}

/** Labels of anomalies take rows away: who set them should hear of it. */
function whatWasLeft(history: Frame, { times, names }: Frame, labels: readonly AnomalyLabel[]): string {
  const left = `${history.times.length} rows, ${names.length} signals`
  if (history.times.length === times.length || labels.length === 0) return left
  return `${left}; labels say that the other ${times.length - history.times.length} rows were not normal`
}
