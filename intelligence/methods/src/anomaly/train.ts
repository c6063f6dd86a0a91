import type { Progress } from '../progress.ts'
import type { Frame } from '../series/frame.ts'
import { fitTail, surprise } from './alarm/tail.ts'
import { budgetThreshold, type Threshold } from './alarm/threshold.ts'
import { anomalyErrors } from './errors.ts'
import { detectors, type MethodName } from './methods/index.ts'
import type { AnomalyModel } from './model.ts'
import { checkFrame, cleanHistory, type Finding } from './normal/clean.ts'
import { fitPreparation, preparedRows } from './normal/preparation.ts'
import { startUpRows } from './normal/start-up.ts'
import { type AnomalySettings, checkedSettings } from './settings.ts'
import { heldOutScores, rowsWhere, smoothed } from './validation.ts'

/** Fewest rows with readings; some methods need more, and are left out with a finding. */
const LEAST_ROWS = 60
/** Share of the training time that validation takes. */
const VALIDATION = 0.7

/** What a person said of a span of time, microseconds. */
export interface AnomalyLabel {
  readonly from: number
  readonly to: number
  readonly verdict: 'normal' | 'anomaly'
  /** What it was: `cavitation`. Later episodes are compared with it. */
  readonly what?: string
}

export interface AnomalyReport {
  /** First and last time learned from. */
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly signals: readonly string[]
  readonly findings: readonly Finding[]
  readonly modes: number
  readonly members: readonly { readonly method: MethodName; readonly weight: number; readonly source: string }[]
  readonly threshold: Threshold
  /** How the rows were split, in words. */
  readonly validation: string
}

export interface TrainedAnomaly {
  readonly model: AnomalyModel
  readonly report: AnomalyReport
}

/**
 * Learns what normal running looks like from a history, and a threshold that keeps the alarm budget.
 * @throws MW-ANOMALY-0001 to -0009: rows out of order, too few, nothing to learn from, settings out of range
 */
export function trainAnomaly(
  frame: Frame,
  given: Partial<AnomalySettings> = {},
  labels: readonly AnomalyLabel[] = [],
  progress: Progress = () => {},
): TrainedAnomaly {
  const settings = checkedSettings(given)
  const stranger = settings.operating.find((name) => !frame.names.includes(name))
  if (stranger !== undefined) throw anomalyErrors.unknownSignal({ name: stranger })
  checkFrame(frame)
  if (frame.times.length < LEAST_ROWS)
    throw anomalyErrors.tooFew({ least: LEAST_ROWS, rows: frame.times.length, reason: 'that is all that was given' })
  progress(0, 'cleaning the history')
  const { frame: clean, constants, findings } = cleanHistory(frame)
  if (clean.names.length === 0)
    throw anomalyErrors.noSignals({ reason: findings.map(({ text }) => text).join(' ') || 'none was given' })
  const start = Math.max(0, ...clean.columns.map(startUpRows))
  const anomalies = labels.filter(({ verdict }) => verdict === 'anomaly')
  const rows = rowsWhere(clean, (row) => row >= start && clean.columns.some((column) => !Number.isNaN(column[row]!)))
  const normal = Uint8Array.from(rows.times, (time) =>
    anomalies.some(({ from, to }) => time >= from && time <= to) ? 0 : 1,
  )
  const history = rowsWhere(rows, (row) => normal[row] === 1)
  if (history.times.length < LEAST_ROWS)
    throw anomalies.length > 0
      ? anomalyErrors.onlyAnomalies({ rows: history.times.length, least: LEAST_ROWS })
      : anomalyErrors.tooFew({ least: LEAST_ROWS, rows: history.times.length, reason: 'the others have no reading' })
  const operating = settings.operating.map((name) => rows.names.indexOf(name)).filter((column) => column >= 0)

  const split = { frame: rows, normal, operating, settings }
  const heldOut = heldOutScores(split, (fraction) => progress(VALIDATION * fraction, 'validating'))
  const able = heldOut.filter(({ raw }) => raw.some((score) => !Number.isNaN(score)))
  if (able.length === 0)
    throw anomalyErrors.noMethod({
      reason: `${history.times.length} rows are too few for ${rows.names.length} signals`,
    })
  const tails = able.map(({ raw }) => fitTail(raw.filter((_, row) => normal[row] === 1)))
  const weights = able.map(() => 1 / able.length)
  const preparation = fitPreparation(history, operating, settings.modes, settings.seed)
  const fitted = preparedRows(preparation, history)
  const combined = rows.times.map((_, row) =>
    able.reduce((sum, { raw }, k) => sum + weights[k]! * surprise(tails[k]!, raw[row]!), 0),
  )
  const level = smoothed(combined, new Uint8Array(rows.times.length), settings.smoothing)
  const period = preparation.period[0]!
  const threshold = budgetThreshold(
    level.filter((_, row) => normal[row] === 1 && !Number.isNaN(combined[row]!)),
    { period, alarmsPerWeek: settings.alarmsPerWeek, separation: settings.smoothing },
  )
  const members = able.map(({ method }, k) => {
    progress(VALIDATION + ((1 - VALIDATION) * k) / able.length, `fitting ${method}`)
    return { method, weight: weights[k]!, tail: tails[k]!, model: detectors[method].fit(fitted, settings) }
  })
  progress(1, 'done')
  const model: AnomalyModel = {
    kind: 'anomaly',
    version: '1',
    signals: rows.names,
    constants,
    preparation,
    members,
    threshold,
    smoothing: settings.smoothing,
    minimumRows: settings.minimumRows,
    rows: history.times.length,
    known: [],
  }
  const report: AnomalyReport = {
    from: history.times[0]!,
    to: history.times.at(-1)!,
    rows: history.times.length,
    signals: rows.names,
    findings,
    modes: preparation.modes.count[0]!,
    members: members.map(({ method, weight }) => ({ method, weight, source: detectors[method].source })),
    threshold,
    validation:
      'By time: the history is cut into four pieces; each is scored by what was fitted to the other three. The model itself is fitted to all.',
  }
  return { model, report }
}
