import { type Random, sampled } from '../random.ts'

/**
 * Inputs as bin numbers: trees look for their splits between at most 255 bins of about equally many rows (as LightGBM, Ke 2017).
 * Bin `b` of an input holds the values <= edges[b] that are in no bin before it; the last has no edge; missing is the bin after that.
 */
export interface Binned {
  readonly rows: number
  /** For each input, a bin for each row. */
  readonly bins: readonly Uint8Array[]
  readonly edges: readonly Float64Array[]
  /** Whether an input has missing values, and so a bin for them. */
  readonly missing: readonly boolean[]
}

/** More rows would not move the edges by anything that shows, and sorting is what binning costs. */
const EDGE_ROWS = 50_000

export function binned(columns: readonly Float64Array[], most: number, random: Random): Binned {
  const rows = columns[0]?.length ?? 0
  const sample = rows > EDGE_ROWS ? sampled(rows, EDGE_ROWS, random) : undefined
  const edges = columns.map((column) => edgesOf(column, most, sample))
  const missing = columns.map(holdsMissing)
  return { rows, bins: columns.map((column, at) => toBins(column, edges[at]!)), edges, missing }
}

/** Empty when there are fewer than two different values. */
export function edgesOf(column: Float64Array, most: number, sample?: Int32Array): Float64Array {
  const sorted = finite(column, sample).sort()
  const distinct: number[] = []
  for (let at = 0; at < sorted.length && distinct.length <= most; at++)
    if (at === 0 || sorted[at] !== sorted[at - 1]) distinct.push(sorted[at]!)
  const edges = distinct.length <= most ? between(distinct) : quantiles(sorted, most)
  return Float64Array.from(edges)
}

function holdsMissing(column: Float64Array): boolean {
  for (let row = 0; row < column.length; row++) if (Number.isNaN(column[row]!)) return true
  return false
}

function finite(column: Float64Array, sample?: Int32Array): Float64Array {
  const count = sample?.length ?? column.length
  const values = new Float64Array(count)
  let kept = 0
  for (let at = 0; at < count; at++) {
    const value = column[sample === undefined ? at : sample[at]!]!
    if (Number.isFinite(value)) values[kept++] = value
  }
  return values.subarray(0, kept)
}

const between = (distinct: readonly number[]): number[] =>
  distinct.slice(1).map((value, at) => middle(distinct[at]!, value))

/** Cuts at p = (1 - cos πu) / 2 instead of u: faults live in the tails, where even shares of rows would leave one coarse bin. */
function quantiles(sorted: Float64Array, most: number): number[] {
  const edges: number[] = []
  for (let cut = 1; cut < most; cut++) {
    const share = (1 - Math.cos((Math.PI * cut) / most)) / 2
    const at = Math.min(sorted.length - 1, Math.max(1, Math.round(share * sorted.length)))
    const edge = middle(sorted[at - 1]!, sorted[at]!)
    if (edge < sorted[sorted.length - 1]! && (edges.length === 0 || edge > edges[edges.length - 1]!)) edges.push(edge)
  }
  return edges
}

/** Halves first, so that two huge values do not overflow; never the upper value itself, which must stay above the edge. */
function middle(low: number, high: number): number {
  const half = low / 2 + high / 2
  return half < high ? half : low
}

/** The bin of each value: a grid of equal cells over the edges bounds each search, so that most need one or two comparisons. */
export function toBins(column: Float64Array, edges: Float64Array): Uint8Array {
  const bins = new Uint8Array(column.length)
  const count = edges.length
  const missing = count + 1
  const low = edges[0] ?? 0
  const wide = (4 * count) / ((edges[count - 1] ?? 0) - low)
  const usable = wide > 0 && Number.isFinite(wide)
  const perCell = usable ? wide : 0
  const cells = usable ? 4 * count : 0
  // first[c]: how many edges lie before cell c - 1. The cell more on each side takes up what rounding may shift.
  const first = new Int32Array(cells + 4)
  for (let cell = 0, bin = 0; cell < first.length; cell++) {
    while (bin < count && (edges[bin]! - low) * perCell < cell - 1) bin++
    first[cell] = bin
  }
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (Number.isNaN(value)) {
      bins[row] = missing
      continue
    }
    const place = (value - low) * perCell
    const cell = place > 0 ? (place < cells ? Math.floor(place) : cells) : 0
    let from = first[cell]!
    let to = cell >= cells ? count : first[cell + 3]!
    while (from < to) {
      const half = (from + to) >>> 1
      if (value <= edges[half]!) to = half
      else from = half + 1
    }
    bins[row] = from
  }
  return bins
}
