import { Strict } from '@millwright/contracts'
import { anomalyDefaults } from '@millwright/methods/anomaly'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

export const AnomalySettings = Strict({
  signals: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      title: 'Signals',
      description: 'Names of the signals to watch together. None: all numbers of the equipment',
      maxItems: 500,
      uniqueItems: true,
      default: [],
      format: 'signals',
    }),
  ),
  alarmsPerWeek: Type.Optional(
    Type.Number({
      title: 'Alarm budget',
      description: 'The most alarms a week that normal running may give; the threshold follows from it',
      exclusiveMinimum: 0,
      maximum: 1000,
      default: anomalyDefaults.alarmsPerWeek,
    }),
  ),
  operating: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      title: 'Operating signals',
      description: 'Signals that say what the machine is told to do (speed, product, load): normal differs by them',
      maxItems: 20,
      uniqueItems: true,
      default: [],
      format: 'signals',
    }),
  ),
  step: Type.Optional(
    Type.Integer({
      title: 'Step',
      description: 'Seconds that one look at the machine takes in. 0: as the pace of the signals suggests',
      minimum: 0,
      maximum: 86_400,
      default: 0,
    }),
  ),
  smoothing: Type.Optional(
    Type.Integer({
      title: 'Smoothing',
      description: 'Steps over which the score is smoothed; more finds slow changes and misses short ones',
      minimum: 1,
      maximum: 1000,
      default: anomalyDefaults.smoothing,
    }),
  ),
})
export type AnomalySettings = Required<Static<typeof AnomalySettings>>

export const anomalySettings = (settings: Settings): AnomalySettings => settings as unknown as AnomalySettings

/** The explanation while there is nothing to explain. */
export const NORMAL = 'Normal'
