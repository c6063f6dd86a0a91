import type { Finding } from '@millwright/contracts'
import { DAY, SECOND } from '@millwright/foundation'
import { historyFindings } from '../findings.ts'
import type { HistorySummary, Settings } from '../kind.ts'
import { lifeSettings } from './settings.ts'

export function lifeReadiness(history: HistorySummary, settings: Settings): Finding[] {
  const { limitSignal, sisters, failureCost } = lifeSettings(settings)
  const found = historyFindings(history, {
    leastSpan: 20 * SECOND,
    goodSpan: 90 * DAY,
    because: 'so that whole lives of the machine are in it, from repair to failure',
  })
  const say = (code: string, level: Finding['level'], sentence: string) => found.push({ code, level, sentence })
  if (limitSignal === '' && history.labels === 0)
    say(
      'no-failure',
      'missing',
      'Nothing says what a failure is: give a signal its limit, or label when the machine failed.',
    )
  else if (history.labels === 0)
    say(
      'no-labels',
      'advice',
      'Nobody has labelled a failure: lives are cut where the limit is reached. From four lives on, their course is learnt and the interval calibrated.',
    )
  if (sisters.length === 0)
    say(
      'no-sisters',
      'advice',
      'Only this machine is learnt from: with sister machines there are more failures to learn from.',
    )
  if (failureCost === 0)
    say(
      'no-costs',
      'advice',
      'Nobody said what a failure and a planned stop cost, so there will be no advice when to stop.',
    )
  return found
}
