import { HOUR, MINUTE } from '@millwright/foundation'
import { bearingOrders } from '@millwright/methods/vibration'
import type { ServiceKind } from '../kind.ts'
import { geometryOf } from './machine.ts'
import { VIBRATION_OUTPUTS } from './outputs.ts'
import { vibrationReadiness } from './readiness.ts'
import { NOTHING, VibrationSettings, vibrationSettings } from './settings.ts'

export const vibration: ServiceKind = {
  id: 'vibration',
  name: 'Vibration diagnosis',
  summary:
    'Listens to the recordings of acceleration sensors and names what is wrong (bearing, gear, balance, alignment, looseness, cavitation), with the lines in the spectrum that say so.',
  trains: true,
  episodes: true,
  settings: VibrationSettings,
  problem: (settings) => {
    const { bearings, slowest, fastest } = vibrationSettings(settings)
    if (slowest >= fastest) return 'the slowest speed must be below the fastest.'
    for (const bearing of bearings) {
      try {
        bearingOrders(geometryOf(bearing))
      } catch (error) {
        return `bearing "${bearing.name}": ${error instanceof Error ? error.message : String(error)}`
      }
    }
    return undefined
  },
  inputs: (settings, candidates) => {
    const { waveforms, speed } = vibrationSettings(settings)
    const all = candidates.filter(({ kind, computed }) => kind === 'waveform' && !computed).map(({ name }) => name)
    return [...(waveforms.length > 0 ? waveforms : all), ...(speed === '' ? [] : [speed])]
  },
  reads: () => ({ as: 'readings' }),
  outputs: () => VIBRATION_OUTPUTS,
  alarm: () => ({
    // Naming the explanation in the condition puts the one of that moment into the message, not a later one.
    condition: (of) => `${of('alarm')} && ${of('explanation')} != ${JSON.stringify(NOTHING)}`,
    message: '{explanation}',
    response:
      'Look at the spectrum on the page Vibration of the machine, and say in the episode what it was. A damaged bearing: plan its replacement before it heats up.',
  }),
  // Recordings are large: what is normal shows within hours.
  span: () => 6 * HOUR,
  warmUp: () => 10 * MINUTE,
  readiness: vibrationReadiness,
  work: () => import('./work.ts').then(({ vibrationWork }) => vibrationWork),
}
