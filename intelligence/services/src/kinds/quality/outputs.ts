import type { Output, Settings } from '../kind.ts'
import { type QualitySettings, qualitySettings } from './settings.ts'

const NAMES = [
  'part',
  'decision',
  'fail probability',
  'explanation',
  'strangeness',
  'predicted',
  'low',
  'high',
] as const
export type QualityOutput = (typeof NAMES)[number]

export const outputAt = (name: QualityOutput): number => NAMES.indexOf(name)

/** What stands in the explanation before there was a part. */
export const NOTHING = 'No part was judged yet.'

export function outputsOf(given: Settings): Output[] {
  const settings: QualitySettings = qualitySettings(given)
  const all: Output[] = [
    { name: 'part', kind: 'state', unit: '1', about: 'Serial number of the part that was judged' },
    { name: 'decision', kind: 'state', unit: '1', about: 'Whether the part may go on: pass or divert' },
    { name: 'fail probability', kind: 'number', unit: '1', about: 'Probability that the part is a reject' },
    { name: 'explanation', kind: 'state', unit: '1', about: 'Why the part was judged so' },
    {
      name: 'strangeness',
      kind: 'number',
      unit: '1',
      about: 'Above 1, the part is unlike those that were learnt from',
    },
    { name: 'predicted', kind: 'number', unit: '1', about: 'The value that will be measured' },
    { name: 'low', kind: 'number', unit: '1', about: 'Low end of the interval of that value' },
    { name: 'high', kind: 'number', unit: '1', about: 'High end of the interval of that value' },
  ]
  return settings.learn === 'verdict' ? all.slice(0, outputAt('predicted')) : all
}
