/** What most kinds find when they look at history: one place, so that people read the same words everywhere. */
import type { Finding } from '@millwright/contracts'
import { DAY, HOUR, MINUTE, type Micros } from '@millwright/foundation'
import type { HistorySummary } from './kind.ts'

export interface Wanted {
  /** Below this nothing can be learnt. */
  readonly leastSpan: Micros
  /** What a good result takes. */
  readonly goodSpan: Micros
  /** Why more helps, as "so that every product and shift is in it". */
  readonly because: string
}

/** How long the history is, and which signals have holes in it or nothing usable. */
export function historyFindings(
  { from, to, inputs }: HistorySummary,
  { leastSpan, goodSpan, because }: Wanted,
): Finding[] {
  const found: Finding[] = []
  const oldest = Math.min(...inputs.map((input) => input.oldest ?? Number.POSITIVE_INFINITY))
  const newest = Math.max(...inputs.map((input) => input.newest ?? 0))
  const length = newest > oldest ? newest - oldest : 0
  for (const { name, usable, readings, coverage } of inputs) {
    const say = (code: string, level: Finding['level'], sentence: string) =>
      found.push({ code, level, sentence, signal: name })
    if (readings === 0) say('no-readings', 'advice', `${name} has no readings in this span, and will be left out.`)
    else if (usable === 0)
      say('all-bad', 'advice', `All readings of ${name} are Bad; look at the sensor. It will be left out.`)
    else if (usable / readings < 0.8)
      say(
        'much-bad',
        'advice',
        `${percent(1 - usable / readings)} of the readings of ${name} are Bad and are not learnt from; look at the sensor.`,
      )
    // Held against the history that there is: that it is short is said once, below.
    else if (length > 0 && (coverage * (to - from)) / length < 0.3)
      say(
        'gaps',
        'advice',
        `${name} has readings in only ${percent((coverage * (to - from)) / length)} of this time; what happened in between is not learnt.`,
      )
  }
  if (inputs.every(({ usable }) => usable === 0)) {
    found.push({
      code: 'no-history',
      level: 'missing',
      sentence:
        'None of the signals has a usable reading in this span: connect the machine, or choose a span in which it was connected.',
    })
  } else if (length < leastSpan) {
    found.push({
      code: 'too-short',
      level: 'missing',
      sentence: `There are ${duration(length)} of history, and nothing can be learnt from less than ${duration(leastSpan)}: let the machine run on.`,
    })
  } else if (length < goodSpan) {
    found.push({
      code: 'short',
      level: 'advice',
      sentence: `There are ${duration(length)} of history. It can be trained; train it again with ${duration(goodSpan)}, ${because}.`,
    })
  } else {
    found.push({ code: 'enough', level: 'ok', sentence: `There are ${duration(length)} of history, which is enough.` })
  }
  return found
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

export function duration(length: Micros): string {
  for (const [unit, name] of [
    [DAY, 'days'],
    [HOUR, 'hours'],
    [MINUTE, 'minutes'],
  ] as const) {
    if (length >= 2 * unit) return `${Math.round(length / unit)} ${name}`
  }
  return `${Math.round(length / 1e6)} seconds`
}
