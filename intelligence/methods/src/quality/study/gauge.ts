/** Gauge repeatability and reproducibility by analysis of variance (AIAG, Measurement Systems Analysis, 4th ed., chapter III B). */
import { fisherAbove } from '../../distributions/beta.ts'
import { qualityErrors } from '../errors.ts'

export interface Measurement {
  readonly part: string
  readonly appraiser: string
  readonly value: number
}

export interface VarianceRow {
  readonly source: 'appraisers' | 'parts' | 'appraisers by parts' | 'repeatability' | 'total'
  readonly freedom: number
  readonly squares: number
  /** F against the term beneath it, and how probable it is by chance. */
  readonly f?: number
  readonly p?: number
}

export interface GaugeComponent {
  readonly name: 'repeatability' | 'reproducibility' | 'gauge' | 'parts' | 'total'
  /** Standard deviation. */
  readonly sigma: number
  /** Share of the total standard deviation ("% study variation"), and of the total variance ("% contribution"). */
  readonly study: number
  readonly contribution: number
  /** Six standard deviations by the tolerance; with a tolerance only. */
  readonly tolerance?: number
}

export interface GaugeStudy {
  readonly parts: number
  readonly appraisers: number
  readonly trials: number
  readonly table: readonly VarianceRow[]
  /** Appraisers measure some parts differently than others: kept as a term of its own (p < 0.25). */
  readonly interaction: boolean
  readonly components: readonly GaugeComponent[]
  /** Number of distinct categories that the gauge tells apart; 5 and more are wanted. */
  readonly categories: number
  /** By % study variation: below 10 % good, up to 30 % for some uses. */
  readonly verdict: 'good' | 'marginal' | 'unfit'
}

/** Above this probability, the AIAG manual pools the interaction with repeatability. */
const POOLED = 0.25

/**
 * Every appraiser measures every part the same number of times, at least twice.
 * @param tolerance width between the specification limits
 * @throws MW-QUALITY-0001, -0002, -0003, -0005
 */
export function gaugeStudy(measurements: readonly Measurement[], tolerance?: number): GaugeStudy {
  const cells = cellsOf(measurements)
  const { parts, appraisers, trials, values } = cells
  const [p, a, r] = [parts.length, appraisers.length, trials]
  const mean = values.flat(2).reduce((sum, value) => sum + value, 0) / (p * a * r)
  const cellMeans = values.map((row) => row.map(average))
  const ofParts = cellMeans.map(average)
  const ofAppraisers = appraisers.map((_, at) => average(cellMeans.map((row) => row[at]!)))
  const square = (sum: number, value: number) => sum + (value - mean) ** 2
  const total = values.flat(2).reduce(square, 0)
  const partSquares = a * r * ofParts.reduce(square, 0)
  const appraiserSquares = p * r * ofAppraisers.reduce(square, 0)
  const cellSquares = r * cellMeans.flat().reduce(square, 0)
  const between = cellSquares - partSquares - appraiserSquares
  const errors = total - cellSquares
  if (!(total > 0)) throw qualityErrors.noSpread({ what: 'The measurement', value: mean })
  const [dp, da, di, de] = [p - 1, a - 1, (p - 1) * (a - 1), p * a * (r - 1)]
  const chance = di === 0 ? 1 : fisherAbove(ratioOf(between / di, errors / de), di, de)
  const interaction = chance < POOLED
  const repeat = interaction ? errors / de : (errors + between) / (de + di)
  const beneath = interaction ? between / di : repeat
  const beneathFreedom = interaction ? di : de + di
  const table: VarianceRow[] = [
    row('appraisers', da, appraiserSquares, beneath, beneathFreedom),
    row('parts', dp, partSquares, beneath, beneathFreedom),
    row('appraisers by parts', di, between, errors / de, de),
    { source: 'repeatability', freedom: de, squares: errors },
    { source: 'total', freedom: p * a * r - 1, squares: total },
  ]
  const least0 = (variance: number) => Math.max(0, variance)
  const byAppraiser = da === 0 ? 0 : least0((appraiserSquares / da - beneath) / (p * r))
  const byBoth = interaction ? least0((beneath - repeat) / r) : 0
  const part = least0((partSquares / dp - beneath) / (a * r))
  const reproducibility = byAppraiser + byBoth
  const gauge = repeat + reproducibility
  const all = gauge + part
  const component = (name: GaugeComponent['name'], variance: number): GaugeComponent => ({
    name,
    sigma: Math.sqrt(variance),
    study: Math.sqrt(variance / all),
    contribution: variance / all,
    ...(tolerance === undefined ? {} : { tolerance: (6 * Math.sqrt(variance)) / tolerance }),
  })
  const share = Math.sqrt(gauge / all)
  return {
    parts: p,
    appraisers: a,
    trials: r,
    table,
    interaction,
    components: [
      component('repeatability', repeat),
      component('reproducibility', reproducibility),
      component('gauge', gauge),
      component('parts', part),
      component('total', all),
    ],
    // Without any error of the gauge there is no end to the categories.
    categories: gauge === 0 ? 1000 : Math.max(1, Math.min(1000, Math.floor(Math.SQRT2 * Math.sqrt(part / gauge)))),
    verdict: share < 0.1 ? 'good' : share <= 0.3 ? 'marginal' : 'unfit',
  }
}

function row(
  source: VarianceRow['source'],
  freedom: number,
  squares: number,
  beneath: number,
  below: number,
): VarianceRow {
  if (freedom === 0) return { source, freedom, squares }
  const f = ratioOf(squares / freedom, beneath)
  return { source, freedom, squares, f, p: fisherAbove(f, freedom, below) }
}

/** A gauge without any error makes an F without end, which no JSON holds. */
const ratioOf = (above: number, below: number): number => (above === 0 ? 0 : Math.min(1e12, above / below))

function cellsOf(measurements: readonly Measurement[]) {
  const parts = [...new Set(measurements.map(({ part }) => part))]
  const appraisers = [...new Set(measurements.map(({ appraiser }) => appraiser))]
  const values = parts.map(() => appraisers.map((): number[] => []))
  for (const { part, appraiser, value } of measurements) {
    if (!Number.isFinite(value)) throw qualityErrors.shape({ reason: `a measurement of part ${part} is no number` })
    values[parts.indexOf(part)]![appraisers.indexOf(appraiser)]!.push(value)
  }
  if (parts.length < 2) throw qualityErrors.tooFew({ count: parts.length, what: 'parts', least: 2 })
  const trials = values[0]![0]!.length
  for (const [at, ofPart] of values.entries())
    for (const [who, cell] of ofPart.entries())
      if (cell.length !== trials)
        throw qualityErrors.unbalanced({
          part: parts[at]!,
          appraiser: appraisers[who]!,
          count: cell.length,
          expected: trials,
        })
  if (trials < 2) throw qualityErrors.tooFew({ count: trials, what: 'trials of each part', least: 2 })
  return { parts, appraisers, trials, values }
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
