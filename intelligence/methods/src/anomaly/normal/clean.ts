import type { Frame } from '../../series/frame.ts'
import { anomalyErrors } from '../errors.ts'
import { robustLevel, sortedFinite } from './statistics.ts'

/** What was left out of the training data, or altered, and why. */
export interface Finding {
  readonly code: 'missing' | 'constant' | 'stuck' | 'outliers' | 'start-up' | 'labelled' | 'method'
  readonly level: 'ok' | 'advice' | 'missing'
  readonly signal?: string
  readonly text: string
}

/** A signal with fewer readings than this share of the rows is not learned from. */
const LEAST_PRESENT = 0.5
/** Robust standard deviations from its neighbourhood beyond which a lone reading is no process. */
const OUTLIER = 10
const NEIGHBOURS = 5

/** @throws MW-ANOMALY-0001 or 0002 when the frame is no series in order */
export function checkFrame({ times, names, columns }: Frame): void {
  if (names.length !== columns.length || columns.some((column) => column.length !== times.length))
    throw anomalyErrors.shape({ reason: 'names, columns and times do not go together' })
  if (new Set(names).size !== names.length) throw anomalyErrors.shape({ reason: 'a name stands twice' })
  for (let row = 1; row < times.length; row++)
    if (!(times[row]! > times[row - 1]!)) throw anomalyErrors.shuffled({ row })
}

export interface Cleaned {
  /** Signals that can be learned from; their columns with NaN where a reading was taken out. */
  readonly frame: Frame
  /** Signals that never moved: what they rested on, so that a move is seen later. */
  readonly constants: readonly { readonly name: string; readonly value: number }[]
  readonly findings: readonly Finding[]
}

export function cleanHistory(frame: Frame): Cleaned {
  const findings: Finding[] = []
  const constants: { name: string; value: number }[] = []
  const names: string[] = []
  const columns: Float64Array[] = []
  const rows = frame.times.length
  frame.columns.forEach((column, index) => {
    const name = frame.names[index]!
    const present = sortedFinite(column)
    if (present.length < LEAST_PRESENT * rows) {
      const share = Math.round((100 * present.length) / Math.max(1, rows))
      findings.push({
        code: 'missing',
        level: 'missing',
        signal: name,
        text: `${name} is left out: only ${share} % of its readings are there.`,
      })
      return
    }
    if (present[0] === present.at(-1)) {
      constants.push({ name, value: present[0]! })
      findings.push({
        code: 'constant',
        level: 'advice',
        signal: name,
        text: `${name} is not learned from: it always was ${present[0]}.`,
      })
      return
    }
    const kept = column.map((value) => (Number.isFinite(value) ? value : Number.NaN))
    const outliers = removeOutliers(kept)
    if (outliers > 0)
      findings.push({
        code: 'outliers',
        level: 'ok',
        signal: name,
        text: `${name}: ${outliers} lone outliers were taken out.`,
      })
    const stuck = removeStuck(kept)
    if (stuck > 0)
      findings.push({
        code: 'stuck',
        level: 'advice',
        signal: name,
        text: `${name} stood still for ${stuck} rows, longer than it ever does otherwise; they were taken out.`,
      })
    names.push(name)
    columns.push(kept)
  })
  return { frame: { times: frame.times, names, columns }, constants, findings }
}

/** Hampel filter (Pearson, IEEE Trans. Control Syst. Tech. 10 (2002) 55): lone readings far from the median of their neighbours. */
function removeOutliers(column: Float64Array): number {
  const { scale } = robustLevel(column)
  const window = new Float64Array(2 * NEIGHBOURS)
  let removed = 0
  for (let row = 0; row < column.length; row++) {
    let count = 0
    for (let other = Math.max(0, row - NEIGHBOURS); other <= row + NEIGHBOURS && other < column.length; other++)
      if (other !== row && !Number.isNaN(column[other]!)) window[count++] = column[other]!
    if (count < NEIGHBOURS) continue
    const local = robustLevel(window.subarray(0, count))
    if (Math.abs(column[row]! - local.centre) > OUTLIER * Math.max(scale, local.scale)) {
      column[row] = Number.NaN
      removed++
    }
  }
  return removed
}

/** Rows of one same reading that make a sensor stuck at least, however coarse its steps. */
const LEAST_STUCK = 60
/** How many times longer than the signal rests otherwise. */
const STUCK_FACTOR = 5
/** Runs as long as this many others are how the signal is: a drive that rests in each cycle hangs in none. */
const RARE = 3

/** Runs of one same reading far longer than the signal ever rests otherwise: a sensor that hangs, not a process at rest. */
function removeStuck(column: Float64Array): number {
  const runs: { from: number; length: number }[] = []
  for (let from = 0; from < column.length; ) {
    let end = from + 1
    while (end < column.length && column[end] === column[from]) end++
    if (!Number.isNaN(column[from]!)) runs.push({ from, length: end - from })
    from = end
  }
  runs.sort((a, b) => b.length - a.length)
  const usual = runs[RARE]?.length ?? column.length
  let removed = 0
  for (const { from, length } of runs.slice(0, RARE))
    if (length >= LEAST_STUCK && length > STUCK_FACTOR * usual) {
      column.fill(Number.NaN, from, from + length)
      removed += length
    }
  return removed
}
