import type { Micros } from '@millwright/foundation'
import { forecastErrors } from './errors.ts'

/** One configuration for every signal. */
export interface ForecastSettings {
  /** Steps ahead. */
  readonly horizon: number
  /** Look-backs of the linear maps, in steps; those that the history is too short for are left out. */
  readonly lookBacks: readonly number[]
  /** Strengths of the ridge that validation chooses from. */
  readonly ridges: readonly number[]
  /** The newest share of the history, which members are weighted and intervals are measured on. */
  readonly validationShare: number
  /** Origins in the validation part that forecasts are made from, at most. */
  readonly origins: number
  /** Share of the future that the band is to hold. */
  readonly coverage: number
  /** Whether the members are fitted again on all of the history after they are weighted. */
  readonly refit: boolean
  readonly trees: boolean
  /** How far local clocks are ahead of UTC, in microseconds. */
  readonly utcOffset: Micros
  readonly seed: number
}

export const forecastDefaults: ForecastSettings = {
  horizon: 24,
  lookBacks: [96, 336, 672],
  ridges: [0.01, 0.1, 0.5],
  validationShare: 0.25,
  origins: 200,
  coverage: 0.9,
  refit: true,
  trees: true,
  utcOffset: 0,
  seed: 1,
}

const LONGEST_HORIZON = 1000
const LONGEST_LOOK_BACK = 1000

/** @throws MW-FORECAST-0005 */
export function checkForecastSettings(settings: ForecastSettings): void {
  const between = (name: keyof ForecastSettings, low: number, high: number, value = settings[name] as number) => {
    if (!(value >= low && value <= high))
      throw forecastErrors.settings({ name, value: String(value), expected: `from ${low} to ${high}` })
  }
  between('horizon', 1, LONGEST_HORIZON)
  between('validationShare', 0.05, 0.5)
  between('origins', 20, 2000)
  between('coverage', 0.5, 0.99)
  for (const lookBack of settings.lookBacks) between('lookBacks', 2, LONGEST_LOOK_BACK, lookBack)
  for (const ridge of settings.ridges) between('ridges', 0, 100, ridge)
}
