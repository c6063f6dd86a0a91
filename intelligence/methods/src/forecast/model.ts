import type { Micros } from '@millwright/foundation'
import { checkTrees } from '../learning/trees/model.ts'
import { type ModelData, readModel, writeModel } from '../model-file/index.ts'
import { forecastErrors } from './errors.ts'
import type { MemberModel } from './members.ts'

export interface ForecastModel {
  readonly kind: 'forecast'
  readonly step: Micros
  readonly horizon: number
  readonly seasons: readonly number[]
  /** Members work on (value - centre) / scale. */
  readonly centre: number
  readonly scale: number
  /** Lowest and highest value of the training. */
  readonly range: readonly [number, number]
  readonly members: readonly MemberModel[]
  /** First lead of each band of leads that has weights of its own. */
  readonly bands: readonly number[]
  /** bands × members, row-major. */
  readonly weights: Float64Array
  /** To be added to the forecast for the ends of the interval, for each lead. */
  readonly below: Float64Array
  readonly above: Float64Array
  readonly coverage: number
}

export const writeForecastModel = (model: ForecastModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged, MW-FORECAST-0006 when they are no forecast model */
export const readForecastModel = (bytes: Uint8Array): ForecastModel => checkForecastModel(readModel(bytes))

/** For models that hold a forecast within. @throws MW-FORECAST-0006 */
export function checkForecastModel(data: unknown): ForecastModel {
  const model = data as ForecastModel
  const fault = faultOf(model)
  if (fault !== undefined) throw forecastErrors.model({ reason: fault })
  return model
}

const LARGEST = 4000

function faultOf(model: ForecastModel | null): string | undefined {
  if (model?.kind !== 'forecast') return 'it says it is something else'
  const { horizon, step, members, bands, weights, below, above, centre, scale, range, coverage, seasons } = model
  if (!whole(horizon, 1, LARGEST) || !whole(step, 1, 1e15)) return 'its step or horizon is impossible'
  if (![centre, scale, coverage].every(Number.isFinite) || !Array.isArray(range) || range.length !== 2)
    return 'its scale is broken'
  if (!Array.isArray(seasons) || !seasons.every((season) => whole(season, 1, LARGEST))) return 'its seasons are broken'
  if (!Array.isArray(members) || !Array.isArray(bands) || !(weights instanceof Float64Array)) return 'it is not whole'
  if (weights.length !== bands.length * members.length) return 'its weights are of the wrong size'
  for (const band of [below, above])
    if (!(band instanceof Float64Array) || band.length !== horizon) return 'its interval is of the wrong size'
  return members.map((member) => memberFault(member, horizon)).find((each) => each !== undefined)
}

function memberFault(member: MemberModel, horizon: number): string | undefined {
  switch (member?.kind) {
    case 'naive':
      return whole(member.season, 1, LARGEST) && whole(member.count, 1, 100) ? undefined : 'a season is impossible'
    case 'smoothing':
      return whole(member.season, 1, LARGEST) &&
        whole(member.context, 2, 10 * LARGEST) &&
        [member.alpha, member.beta, member.gamma, member.phi].every(Number.isFinite)
        ? undefined
        : 'its smoothing is broken'
    case 'linear':
      return whole(member.lookBack, 1, LARGEST) &&
        member.horizon >= horizon &&
        member.weights instanceof Float64Array &&
        member.weights.length === member.lookBack * member.horizon
        ? undefined
        : 'a linear map is of the wrong size'
    case 'trees':
      checkTrees(member.trees)
      return Array.isArray(member.seasons) && member.seasons.every((season) => whole(season, 1, LARGEST))
        ? undefined
        : 'its trees are broken'
    default:
      return 'it has a member of an unknown kind'
  }
}

const whole = (value: unknown, low: number, high: number): boolean =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high
