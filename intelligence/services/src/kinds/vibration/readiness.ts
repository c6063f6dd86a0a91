import type { Finding } from '@millwright/contracts'
import type { HistorySummary, Settings } from '../kind.ts'
import { LEAST_RECORDINGS } from './baseline.ts'
import { vibrationSettings } from './settings.ts'

export function vibrationReadiness({ inputs }: HistorySummary, settings: Settings): Finding[] {
  const { speed, rpm, bearings } = vibrationSettings(settings)
  const found: Finding[] = []
  const say = (code: string, level: Finding['level'], sentence: string) => found.push({ code, level, sentence })
  const recordings = Math.max(0, ...inputs.filter(({ name }) => name !== speed).map(({ usable }) => usable))
  if (recordings === 0)
    say(
      'no-recordings',
      'missing',
      'There is no recording (waveform) of the acceleration yet: connect a sensor that sends waveforms, not only RMS values.',
    )
  else if (recordings < LEAST_RECORDINGS)
    say(
      'few-recordings',
      'advice',
      `There are ${recordings} recordings. Faults are named by physics from the first on; with ${LEAST_RECORDINGS} the service also knows what is normal for this machine: train it again then.`,
    )
  else say('recordings', 'ok', `There are ${recordings} recordings, enough to know what is normal for this machine.`)
  if (speed === '' && rpm === 0)
    say(
      'no-speed',
      'advice',
      'Neither a speed signal nor a fixed speed is given: the speed is looked for in the spectrum, which is less sure, and fails on quiet machines.',
    )
  if (bearings.length === 0)
    say(
      'no-bearings',
      'advice',
      'No bearing is given: damage of bearings cannot be told apart. Choose it from the catalogue, or give its geometry.',
    )
  return found
}
