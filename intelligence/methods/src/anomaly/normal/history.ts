import type { Frame } from '../../series/frame.ts'
import { anomalyErrors } from '../errors.ts'
import { checkFrame, cleanHistory, type Finding } from './clean.ts'
import { startUpRows } from './start-up.ts'

/** Fewest rows with readings; some methods need more, and are left out with a finding. */
const LEAST_ROWS = 60
/** Beyond this many signals a covariance takes longer than anybody waits. */
const MOST_SIGNALS = 500

/** What a person said of a span of time, microseconds. */
export interface AnomalyLabel {
  readonly from: number
  readonly to: number
  readonly verdict: 'normal' | 'anomaly'
  /** What it was: `cavitation`. Later episodes are compared with it. */
  readonly what?: string
}

/** A history made ready to be learned from. */
export interface History {
  /** Signals that can be learned from; NaN where a reading is missing or was taken out. */
  readonly frame: Frame
  /** 1 for rows of normal running, 0 for rows labelled as anomalies. */
  readonly normal: Uint8Array
  /** Places of the operating signals among the signals. */
  readonly operating: readonly number[]
  readonly constants: readonly { readonly name: string; readonly value: number }[]
  readonly findings: readonly Finding[]
}

export const rowsWhere = ({ times, names, columns }: Frame, keep: (row: number) => boolean): Frame => ({
  times: times.filter((_, row) => keep(row)),
  names,
  columns: columns.map((column) => column.filter((_, row) => keep(row))),
})

/** @throws MW-ANOMALY-0001 to -0005, -0009 when nothing can be learned from it */
export function readyHistory(
  given: Frame,
  operatingNames: readonly string[],
  labels: readonly AnomalyLabel[],
): History {
  checkFrame(given)
  const stranger = operatingNames.find((name) => !given.names.includes(name))
  if (stranger !== undefined) throw anomalyErrors.unknownSignal({ name: stranger })
  if (given.names.length > MOST_SIGNALS)
    throw anomalyErrors.setting({ name: 'signals', value: given.names.length, range: `at most ${MOST_SIGNALS}` })
  if (given.times.length < LEAST_ROWS)
    throw anomalyErrors.tooFew({ least: LEAST_ROWS, rows: given.times.length, reason: 'that is all that was given' })
  const { frame: clean, constants, findings: found } = cleanHistory(given)
  if (clean.names.length === 0)
    throw anomalyErrors.noSignals({ reason: found.map(({ text }) => text).join(' ') || 'none was given' })
  const findings = [...found]
  const start = Math.max(0, ...clean.columns.map(startUpRows))
  if (start > 0)
    findings.push({
      code: 'start-up',
      level: 'ok',
      text: `The first ${start} rows are left out: the machine had not settled yet.`,
    })
  const frame = rowsWhere(clean, (row) => row >= start && clean.columns.some((column) => !Number.isNaN(column[row]!)))
  const anomalies = labels.filter(({ verdict }) => verdict === 'anomaly')
  const normal = Uint8Array.from(frame.times, (time) =>
    anomalies.some(({ from, to }) => time >= from && time <= to) ? 0 : 1,
  )
  const rows = normal.reduce((sum, each) => sum + each, 0)
  const labelled = normal.length - rows
  if (labelled > 0)
    findings.push({
      code: 'labelled',
      level: 'ok',
      text: `${labelled} rows labelled as anomalies are not learned from; they are what the methods are chosen by.`,
    })
  if (rows < LEAST_ROWS)
    throw labelled > 0
      ? anomalyErrors.onlyAnomalies({ rows, least: LEAST_ROWS })
      : anomalyErrors.tooFew({ least: LEAST_ROWS, rows, reason: 'the others have no reading' })
  const operating = operatingNames.map((name) => frame.names.indexOf(name)).filter((column) => column >= 0)
  return { frame, normal, operating, constants, findings }
}
