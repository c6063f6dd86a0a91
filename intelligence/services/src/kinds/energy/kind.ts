import { DAY, HOUR } from '@millwright/foundation'
import { historyFindings } from '../findings.ts'
import type { Output, ServiceKind } from '../kind.ts'
import { ENERGY_STEP, EnergySettings, energyInputs, energyProblem, energySettings, LOOKED_BACK } from './settings.ts'

/** In this order in the scorer's rows. */
export const ENERGY_OUTPUTS: readonly Output[] = [
  {
    name: 'expected',
    kind: 'number',
    unit: 'kW.h',
    about: 'What the baseline would have used in the period that ends then',
  },
  {
    name: 'avoided',
    kind: 'number',
    unit: 'kW.h',
    about: 'Expected less used; below 0 more was used than the baseline would have',
  },
  { name: 'avoided low', kind: 'number', unit: 'kW.h', about: 'Lower end of the 90 % interval of what was avoided' },
  { name: 'avoided high', kind: 'number', unit: 'kW.h', about: 'Upper end of the 90 % interval of what was avoided' },
  {
    name: 'idle share',
    kind: 'number',
    unit: '1',
    about: 'Share of the last day’s energy that was used while nothing was made',
  },
  {
    name: 'leak',
    kind: 'number',
    unit: '1',
    about: 'What flows at rest beyond what flowed at best, in the signal’s own unit',
  },
  {
    name: 'outside',
    kind: 'boolean',
    unit: '1',
    about: 'True while production or weather are none that the baseline has seen',
  },
]

export const energy: ServiceKind = {
  id: 'energy',
  name: 'Energy',
  summary:
    'Learns what energy depends on in a baseline period, and tells what was saved since, with its uncertainty; finds idle energy and leaks, and plans load, battery and jobs ahead.',
  trains: true,
  episodes: false,
  elsewhere: true,
  settings: EnergySettings,
  example: { energy: 'active_power' },
  problem: energyProblem,
  inputs: (settings) => energyInputs(settings).map(({ name }) => name),
  reads: () => ({ as: 'grid', step: ENERGY_STEP }),
  outputs: () => ENERGY_OUTPUTS,
  alarm: () => ({
    condition: (of) => `${of('avoided high')} < 0.0 && !${of('outside')}`,
    clearCondition: (of) => `${of('avoided high')} > 0.0`,
    message: 'More energy than the baseline: {expected} kWh expected, {avoided} kWh avoided',
    response: 'Look for what runs for nothing, a leak, a set-point that was changed; the energy page shows since when.',
  }),
  span: () => 60 * DAY,
  warmUp: () => LOOKED_BACK,
  readiness: (history, settings) => {
    const { production, temperature, drivers, period } = energySettings(settings)
    const findings = historyFindings(history, {
      leastSpan: period === 'hour' ? 24 * HOUR : 15 * DAY,
      goodSpan: period === 'hour' ? 28 * DAY : 365 * DAY,
      because: 'so that every shift, weekend and weather is in the baseline',
    })
    if (production === '' && temperature === '' && drivers.length === 0)
      findings.push({
        code: 'no-driver',
        level: 'advice',
        sentence:
          'There is no driver: the baseline is the plain mean, and every change of production or weather looks like a saving or a loss. Choose a production count or the outdoor temperature.',
      })
    return findings
  },
  work: () => import('./work.ts').then(({ energyWork }) => energyWork),
}
