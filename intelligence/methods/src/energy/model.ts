import { type ModelData, readModel, writeModel } from '../model-file/index.ts'
import type { BaselineModel } from './baseline.ts'
import { shapeColumns } from './change-points.ts'
import { energyErrors } from './errors.ts'

export const writeBaseline = (model: BaselineModel): Uint8Array => writeModel(model as unknown as ModelData)

const POINTS = { none: 0, linear: 0, '3P heating': 1, '3P cooling': 1, '4P': 1, '5P': 2 } as const

/** @throws MW-MODEL-0001 when the bytes are damaged, MW-ENERGY-0006 when they are no baseline */
export const readBaseline = (bytes: Uint8Array): BaselineModel => checkBaseline(readModel(bytes))

/** For models that hold a baseline within. @throws MW-ENERGY-0006 */
export function checkBaseline(data: unknown): BaselineModel {
  const model = data as BaselineModel | null
  if (model?.kind !== 'energy-baseline') throw energyErrors.model({ reason: 'it says it is something else' })
  const { shape, points, drivers, coefficients, inverse, ranges, energy, temperature } = model
  const named =
    typeof energy === 'string' && Array.isArray(drivers) && drivers.every((name) => typeof name === 'string')
  if (!named || !Object.hasOwn(POINTS, shape) || !Array.isArray(points) || points.length !== POINTS[shape])
    throw energyErrors.model({ reason: 'its terms are broken' })
  if (shape !== 'none' && typeof temperature !== 'string')
    throw energyErrors.model({ reason: 'its temperature is missing' })
  const terms = 1 + shapeColumns(shape, points, new Float64Array(0)).length + drivers.length
  const sized = coefficients instanceof Float64Array && inverse instanceof Float64Array && coefficients.length === terms
  if (!sized || inverse.length !== terms * terms)
    throw energyErrors.model({ reason: 'its coefficients are of the wrong size' })
  const watched = drivers.length + (temperature === undefined ? 0 : 1)
  const finite = [model.variance, model.freedom, model.autocorrelation, model.mean].every(Number.isFinite)
  if (
    !finite ||
    !Array.isArray(ranges) ||
    ranges.length !== watched ||
    !ranges.every((range) => Array.isArray(range) && range.length === 2)
  )
    throw energyErrors.model({ reason: 'its ranges are broken' })
  return model
}
