import { DAY, MINUTE, SECOND } from '@millwright/foundation'
import { numbersOf } from '../choose.ts'
import type { Output, ServiceKind } from '../kind.ts'
import { anomalyReadiness } from './readiness.ts'
import { AnomalySettings, anomalySettings, NORMAL } from './settings.ts'

/** In this order in the scorer's rows. */
export const ANOMALY_OUTPUTS: readonly Output[] = [
  {
    name: 'score',
    kind: 'number',
    unit: '1',
    about: 'How unusual the machine is, 0 to 1; 0.5 is the threshold of the alarm budget',
  },
  { name: 'alarm', kind: 'boolean', unit: '1', about: 'True while the score stands above its threshold' },
  { name: 'confidence', kind: 'number', unit: '1', about: 'How sure the score is, 0 to 1' },
  { name: 'outside', kind: 'boolean', unit: '1', about: 'True while the machine is outside of what was trained on' },
  { name: 'explanation', kind: 'state', unit: '1', about: 'Which signals make the score, in words' },
]

/** What a fresh scorer looks back on, in steps: its smoothing and the methods' memory settle within. */
const WARM_UP_STEPS = 500

export const anomaly: ServiceKind = {
  id: 'anomaly',
  name: 'Anomaly detection',
  summary:
    'Learns how a machine normally runs from its history, and says when it runs otherwise: how much, which signals, how sure.',
  trains: true,
  episodes: true,
  settings: AnomalySettings,
  inputs: (settings, candidates) => {
    const { signals, operating } = anomalySettings(settings)
    return [...(signals.length > 0 ? signals : numbersOf(candidates)), ...operating]
  },
  reads: (settings) => {
    const { step } = anomalySettings(settings)
    return { as: 'grid', step: step === 0 ? null : step * SECOND }
  },
  outputs: () => ANOMALY_OUTPUTS,
  alarm: () => ({
    // Naming the explanation in the condition puts the one of that moment into the message, not a later one.
    condition: (of) => `${of('alarm')} && ${of('explanation')} != ${JSON.stringify(NORMAL)}`,
    message: '{explanation}',
    response: 'Look at the signals that are named, and say in the episode whether this was right and what it was.',
  }),
  span: () => 30 * DAY,
  warmUp: (_, { step }) => Math.min(7 * DAY, Math.max(10 * MINUTE, WARM_UP_STEPS * (step ?? SECOND))),
  readiness: anomalyReadiness,
  work: () => import('./work.ts').then(({ anomalyWork }) => anomalyWork),
}
