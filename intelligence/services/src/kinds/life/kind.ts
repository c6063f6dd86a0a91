import { DAY, HOUR, MINUTE, SECOND } from '@millwright/foundation'
import type { ServiceKind } from '../kind.ts'
import { LIFE_OUTPUTS } from './outputs.ts'
import { lifeReadiness } from './readiness.ts'
import { inputsOf, LifeSettings, lifeSettings } from './settings.ts'
import { NOTHING_TO_SAY } from './words.ts'

export const life: ServiceKind = {
  id: 'life',
  name: 'Remaining life',
  summary:
    'Says how healthy a machine is, how long it will last with what certainty, and when to stop it at the least expected cost.',
  trains: true,
  episodes: true,
  settings: LifeSettings,
  example: { limitSignal: 'vibration', limit: 10 },
  problem: (settings) => {
    const { limitSignal, signals, failureCost, plannedCost } = lifeSettings(settings)
    if (limitSignal === '' && signals.length === 0)
      return 'Say what shows the wear: a signal with a limit, or health signals whose failures are labelled.'
    if (failureCost > 0 && !(plannedCost > 0 && plannedCost < failureCost))
      return 'A planned stop must cost something, and less than a failure: otherwise there is nothing to decide.'
    return undefined
  },
  inputs: (settings) => inputsOf(lifeSettings(settings)),
  machines: (settings) => lifeSettings(settings).sisters,
  reads: (settings) => {
    const { step } = lifeSettings(settings)
    return { as: 'grid', step: step === 0 ? null : step * SECOND }
  },
  outputs: () => LIFE_OUTPUTS,
  alarm: (settings) => {
    const { alarmAt } = lifeSettings(settings)
    return {
      // Naming the explanation in the condition puts the one of that moment into the message, not a later one.
      condition: (of) =>
        `${of('failure probability')} >= ${alarmAt.toFixed(4)} && ${of('explanation')} != ${JSON.stringify(NOTHING_TO_SAY)}`,
      clearCondition: (of) => `${of('failure probability')} < ${(0.8 * alarmAt).toFixed(4)}`,
      message: '{explanation}',
      response: 'Plan the stop by the time that the machine’s health page advises; say in the episode what it was.',
    }
  },
  span: () => 365 * DAY,
  warmUp: (settings, { step }) => {
    const { horizon, acceleration } = lifeSettings(settings)
    return Math.min(60 * DAY, Math.max(10 * MINUTE, 200 * (step ?? SECOND), (2 * horizon * HOUR) / acceleration))
  },
  readiness: lifeReadiness,
  work: () => import('./work.ts').then(({ lifeWork }) => lifeWork),
}
