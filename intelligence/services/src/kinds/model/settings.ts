import { Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

export const ModelSettings = Strict({
  step: Type.Optional(
    Type.Integer({
      title: 'Step',
      description: 'Seconds between the readings that the model takes: as it was trained',
      minimum: 1,
      maximum: 86_400,
      default: 1,
    }),
  ),
  alarm: Type.Optional(
    Strict(
      {
        output: Type.String({ title: 'Output', description: 'Name of the output that is watched', maxLength: 60 }),
        above: Type.Number({ title: 'Above', description: 'It is an alarm above this' }),
      },
      { description: 'What an alarm is raised on, if the service is to raise alarms' },
    ),
  ),
  /** Stands only in versions: it comes with the model. */
  manifest: Type.Optional(Type.Unknown({ title: 'Manifest', readOnly: true })),
})
export type ModelSettings = Static<typeof ModelSettings> & { step: number }

export const modelSettings = (settings: Settings): ModelSettings => settings as unknown as ModelSettings
