/** Runs the steps of a script once. */
import { MetricRows } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import { queries } from '../check.ts'
import { readErrorQueue } from '../codec/values.ts'
import type { Result, Script, Step } from '../config.ts'
import { pushResult, readSampleRate } from '../results.ts'
import { isTimeout, type Session } from './session.ts'

/** Errors that one look into the queue takes out of it. */
const MOST_ERRORS = 20

export interface StepOutcome {
  /** The rows hold what the step gave; used again for the next. */
  gave(rows: MetricRows, step: Step): void
  /** The answer cannot be what the step says. */
  refused(answer: Buffer, step: Step, error: MillwrightError): void
  /** µs. */
  now(): number
}

const rows = new MetricRows()

/**
 * Runs the steps; what one refuses does not keep the others. Rejects when the instrument does not answer or the connection
 * ends: what comes after may depend on it.
 */
export async function runScript(session: Session, script: Pick<Script, 'steps'>, outcome: StepOutcome): Promise<void> {
  for (const step of script.steps) {
    if (queries(step.send) === 0) {
      await session.tell(step.send)
      continue
    }
    const rate = await sampleRate(session, step, outcome)
    const asked = outcome.now()
    const answer = await session.ask(step.send)
    if (step.result === undefined || rate === undefined) continue
    rows.clear()
    try {
      pushResult(rows, step.result, answer, step.send, rate)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      outcome.refused(answer, step, error)
      continue
    }
    // Samples were taken before they were fetched: the time of asking is nearer to that of the first.
    rows.setTime(0, step.result.type === 'waveform' ? asked : outcome.now())
    outcome.gave(rows, step)
  }
}

/** 0 for what has none; undefined: the instrument gave one that cannot be. */
async function sampleRate(session: Session, step: Step, outcome: StepOutcome): Promise<number | undefined> {
  const query = rateQuery(step.result)
  if (query === undefined) return step.result?.type === 'waveform' ? step.result.sampleRate : 0
  const answer = await session.ask(query)
  try {
    return readSampleRate(answer, query)
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    outcome.refused(answer, step, error)
    return undefined
  }
}

const rateQuery = (result: Result | undefined): string | undefined =>
  result?.type === 'waveform' && result.sampleRate === undefined ? result.sampleRateQuery : undefined

/** Empties the instrument's error queue (SCPI-99, 21.8.3). undefined: it has none. */
export async function readErrors(session: Session): Promise<string[] | undefined> {
  const errors: string[] = []
  try {
    for (let count = 0; count < MOST_ERRORS; count++) {
      const error = readErrorQueue((await session.ask('SYST:ERR?')).toString('latin1'))
      if (error === undefined) break
      errors.push(error)
    }
  } catch (error) {
    if (!isTimeout(error)) throw error
    return undefined
  }
  return errors
}
