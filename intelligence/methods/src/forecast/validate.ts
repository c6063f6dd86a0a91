import { combinationWeights } from './combine.ts'
import { conformalBand } from './conformal.ts'
import { type Context, type Fitted, originsOf } from './context.ts'
import { type Member, memberOf } from './members.ts'

export interface Validation {
  readonly origins: number
  /** First lead of each band. */
  readonly bands: readonly number[]
  /** bands × members, row-major. */
  readonly weights: Float64Array
  readonly rmse: readonly number[]
  /** Of the weighted forecast. */
  readonly combined: number
  readonly below: Float64Array
  readonly above: Float64Array
}

/** Forecasts of every member from every origin after the cut: their weights for bands of leads, and the errors that are left. */
export function validate(
  context: Context,
  fitted: readonly Fitted[],
  cut: number,
  progress: (fraction: number) => void,
): Validation {
  const { horizon, raw, coverage } = context
  const members = fitted.map(({ model }) => memberOf(model, horizon))
  const k = members.length
  const origins = originsOf(context, Math.max(...members.map((member) => member.context)), cut)
  const errors = origins.map((end, i) => {
    progress(i / origins.length)
    return errorsAt(context, members, end)
  })
  const bands = bandsOf(horizon)
  const weights = new Float64Array(bands.length * k)
  bands.forEach((from, b) => {
    const products = productsOf(errors, horizon, k, from, bands[b + 1] ?? horizon + 1)
    weights.set(combinationWeights(products, k, (raw.length - cut) / horizon), b * k)
  })
  const below = new Float64Array(horizon)
  const above = new Float64Array(horizon)
  let sum = 0
  let count = 0
  for (let h = 0, b = 0; h < horizon; h++) {
    if (bands[b + 1] !== undefined && h + 1 >= bands[b + 1]!) b++
    const left = Float64Array.from(errors, (each) => {
      let error = 0
      for (let m = 0; m < k; m++) error += weights[b * k + m]! * each[m * horizon + h]!
      return error
    })
    const [low, high] = conformalBand(left, coverage)
    below[h] = Math.min(0, low)
    above[h] = Math.max(0, high)
    for (const error of left) {
      if (Number.isNaN(error)) continue
      sum += error * error
      count++
    }
  }
  const whole = productsOf(errors, horizon, k, 1, horizon + 1)
  const counted = Math.max(
    1,
    errors.reduce((n, each) => n + each.subarray(0, horizon).filter((e) => !Number.isNaN(e)).length, 0),
  )
  return {
    origins: raw.length === 0 ? 0 : origins.length,
    bands,
    weights,
    rmse: members.map((_, m) => Math.sqrt(whole[m * k + m]! / counted)),
    combined: Math.sqrt(sum / Math.max(1, count)),
    below,
    above,
  }
}

/** Truth less forecast, members × horizon; NaN where the truth is missing. */
function errorsAt(
  { filled, raw, horizon, start, step }: Context,
  members: readonly Member[],
  end: number,
): Float64Array {
  const errors = new Float64Array(members.length * horizon)
  members.forEach((member, m) => {
    const out = errors.subarray(m * horizon, (m + 1) * horizon)
    member.predict(filled, end, start + end * step, out)
    for (let h = 0; h < horizon; h++) out[h] = raw[end + h]! - out[h]!
  })
  return errors
}

/** Bands of leads that grow fourfold: what is best for the next step is seldom best for next week. */
function bandsOf(horizon: number): number[] {
  const bands = []
  for (let from = 1; from <= horizon; from = from === 1 ? 2 : (from - 1) * 4 + 1) bands.push(from)
  return bands
}

function productsOf(
  errors: readonly Float64Array[],
  horizon: number,
  k: number,
  from: number,
  end: number,
): Float64Array {
  const products = new Float64Array(k * k)
  for (const each of errors)
    for (let h = from - 1; h < end - 1; h++) {
      if (Number.isNaN(each[h]!)) continue
      for (let i = 0; i < k; i++)
        for (let j = 0; j <= i; j++) products[i * k + j]! += each[i * horizon + h]! * each[j * horizon + h]!
    }
  for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) products[j * k + i] = products[i * k + j]!
  return products
}
