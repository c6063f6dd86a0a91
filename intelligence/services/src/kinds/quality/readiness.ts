import type { Finding } from '@millwright/contracts'
import { DAY, HOUR } from '@millwright/foundation'
import { historyFindings } from '../findings.ts'
import type { HistorySummary, Settings } from '../kind.ts'
import { qualitySettings } from './settings.ts'

/** Results that can be learnt from, and that give a good model. */
const LEAST = 40
const GOOD = 300

export function qualityReadiness(history: HistorySummary, given: Settings): Finding[] {
  const { result, learn } = qualitySettings(given)
  const found = historyFindings(history, {
    leastSpan: HOUR / 4,
    goodSpan: DAY,
    because: 'so that every tool, batch and shift is in it',
  })
  const results = history.inputs.find(({ signal, name }) => signal === result || name === result)
  const count = results?.usable ?? 0
  if (count < LEAST)
    found.push({
      code: 'few-results',
      level: 'missing',
      sentence: `There are ${count} results, and at least ${LEAST} are needed: let the line run on, and have parts measured.`,
      signal: results?.name ?? result,
    })
  else if (count < GOOD)
    found.push({
      code: 'some-results',
      level: 'advice',
      sentence: `There are ${count} results. It can be trained; train it again with ${GOOD}${learn === 'verdict' ? ', some dozen of them rejects' : ''}.`,
      signal: results?.name ?? result,
    })
  return found
}
