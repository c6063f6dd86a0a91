import type { Finding } from '@millwright/contracts'
import { DAY, MINUTE } from '@millwright/foundation'
import { historyFindings } from '../findings.ts'
import type { HistorySummary } from '../kind.ts'

export function anomalyReadiness(history: HistorySummary): Finding[] {
  const found = historyFindings(history, {
    leastSpan: 5 * MINUTE,
    goodSpan: 7 * DAY,
    because: 'so that every product, shift and weekend of normal running is in it',
  })
  if (history.inputs.length === 1) {
    found.push({
      code: 'one-signal',
      level: 'advice',
      sentence:
        'Only one signal is watched: with several that belong together, changes between them are found as well.',
    })
  }
  if (history.labels === 0) {
    found.push({
      code: 'no-labels',
      level: 'advice',
      sentence:
        'Nobody has said yet when the machine was not normal: all of the history is taken for normal running. Label what was not.',
    })
  }
  return found
}
