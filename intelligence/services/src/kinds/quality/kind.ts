import { DAY, MINUTE } from '@millwright/foundation'
import type { ServiceKind } from '../kind.ts'
import { NOTHING, outputsOf } from './outputs.ts'
import { qualityReadiness } from './readiness.ts'
import { namesOf, QualitySettings, qualitySettings } from './settings.ts'

export const quality: ServiceKind = {
  id: 'quality',
  name: 'Part quality',
  summary:
    'Foresees the result of each part from what the stations measured while it was made, and decides before the next station whether it may go on.',
  trains: true,
  episodes: false,
  settings: QualitySettings,
  example: {
    stations: [{ name: 'Station', part: 'part_serial', signals: ['force'] }],
    result: 'diameter',
    resultPart: 'part_serial',
    lower: 0,
    upper: 1,
  },
  elsewhere: true,
  problem: (settings) => {
    const { stations, result, resultPart, learn, lower, upper } = qualitySettings(settings)
    if (stations.length === 0) return 'Name at least one station with its part signal and its process signals.'
    if (new Set(stations.map(({ name }) => name)).size < stations.length)
      return 'Two stations have the same name: give each its own.'
    if (result === '' || resultPart === '')
      return 'Name the signal of the result, and the signal that shows which part was measured.'
    if (learn === 'value' && lower === undefined && upper === undefined)
      return 'A measured value needs at least one limit, beyond which a part is a reject.'
    if (lower !== undefined && upper !== undefined && lower >= upper)
      return 'The lower limit must lie below the upper one.'
    return undefined
  },
  inputs: (settings) => namesOf(qualitySettings(settings)),
  reads: () => ({ as: 'readings' }),
  // A part that has gone on cannot be taken out any more.
  onlyLive: true,
  // The part leaves the last station: the line waits for the decision.
  urgent: (settings) =>
    qualitySettings(settings)
      .stations.slice(-1)
      .map(({ part }) => part),
  outputs: outputsOf,
  alarm: () => ({
    // Naming the explanation in the condition puts the one of that moment into the message, not a later one.
    condition: (of) => `${of('decision')} == "divert" && ${of('explanation')} != ${JSON.stringify(NOTHING)}`,
    clearCondition: (of) => `${of('decision')} == "pass"`,
    message: '{explanation}',
    response: 'Look at the part on the page Quality, and at what drives its result; check the station that is named.',
  }),
  span: () => 7 * DAY,
  warmUp: () => 60 * MINUTE,
  readiness: qualityReadiness,
  work: () => import('./work.ts').then(({ qualityWork }) => qualityWork),
}
