import { lifeErrors } from '../errors.ts'

export interface LifeSettings {
  /** Hours ahead that are predicted at most; absent: 5/8 of the median life, as 125 of C-MAPSS' 199 cycles. */
  readonly horizon?: number
  /** Signals that tell how the machine is run rather than how it is (load, speed, altitude). */
  readonly conditions: readonly string[]
  /** Share of the truths that lie in the interval. */
  readonly coverage: number
  readonly folds: number
  /** Models that are averaged, each with another seed. */
  readonly models: number
  readonly seed: number
}

export const lifeDefaults: LifeSettings = { conditions: [], coverage: 0.9, folds: 5, models: 3, seed: 1 }

/** Steps that a horizon is cut into: readings within one are averaged. */
export const STEPS = 125

/** @throws MW-LIFE-0005 */
export function checkLifeSettings(settings: LifeSettings, names: readonly string[]): void {
  const { horizon, conditions, coverage, folds, models } = settings
  const wrong = (name: string, value: unknown, reason: string) =>
    lifeErrors.setting({ name, value: String(value), reason })
  if (horizon !== undefined && !(horizon > 0 && Number.isFinite(horizon)))
    throw wrong('horizon', horizon, 'it is a number of hours above 0')
  if (!(coverage >= 0.5 && coverage <= 0.99)) throw wrong('coverage', coverage, 'it lies between 0.5 and 0.99')
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 20))
    throw wrong('folds', folds, 'it is a whole number from 2 to 20')
  if (!(Number.isInteger(models) && models >= 1 && models <= 20))
    throw wrong('models', models, 'it is a whole number from 1 to 20')
  const unknown = conditions.find((name) => !names.includes(name))
  if (unknown !== undefined) throw wrong('conditions', unknown, 'the runs have no such signal')
}
