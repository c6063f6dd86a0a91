import { studentQuantile } from '../distributions/beta.ts'
import type { Frame } from '../series/index.ts'
import { type BaselineModel, columnOf } from './baseline.ts'
import { shapeColumns } from './change-points.ts'

export interface Expected {
  /** kWh in each period; NaN where a driver is missing. */
  readonly expected: Float64Array
  /** Half the width of the interval in which a single period lies, kWh. */
  readonly half: Float64Array
  /** 1 where a driver lies outside of the baseline period's range. */
  readonly outside: Uint8Array
}

export interface Avoided {
  readonly rows: number
  /** Rows without energy or a driver, which count in neither sum. */
  readonly rowsLeftOut: number
  readonly expected: number
  readonly actual: number
  /** expected - actual, kWh. */
  readonly avoided: number
  /** Half the width of the interval of `avoided`, kWh. */
  readonly uncertainty: number
  /** Of the interval. */
  readonly confidence: number
  /** uncertainty / |avoided|: fractional savings uncertainty. */
  readonly fractionalUncertainty: number
  /** ASHRAE Guideline 14's acceptance: less than half of the saving, at 68 %. */
  readonly significant: boolean
  /** Share of rows whose drivers the baseline never saw. */
  readonly outside: number
}

/** A driver this share of its range beyond it was not in the baseline. */
const BEYOND = 0.1

export function expectedEnergy(model: BaselineModel, frame: Frame, confidence = 0.9): Expected {
  const rows = designOf(model, frame)
  const watched = watchedColumns(model, frame)
  const expected = new Float64Array(frame.times.length)
  const half = new Float64Array(frame.times.length)
  const outside = new Uint8Array(frame.times.length)
  const terms = model.coefficients.length
  const t = studentQuantile(confidence, model.freedom)
  const row = new Float64Array(terms)
  for (let i = 0; i < expected.length; i++) {
    let sum = model.coefficients[0]!
    rows.forEach((column, j) => {
      sum += model.coefficients[j + 1]! * column[i]!
    })
    expected[i] = sum
    row.set([1, ...rows.map((column) => column[i]!)])
    half[i] = t * Math.sqrt(model.variance * (1 + leverageOf(model, row)))
    outside[i] = watched.some((column, j) => {
      const [low, high] = model.ranges[j]!
      const margin = BEYOND * (high - low)
      return column[i]! < low - margin || column[i]! > high + margin
    })
      ? 1
      : 0
  }
  return { expected, half, outside }
}

/**
 * Energy that the baseline would have used less what was used, with the uncertainty of the sum: that of the coefficients and that of
 * each period, both widened by the residuals' autocorrelation (ASHRAE Guideline 14-2014, annex B: n' = n (1 - ρ) / (1 + ρ); Reddy and
 * Claridge, HVAC&R Research 6, 2000). The covariance of the regression itself stands in for the guideline's 1.26, so that a
 * reporting period of other weather or production than the baseline's is as uncertain as it is.
 */
export function avoidedEnergy(model: BaselineModel, frame: Frame, confidence = 0.9): Avoided {
  const actual = columnOf(frame, model.energy)
  const { expected, outside } = expectedEnergy(model, frame)
  const design = designOf(model, frame)
  const rows = [...actual.keys()].filter((i) => Number.isFinite(actual[i]!) && Number.isFinite(expected[i]!))
  const terms = model.coefficients.length
  const sums = new Float64Array(terms)
  let sumExpected = 0
  let sumActual = 0
  for (const i of rows) {
    sums[0]!++
    design.forEach((column, j) => {
      sums[j + 1]! += column[i]!
    })
    sumExpected += expected[i]!
    sumActual += actual[i]!
  }
  const leverage = leverageOf(model, sums)
  const rho = Math.min(0.99, Math.max(0, model.autocorrelation))
  const widened = (1 + rho) / (1 - rho)
  const effective = Math.max(1, (model.freedom + terms) / widened - terms)
  const deviation = Math.sqrt(model.variance * widened * (rows.length + leverage))
  const avoided = sumExpected - sumActual
  const uncertainty = studentQuantile(confidence, effective) * deviation
  return {
    rows: rows.length,
    rowsLeftOut: actual.length - rows.length,
    expected: sumExpected,
    actual: sumActual,
    avoided,
    uncertainty,
    confidence,
    fractionalUncertainty: avoided === 0 ? Number.POSITIVE_INFINITY : uncertainty / Math.abs(avoided),
    significant: studentQuantile(0.68, effective) * deviation < Math.abs(avoided) / 2,
    outside: rows.length === 0 ? 0 : rows.filter((i) => outside[i] === 1).length / rows.length,
  }
}

/** What the uncertain coefficients add to the variance of a sum of rows, in units of the residual variance. */
function leverageOf({ inverse }: BaselineModel, sums: Float64Array): number {
  const terms = sums.length
  let leverage = 0
  for (let j = 0; j < terms; j++)
    for (let k = 0; k < terms; k++) leverage += sums[j]! * inverse[j * terms + k]! * sums[k]!
  return leverage
}

function designOf(model: BaselineModel, frame: Frame): Float64Array[] {
  const weather =
    model.shape === 'none' ? [] : shapeColumns(model.shape, model.points, columnOf(frame, model.temperature!))
  return [...weather, ...model.drivers.map((name) => columnOf(frame, name))]
}

const watchedColumns = (model: BaselineModel, frame: Frame): Float64Array[] =>
  [...(model.temperature === undefined ? [] : [model.temperature]), ...model.drivers].map((name) =>
    columnOf(frame, name),
  )
