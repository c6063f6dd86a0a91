import { severity } from './quality.ts'

export interface StateSpan {
  readonly from: number
  readonly to: number
  readonly state: string
  /** The quality was Bad: the state is what was last known. */
  readonly bad: boolean
}

/** Readings of states (ascending) as spans: each lasts until the next other one, the last until `end`. */
export function stateSpans(
  readings: readonly { time: number; value: unknown; quality: number }[],
  end: number,
): StateSpan[] {
  const spans: { from: number; to: number; state: string; bad: boolean }[] = []
  for (const { time, value, quality } of readings) {
    if (value === null || value === undefined) continue
    const state = String(value)
    const bad = severity(quality) === 'bad'
    const last = spans.at(-1)
    if (last !== undefined) last.to = time
    if (last !== undefined && last.state === state && last.bad === bad) continue
    spans.push({ from: time, to: end, state, bad })
  }
  const last = spans.at(-1)
  if (last !== undefined) last.to = Math.max(end, last.from)
  return spans
}
