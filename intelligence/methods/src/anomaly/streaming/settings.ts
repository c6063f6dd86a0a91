import { anomalyErrors } from '../errors.ts'

/** One configuration for every signal. */
export interface StreamingSettings {
  /** Readings after which a value that did not come again is novel once more. */
  readonly memory: number
  /** Readings at the beginning that are only learnt from. */
  readonly warmUp: number
  /** Readings after a score in which only a higher one counts: one change is told once. */
  readonly refractory: number
  /**
   * Surprise whose score is 0.5. Lower is more sensitive. At the default, plain noise gives some eight false onsets in the
   * first 10,000 readings, one in 10,000 up to 100,000, and a third of that later; a score of 0.8 an eighth of these.
   */
  readonly threshold: number
}

/**
 * The memory costs nothing, and is more than a day of a reading a second: a shorter one takes yesterday's noon for
 * news. The rest lies on a plateau: of 972 configurations around it (memory, refractory, weights of the experts) half
 * score above 72.7 on the Numenta Anomaly Benchmark and the worst 70.4.
 */
export const streamingDefaults: StreamingSettings = {
  memory: 100_000,
  warmUp: 100,
  refractory: 75,
  threshold: 0.028,
}

/** @throws MW-ANOMALY-0008 for a setting out of its range */
export function checkedStreamingSettings(given: Partial<StreamingSettings>): StreamingSettings {
  const settings = { ...streamingDefaults, ...given }
  const whole = (name: 'memory' | 'warmUp' | 'refractory', from: number, to: number) => {
    const value = settings[name]
    if (!Number.isInteger(value) || value < from || value > to)
      throw anomalyErrors.setting({ name, value, range: `a whole number from ${from} to ${to}`, path: name })
  }
  whole('memory', 100, 1e9)
  whole('warmUp', 10, 1e6)
  whole('refractory', 0, 1e6)
  const { threshold } = settings
  if (!(threshold > 0 && threshold <= 1000))
    throw anomalyErrors.setting({
      name: 'threshold',
      value: threshold,
      range: 'more than 0 and at most 1000',
      path: 'threshold',
    })
  return settings
}
