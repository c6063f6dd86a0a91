/** Charts of counted things (Montgomery chapter 7; ISO 7870-2 clause 7). */
import { qualityErrors } from '../errors.ts'
import { type ControlChart, chartOf, type Stretch } from './chart.ts'
import { within } from './variables.ts'

/** Fraction of defective parts in samples whose sizes may differ. @throws MW-QUALITY-0001 to -0003 */
export function pChart(
  defectives: Float64Array,
  sizes: Float64Array,
  phaseOne?: Stretch,
  known?: number,
): ControlChart {
  checkCounts('defective parts', defectives, sizes, true)
  const p = known ?? rate('The fraction of defectives', defectives, sizes, phaseOne)
  return chartOf({
    statistic: 'fraction defective',
    points: defectives.map((count, at) => count / sizes[at]!),
    centre: () => p,
    sigma: (at) => Math.sqrt((p * (1 - p)) / sizes[at]!),
    least: 0,
    most: 1,
  })
}

/** Number of defective parts in samples of one size. @throws MW-QUALITY-0001 to -0003 */
export function npChart(defectives: Float64Array, size: number, phaseOne?: Stretch, known?: number): ControlChart {
  const sizes = new Float64Array(defectives.length).fill(size)
  checkCounts('defective parts', defectives, sizes, true)
  const p = known ?? rate('The fraction of defectives', defectives, sizes, phaseOne)
  return chartOf({
    statistic: 'defectives',
    points: defectives,
    centre: () => size * p,
    sigma: () => Math.sqrt(size * p * (1 - p)),
    least: 0,
    most: size,
  })
}

/** Defects in one unit of inspection. @throws MW-QUALITY-0001 to -0003 */
export function cChart(defects: Float64Array, phaseOne?: Stretch, known?: number): ControlChart {
  const ones = new Float64Array(defects.length).fill(1)
  checkCounts('defects', defects, ones, false)
  const c = known ?? rate('The number of defects', defects, ones, phaseOne)
  return chartOf({
    statistic: 'defects',
    points: defects,
    centre: () => c,
    sigma: () => Math.sqrt(c),
    least: 0,
  })
}

/** Defects per unit, of samples whose sizes may differ. @throws MW-QUALITY-0001 to -0003 */
export function uChart(defects: Float64Array, sizes: Float64Array, phaseOne?: Stretch, known?: number): ControlChart {
  checkCounts('defects', defects, sizes, false)
  const u = known ?? rate('The number of defects', defects, sizes, phaseOne)
  return chartOf({
    statistic: 'defects per unit',
    points: defects.map((count, at) => count / sizes[at]!),
    centre: () => u,
    sigma: (at) => Math.sqrt(u / sizes[at]!),
    least: 0,
  })
}

function rate(what: string, counts: Float64Array, sizes: Float64Array, phaseOne: Stretch | undefined): number {
  const { from, to } = within(phaseOne, counts.length)
  let [sum, size] = [0, 0]
  for (let at = from; at < to; at++) {
    sum += counts[at]!
    size += sizes[at]!
  }
  if (sum === 0) throw qualityErrors.noSpread({ what, value: 0 })
  return sum / size
}

function checkCounts(what: string, counts: Float64Array, sizes: Float64Array, bounded: boolean): void {
  if (counts.length !== sizes.length)
    throw qualityErrors.shape({
      reason: `there are ${counts.length} counts of ${what} and ${sizes.length} sample sizes`,
    })
  const odd = counts.findIndex(
    (count, at) => !(count >= 0 && sizes[at]! > 0 && Number.isFinite(count)) || (bounded && count > sizes[at]!),
  )
  if (odd >= 0)
    throw qualityErrors.shape({ reason: `sample ${odd + 1} has ${counts[odd]} ${what} of ${sizes[odd]} inspected` })
}
