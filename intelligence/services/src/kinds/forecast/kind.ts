import { DAY, HOUR, MINUTE } from '@millwright/foundation'
import { historyFindings } from '../findings.ts'
import type { Output, ServiceKind } from '../kind.ts'
import { ForecastSettings, forecastSettings } from './settings.ts'

/** Steps that a forecaster may look back on: its longest look-back, and seasons of a week. */
const LOOKED_BACK = 2100

/** In this order in the scorer's rows. */
const outputs = (): readonly Output[] => [
  { name: 'next', kind: 'number', unit: '1', about: 'Expected for the step that begins then, in the signal’s unit' },
  { name: 'ahead', kind: 'number', unit: '1', about: 'Expected for the last step of the horizon, as seen then' },
  { name: 'ahead low', kind: 'number', unit: '1', about: 'Lower end of the interval of that' },
  { name: 'ahead high', kind: 'number', unit: '1', about: 'Upper end of the interval of that' },
  {
    name: 'surprise',
    kind: 'boolean',
    unit: '1',
    about: 'True when the step that ended then lay outside of what was expected one step before',
  },
  {
    name: 'trouble',
    kind: 'state',
    unit: '1',
    about: 'Why the forecast is worth less than its validation says, in words',
  },
]

export const forecast: ServiceKind = {
  id: 'forecast',
  name: 'Forecast',
  summary: 'Learns how a signal goes on, by its seasons and its recent past, and foresees it with an interval.',
  trains: true,
  episodes: false,
  settings: ForecastSettings,
  example: { signal: 'power' },
  problem: (settings) =>
    forecastSettings(settings).signal === '' ? 'choose the signal that is to be foreseen.' : undefined,
  inputs: (settings) => [forecastSettings(settings).signal],
  reads: (settings) => {
    const { step } = forecastSettings(settings)
    return { as: 'grid', step: step === 0 ? null : step * MINUTE }
  },
  outputs,
  alarm: () => ({
    condition: (of) => of('surprise'),
    message: 'Not as foreseen: {next} was expected next',
    response: 'Look what is different from other days at this time.',
  }),
  span: (settings) => Math.max(60 * DAY, 20 * forecastSettings(settings).horizon * stepOf(settings)),
  warmUp: (_, { step }) => LOOKED_BACK * (step ?? HOUR),
  readiness: (history, settings) => {
    const { horizon } = forecastSettings(settings)
    const step = history.step ?? HOUR
    return historyFindings(history, {
      leastSpan: 4 * horizon * step,
      goodSpan: Math.max(28 * DAY, 20 * horizon * step),
      because: 'so that days and weeks are seen to repeat',
    })
  },
  work: () => import('./work.ts').then(({ forecastWork }) => forecastWork),
}

const stepOf = (settings: Parameters<ServiceKind['span']>[0]) => (forecastSettings(settings).step || 60) * MINUTE
