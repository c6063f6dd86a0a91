import { anomalyErrors } from './errors.ts'
import { type MethodName, methodNames } from './methods/index.ts'

/** What a user may choose. One configuration for every machine: a file of settings is not tuned per history. */
export interface AnomalySettings {
  /** The methods that are tried; which count, and how much, is found by validation. */
  readonly methods: readonly MethodName[]
  /** Alarm budget: the most alarms a week that normal running may give. */
  readonly alarmsPerWeek: number
  /** Signals that say what the machine is told to do (speed, product, load): they choose the operating mode. */
  readonly operating: readonly string[]
  /** The most operating modes looked for; 1 looks for none. */
  readonly modes: number
  /** Rows over which the score is smoothed: an episode is a lasting thing. 1 smooths nothing. */
  readonly smoothing: number
  /** Rows for which the score stays above its threshold before it is an alarm. */
  readonly minimumRows: number
  readonly seed: number
}

export const anomalyDefaults: AnomalySettings = {
  methods: ['ewma', 'mewma', 'pca'],
  alarmsPerWeek: 2,
  operating: [],
  modes: 6,
  smoothing: 15,
  minimumRows: 5,
  seed: 1,
}

/** @throws MW-ANOMALY-0008 for a setting out of its range */
export function checkedSettings(given: Partial<AnomalySettings>): AnomalySettings {
  const settings = { ...anomalyDefaults, ...given }
  const whole = (name: 'modes' | 'smoothing' | 'minimumRows', from: number, to: number) => {
    const value = settings[name]
    if (!Number.isInteger(value) || value < from || value > to)
      throw anomalyErrors.setting({ name, value, range: `a whole number from ${from} to ${to}`, path: name })
  }
  whole('modes', 1, 20)
  whole('smoothing', 1, 100_000)
  whole('minimumRows', 1, 100_000)
  if (!(settings.alarmsPerWeek > 0 && settings.alarmsPerWeek <= 10_000))
    throw anomalyErrors.setting({
      name: 'alarmsPerWeek',
      value: settings.alarmsPerWeek,
      range: 'more than 0 and at most 10,000',
      path: 'alarmsPerWeek',
    })
  const stranger = settings.methods.find((name) => !methodNames.includes(name))
  if (stranger !== undefined || settings.methods.length === 0)
    throw anomalyErrors.setting({
      name: 'methods',
      value: stranger ?? 'empty',
      range: `a list of ${methodNames.join(', ')}`,
      path: 'methods',
    })
  return settings
}
