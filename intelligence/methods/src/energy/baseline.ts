import type { Frame } from '../series/index.ts'
import { bestShape, type Shape, shapeColumns } from './change-points.ts'
import { energyErrors } from './errors.ts'
import { type FitStatistics, lagOne, leastSquares, meanOf, statisticsOf } from './least-squares.ts'

export interface BaselineSettings {
  /** Column that holds the energy of each period, in kWh. */
  readonly energy: string
  /** Columns that energy may depend on: production, running hours, occupancy, … */
  readonly drivers: readonly string[]
  /** Column with the outdoor temperature, for which bends are looked for. */
  readonly temperature?: string
  /** A driver stays when its effect would be chance with less than this probability. */
  readonly significance: number
}

export const baselineDefaults = { significance: 0.05 } as const

/** What energy was expected to be, given its drivers: plain data. */
export interface BaselineModel {
  readonly kind: 'energy-baseline'
  readonly energy: string
  readonly temperature?: string
  readonly shape: Shape
  readonly points: readonly number[]
  /** Drivers that stayed, in the order of their coefficients. */
  readonly drivers: readonly string[]
  /** Intercept, the temperature's terms, the drivers'. */
  readonly coefficients: Float64Array
  readonly inverse: Float64Array
  /** Residual variance, kWh². */
  readonly variance: number
  readonly freedom: number
  /** Lag-one autocorrelation of the residuals. */
  readonly autocorrelation: number
  readonly mean: number
  /** Lowest and highest of temperature (when there is one) and drivers in the baseline period. */
  readonly ranges: readonly (readonly [number, number])[]
}

export interface BaselineTerm {
  readonly name: string
  readonly coefficient: number
  readonly standardError: number
  readonly t: number
  readonly p: number
}

export interface BaselineReport extends Omit<FitStatistics, 'standardErrors' | 't' | 'p'> {
  readonly rows: number
  /** Rows without energy or without a driver. */
  readonly rowsLeftOut: number
  readonly driversLeftOut: readonly { readonly name: string; readonly reason: string }[]
  readonly shape: Shape
  readonly points: readonly number[]
  readonly terms: readonly BaselineTerm[]
  readonly autocorrelation: number
  /** What speaks against using it, in sentences; empty when nothing does. */
  readonly doubts: readonly string[]
}

/** ASHRAE Guideline 14-2014, 4.2.11: hourly 30 %, monthly 15 % of the mean are the limits of a calibrated model; between them lies a day. */
const CV_LIMIT = 0.3
/** IPMVP's (EVO) rule of thumb for how much a baseline must explain. */
const R2_LIMIT = 0.75

/**
 * A baseline by regression: ISO 50006 (relevant variables by significance), IPMVP option C, with change points in the outdoor temperature. Periods are
 * the rows: hours, days, weeks or months.
 *
 * @throws MW-ENERGY-0003 for a column that is not there, -0004 for too few rows
 */
export function trainBaseline(
  frame: Frame,
  given: Omit<BaselineSettings, 'significance'> & Partial<BaselineSettings>,
): { readonly model: BaselineModel; readonly report: BaselineReport } {
  const settings: BaselineSettings = { ...baselineDefaults, ...given }
  const energyAll = columnOf(frame, settings.energy)
  const temperatureAll = settings.temperature === undefined ? undefined : columnOf(frame, settings.temperature)
  const left: { name: string; reason: string }[] = []
  const candidates = settings.drivers
    .filter((name) => name !== settings.temperature)
    .map((name) => ({ name, all: columnOf(frame, name) }))
    .filter(({ name, all }) => usable(name, all, left))
  const weather =
    temperatureAll !== undefined && usable(settings.temperature!, temperatureAll, left) ? temperatureAll : undefined
  const needed = [energyAll, ...(weather === undefined ? [] : [weather]), ...candidates.map(({ all }) => all)]
  const rows = [...energyAll.keys()].filter((i) => needed.every((column) => Number.isFinite(column[i]!)))
  const least = 3 * (candidates.length + (weather === undefined ? 1 : 3)) + 3
  if (rows.length < least)
    throw energyErrors.tooFew({
      rows: rows.length,
      terms: candidates.length + (weather === undefined ? 1 : 3),
      needed: least,
    })
  const take = (column: Float64Array) => Float64Array.from(rows, (i) => column[i]!)
  const y = take(energyAll)
  const temperature = weather === undefined ? undefined : take(weather)
  let drivers = withoutRepeats(
    candidates.map(({ name, all }) => ({ name, column: take(all) })),
    left,
  )

  for (;;) {
    const others = drivers.map(({ column }) => column)
    const shaped =
      temperature === undefined
        ? { shape: 'none' as Shape, points: [], fit: leastSquares(others, y)! }
        : bestShape(temperature, others, y)!
    const { shape, points, fit } = shaped
    const statistics = statisticsOf(fit, y, points.length)
    const before = fit.coefficients.length - drivers.length
    const worst = drivers.reduce(
      (worst, _, j) => (statistics.p[before + j]! > statistics.p[before + worst]! ? j : worst),
      0,
    )
    if (drivers.length > 0 && statistics.p[before + worst]! > settings.significance) {
      const { name } = drivers[worst]!
      left.push({ name, reason: `its effect could be chance (p = ${statistics.p[before + worst]!.toFixed(2)})` })
      drivers = drivers.filter((_, j) => j !== worst)
      continue
    }
    const autocorrelation = lagOne(fit.residuals)
    const weatherNames = shapeColumns(shape, points, new Float64Array(0)).map((_, j) => weatherTerm(shape, points, j))
    const names = ['constant', ...weatherNames, ...drivers.map(({ name }) => name)]
    const { standardErrors, t, p, ...rest } = statistics
    return {
      model: {
        kind: 'energy-baseline',
        energy: settings.energy,
        ...(temperature === undefined ? {} : { temperature: settings.temperature! }),
        shape,
        points,
        drivers: drivers.map(({ name }) => name),
        coefficients: fit.coefficients,
        inverse: fit.inverse,
        variance: statistics.rmse ** 2,
        freedom: Math.max(1, fit.freedom - points.length),
        autocorrelation,
        mean: meanOf(y),
        ranges: [
          ...(temperature === undefined ? [] : [rangeOf(temperature)]),
          ...drivers.map(({ column }) => rangeOf(column)),
        ],
      },
      report: {
        ...rest,
        rows: rows.length,
        rowsLeftOut: energyAll.length - rows.length,
        driversLeftOut: left,
        shape,
        points,
        terms: names.map((name, j) => ({
          name,
          coefficient: fit.coefficients[j]!,
          standardError: standardErrors[j]!,
          t: t[j]!,
          p: p[j]!,
        })),
        autocorrelation,
        doubts: doubtsOf(rest, names.length),
      },
    }
  }
}

export function columnOf(frame: Frame, name: string): Float64Array {
  const at = frame.names.indexOf(name)
  if (at < 0)
    throw energyErrors.input({ name, reason: `there is no such column; there are: ${frame.names.join(', ')}` })
  return frame.columns[at]!
}

const MOST_MISSING = 0.5

function usable(name: string, column: Float64Array, left: { name: string; reason: string }[]): boolean {
  const known = column.filter(Number.isFinite)
  const reason =
    known.length < (1 - MOST_MISSING) * column.length
      ? `${column.length - known.length} of ${column.length} values are missing`
      : known.every((value) => value === known[0])
        ? `it is ${known[0]} all the time`
        : undefined
  if (reason !== undefined) left.push({ name, reason })
  return reason === undefined
}

/** A driver that others already say (a count in pieces and the same in pallets) would make every effect uncertain. */
function withoutRepeats(
  drivers: readonly { name: string; column: Float64Array }[],
  left: { name: string; reason: string }[],
) {
  const kept: { name: string; column: Float64Array }[] = []
  for (const driver of drivers) {
    const fit = leastSquares(
      kept.map(({ column }) => column),
      driver.column,
    )
    const total = driver.column.reduce((sum, value) => sum + (value - meanOf(driver.column)) ** 2, 0)
    if (kept.length > 0 && (fit === undefined || fit.squares < 1e-3 * total))
      left.push({ name: driver.name, reason: `it says the same as ${kept.map(({ name }) => name).join(', ')}` })
    else kept.push(driver)
  }
  return kept
}

const rangeOf = (column: Float64Array): readonly [number, number] => [
  column.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
  column.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
]

function weatherTerm(shape: Shape, points: readonly number[], j: number): string {
  if (shape === 'linear') return 'temperature'
  const cold = shape === '3P heating' || (shape !== '3P cooling' && j === 0)
  const point = shape === '5P' ? points[j]! : points[0]!
  return `degrees ${cold ? 'below' : 'above'} ${point.toFixed(1)}`
}

function doubtsOf({ cvRmse, r2, fP }: Pick<FitStatistics, 'cvRmse' | 'r2' | 'fP'>, terms: number): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  return [
    ...(terms > 1 && fP > 0.05 ? ['The drivers together explain no more than chance would.'] : []),
    ...(terms > 1 && r2 < R2_LIMIT
      ? [`It explains ${percent(r2)} of the variation; ${percent(R2_LIMIT)} is the usual minimum.`]
      : []),
    ...(terms === 1 ? ['No driver explains the energy: the baseline is its plain mean.'] : []),
    ...(cvRmse > CV_LIMIT
      ? [`A single period is off by ${percent(cvRmse)} of the mean; ${percent(CV_LIMIT)} is the limit.`]
      : []),
  ]
}
