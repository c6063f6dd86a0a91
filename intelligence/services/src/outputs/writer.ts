import { QUALITY, type ReadingSink } from '@millwright/connectivity'
import type { SignalFacts } from '@millwright/data'
import type { Output, Scores } from '../kinds/kind.ts'
import { storableText } from '../training/storable.ts'

const MOST_TEXT = 4000

/** Puts a service's scores into the open window, as readings of its signals. @returns how many */
export function pushScores(
  { open }: ReadingSink,
  outputs: readonly Output[],
  signals: readonly (SignalFacts | undefined)[],
  rows: Scores['rows'],
): number {
  let count = 0
  for (const { output, time, value } of rows) {
    const facts = signals[output]
    const kind = outputs[output]?.kind
    if (facts === undefined || kind === undefined || facts.kind !== kind) continue
    if (kind === 'state') {
      if (typeof value !== 'string') continue
      const text = storableText(value.slice(0, MOST_TEXT))
      open.wide.push({ signal: facts.key, time, quality: QUALITY.good, value: { kind: 'state', value: text } })
    } else {
      const number = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN
      open.push(facts.key, time, number, Number.isNaN(number) ? QUALITY.bad : QUALITY.good)
    }
    count++
  }
  return count
}
