import { type Micros, unitConversion } from '@millwright/foundation'
import {
  type BaselineModel,
  type BaselineReport,
  checkBaseline,
  energyErrors,
  type Measure,
} from '@millwright/methods/energy'
import { checkForecastModel, type ForecastModel } from '@millwright/methods/forecast'
import { type ModelData, readModel, writeModel } from '@millwright/methods/model-file'
import type { Frame } from '@millwright/methods/series'
import type { Plan, Settings } from '../kind.ts'
import { energyInputs, type Role } from './settings.ts'

/** What a version of an energy service knows: plain data. */
export interface EnergyModel {
  readonly kind: 'energy'
  readonly baseline: BaselineModel
  readonly report: BaselineReport
  readonly from: Micros
  readonly to: Micros
  readonly period: Micros
  /** How far local clocks are ahead of UTC, as it was at the end of the baseline. */
  readonly utcOffset: Micros
  /** For each input. */
  readonly measures: readonly Measure[]
  /** From the energy's unit to kW or kWh. */
  readonly factor: number
  /** Energy of the baseline's periods over the drivers, for the eye. */
  readonly drawn: { readonly energy: Float64Array; readonly drivers: readonly Float64Array[] }
  /** Of the energy by periods; undefined where the history is too short for one. */
  readonly forecast: ForecastModel | undefined
}

export const writeEnergyModel = (model: EnergyModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 for damaged bytes, MW-ENERGY-0006 when they are of something else */
export function readEnergyModel(bytes: Uint8Array): EnergyModel {
  const model = readModel(bytes) as unknown as EnergyModel | null
  if (model?.kind !== 'energy') throw energyErrors.model({ reason: 'it says it is something else' })
  checkBaseline(model.baseline)
  if (model.forecast !== undefined) checkForecastModel(model.forecast)
  const { period, factor, measures, from, to, utcOffset } = model
  const sound = [period, factor, from, to, utcOffset].every(Number.isFinite) && period > 0 && Array.isArray(measures)
  if (!sound) throw energyErrors.model({ reason: 'its periods are broken' })
  return model
}

/** Names of the columns, in the order of the inputs: unique, though two machines call theirs the same. */
export const columnNames = ({ inputs }: Plan): string[] =>
  inputs.map(({ name }, i) => (inputs.findIndex((each) => each.name === name) === i ? name : `${name} (${i + 1})`))

/** Index of the input with a role. */
export function inputOf(settings: Settings, role: Role): number | undefined {
  const at = energyInputs(settings).findIndex(({ roles }) => roles.includes(role))
  return at < 0 ? undefined : at
}

/** A rate in kW or a counter in kWh, by its unit. @throws MW-ENERGY-0003 for what is neither */
export function energyMeasure({ inputs }: Plan): { readonly measure: Measure; readonly factor: number } {
  const { name, unit } = inputs[0]!
  const rate = unitConversion(unit, 'kW')
  if (rate !== undefined) return { measure: 'rate', factor: rate.scale }
  const counter = unitConversion(unit, 'kW.h')
  if (counter !== undefined) return { measure: 'counter', factor: counter.scale }
  throw energyErrors.input({ name, reason: `its unit "${unit}" is neither of power (kW) nor of energy (kWh)` })
}

/** The grid under the names of this service, its energy in kW or kWh. */
export function energyGrid(grid: Frame, plan: Plan, factor: number): Frame {
  return {
    times: grid.times,
    names: columnNames(plan),
    columns: grid.columns.map((column, i) =>
      i === 0 && factor !== 1 ? column.map((value) => value * factor) : column,
    ),
  }
}
