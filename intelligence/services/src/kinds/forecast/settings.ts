import { Strict } from '@millwright/contracts'
import { type Static, Type } from 'typebox'
import type { Settings } from '../kind.ts'

export const ForecastSettings = Strict({
  signal: Type.String({
    title: 'Signal',
    description: 'What is to be foreseen: a number of this equipment',
    maxLength: 200,
    default: '',
    format: 'signal',
  }),
  step: Type.Optional(
    Type.Integer({
      title: 'Step',
      description: 'Minutes that one value of the forecast stands for. 0: as the pace of the signal suggests',
      minimum: 0,
      maximum: 1440,
      default: 60,
    }),
  ),
  horizon: Type.Optional(
    Type.Integer({ title: 'Horizon', description: 'Steps ahead', minimum: 1, maximum: 720, default: 24 }),
  ),
  coverage: Type.Optional(
    Type.Number({
      title: 'Interval',
      description: 'Share of the future that the band is to hold',
      minimum: 0.5,
      maximum: 0.99,
      default: 0.9,
    }),
  ),
})
export type ForecastSettings = Required<Static<typeof ForecastSettings>>

export const forecastSettings = (settings: Settings): ForecastSettings => settings as unknown as ForecastSettings
