import type { SignalFacts } from '@millwright/data'
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '@millwright/foundation'
import type { Input, InputReadiness, Reads } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'

export interface Span {
  readonly from: Micros
  readonly to: Micros
}

/** A signal, what the span has of it, and how far its readings stand apart. */
export interface Surveyed {
  readonly facts: SignalFacts
  readonly readiness: InputReadiness
  /** µs; null: it has too few readings to say. */
  readonly pace: Micros | null
}

/** Steps in which readings are counted. */
const COUNTED = 2000
/** Times that a short history is looked at more closely. */
const CLOSER = 2
/** Rows that a grid may have when nobody chose its step: training on more takes longer than it teaches. */
const MOST_ROWS = 200_000
/** A value stands for this many of its signal's intervals, and this many steps at least. */
const HOLD_INTERVALS = 5
const LEAST_HOLD = 3
const MOST_HOLD = 10_000

const STEPS: readonly Micros[] = [
  ...[100, 200, 500].map((n) => n * MILLISECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  HOUR,
]

/** Looks at how much history the signals have, without reading it. */
export async function survey(
  historian: Pick<Platform['historian'], 'coverage'>,
  signals: readonly SignalFacts[],
  { from, to }: Span,
  abort?: AbortSignal,
): Promise<Surveyed[]> {
  const step = countingStep(to - from)
  const found: Surveyed[] = []
  // One after the other: a look at the past must not fill the engine.
  for (const facts of signals) {
    const limits = { threads: 1, ...(abort === undefined ? {} : { signal: abort }) }
    const look = (range: Span, width: Micros) => historian.coverage(facts, range, width, limits)
    const whole = await look({ from, to }, step)
    let seen = whole
    let width = step
    // A history that is short for the span is looked at again in steps of its own: its length and pace would be lost in one of these.
    for (let closer = 0; closer < CLOSER && seen.oldest !== null && seen.newest !== null; closer++) {
      const range: Span = { from: Math.max(from, seen.oldest), to: Math.min(to, seen.newest + width) }
      const finer = countingStep(range.to - range.from)
      if (finer > width / 4) break
      seen = await look(range, finer)
      width = finer
    }
    const { readings, usable, oldest, newest, steps } = seen
    found.push({
      facts,
      readiness: {
        signal: facts.id,
        name: facts.name,
        kind: facts.kind,
        unit: facts.unit,
        readings,
        usable,
        oldest,
        newest,
        coverage: whole.of === 0 ? 0 : whole.steps / whole.of,
      },
      pace: readings < 3 ? null : Math.min(to - from, steps * width) / readings,
    })
  }
  return found
}

/** Whole minutes from two days on, so that the count comes from the rollups. */
function countingStep(length: Micros): Micros {
  const step = Math.max(SECOND, Math.ceil(length / COUNTED))
  return step <= MINUTE ? step : Math.ceil(step / MINUTE) * MINUTE
}

/** The grid's step: as asked for, or what fits the usual pace of the signals and the length of their history. */
export function gridStep(reads: Reads, surveyed: readonly Surveyed[]): Micros | null {
  if (reads.as === 'readings') return null
  if (reads.step !== null) return reads.step
  const paces = surveyed.flatMap(({ pace }) => (pace === null ? [] : [pace])).sort((a, b) => a - b)
  const usual = paces[paces.length >> 1] ?? SECOND
  const oldest = Math.min(...surveyed.map(({ readiness }) => readiness.oldest ?? Number.POSITIVE_INFINITY))
  const newest = Math.max(...surveyed.map(({ readiness }) => readiness.newest ?? 0))
  const least = Math.max(usual * 0.9, (newest - oldest) / MOST_ROWS)
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / HOUR) * HOUR
}

/** For how many steps each signal's last value stands. */
export const inputsOf = (surveyed: readonly Surveyed[], step: Micros | null): Input[] =>
  surveyed.map(({ facts, pace }) => ({
    signal: facts.id,
    name: facts.name,
    kind: facts.kind,
    unit: facts.unit,
    hold:
      step === null || pace === null
        ? LEAST_HOLD
        : Math.min(MOST_HOLD, Math.max(LEAST_HOLD, Math.ceil((HOLD_INTERVALS * pace) / step))),
  }))
