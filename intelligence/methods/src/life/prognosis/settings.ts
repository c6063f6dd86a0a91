import { lifeErrors } from '../errors.ts'

/** The value of a signal at which a machine counts as failed. */
export interface FailureLimit {
  readonly signal: string
  readonly value: number
  /** Which way wear moves it. */
  readonly direction: 'rises' | 'falls'
}

export interface PrognosisSettings {
  readonly limit?: FailureLimit
  /** Signals that tell how the machine is run (load, speed). */
  readonly conditions: readonly string[]
  /** Hours ahead that are looked at; absent: 5/8 of the median life where lives are known, else thirty days. */
  readonly horizon?: number
  /** Share of truths that the interval is to hold. */
  readonly coverage: number
}

export const prognosisDefaults: PrognosisSettings = { conditions: [], coverage: 0.9 }

/** Hours looked at where no life is known. */
export const DEFAULT_HORIZON = 720

/** @throws MW-LIFE-0005 */
export function checkPrognosisSettings(
  { limit, conditions, horizon }: PrognosisSettings,
  names: readonly string[],
): void {
  const wrong = (name: string, value: unknown, reason: string) =>
    lifeErrors.setting({ name, value: String(value), reason })
  if (limit !== undefined && !names.includes(limit.signal))
    throw wrong('limit', limit.signal, 'the history has no such signal')
  if (limit !== undefined && !Number.isFinite(limit.value)) throw wrong('limit', limit.value, 'it is a number')
  const unknown = conditions.find((name) => !names.includes(name))
  if (unknown !== undefined) throw wrong('conditions', unknown, 'the history has no such signal')
  if (horizon !== undefined && !(horizon > 0 && Number.isFinite(horizon)))
    throw wrong('horizon', horizon, 'it is a number of hours above 0')
}
