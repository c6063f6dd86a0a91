import { type Random, seeded } from '../../learning/random.ts'
import { f64s, i32s, record, type Shaped } from '../../model-file/shape.ts'
import { robustLevel } from './statistics.ts'

/**
 * Operating modes: centres of clusters of the operating signals, scaled. `count` holds one number; `columns` are the places of the
 * operating signals among the signals; `centres` is modes x columns.
 */
export const modesShape = record({ count: i32s, columns: i32s, middle: f64s, spread: f64s, centres: f64s })
export type Modes = Shaped<typeof modesShape>

/** What Kaufman & Rousseeuw (Finding Groups in Data, 1990, table 4) call a strong structure: a single cluster cut in two reaches 0.6. */
const LEAST_SILHOUETTE = 0.7
/** A mode is somewhere a machine comes back to: with fewer visits it is a step or a drift. */
const LEAST_VISITS = 3
const LEAST_ROWS = 50
/** Rows that clusters are looked for in. */
const MOST_ROWS = 2000
/** Rows whose silhouette is computed: its cost grows with their square. */
const SILHOUETTE_ROWS = 400
const ROUNDS = 50

export const oneMode: Modes = {
  count: Int32Array.of(1),
  columns: new Int32Array(0),
  middle: new Float64Array(0),
  spread: new Float64Array(0),
  centres: new Float64Array(0),
}

/**
 * Clusters of the operating signals: k-means (Lloyd 1982, begun as k-means++, Arthur & Vassilvitskii 2007), as many as give the highest mean
 * silhouette (Rousseeuw, J. Comp. Appl. Math. 20 (1987) 53). One mode when there are no operating signals or no clear clusters.
 */
export function fitModes(
  columns: readonly Float64Array[],
  operating: readonly number[],
  most: number,
  seed: number,
): Modes {
  if (operating.length === 0 || most < 2) return oneMode
  const levels = operating.map((column) => spreadOf(columns[column]!))
  const width = operating.length
  const rows: number[] = []
  for (let row = 0; row < columns[0]!.length; row++)
    if (operating.every((column) => !Number.isNaN(columns[column]![row]!))) rows.push(row)
  const every = Math.ceil(rows.length / MOST_ROWS)
  const kept = rows.filter((_, at) => at % every === 0)
  const points = new Float64Array(kept.length * width)
  kept.forEach((row, at) => {
    for (let c = 0; c < width; c++)
      points[at * width + c] = (columns[operating[c]!]![row]! - levels[c]!.centre) / levels[c]!.scale
  })
  let best: { centres: Float64Array; silhouette: number } | undefined
  for (let count = 2; count <= most; count++) {
    const random = seeded(seed + count)
    const { centres, assigned } = kMeans(points, width, count, random)
    if (!revisited(assigned, count, every)) continue
    const silhouette = meanSilhouette(points, width, assigned, count)
    if (silhouette >= LEAST_SILHOUETTE && silhouette > (best?.silhouette ?? 0)) best = { centres, silhouette }
  }
  if (best === undefined) return oneMode
  return {
    count: Int32Array.of(best.centres.length / width),
    columns: Int32Array.from(operating),
    middle: Float64Array.from(levels, ({ centre }) => centre),
    spread: Float64Array.from(levels, ({ scale }) => scale),
    centres: best.centres,
  }
}

/** Modes lie apart: the scale is that of the whole span, not of the mode most rows are in. */
function spreadOf(column: Float64Array): { centre: number; scale: number } {
  const { centre, scale } = robustLevel(column)
  return { centre, scale: scale || 1 }
}

function kMeans(points: Float64Array, width: number, count: number, random: Random) {
  const rows = points.length / width
  const centres = begun(points, width, count, random)
  const assigned = new Int32Array(rows)
  for (let round = 0; round < ROUNDS; round++) {
    let changed = 0
    for (let row = 0; row < rows; row++) {
      const nearest = nearestOf(points, row * width, centres, width).index
      if (nearest !== assigned[row]) changed++
      assigned[row] = nearest
    }
    const sizes = new Float64Array(count)
    const sums = new Float64Array(count * width)
    for (let row = 0; row < rows; row++) {
      sizes[assigned[row]!]!++
      for (let c = 0; c < width; c++) sums[assigned[row]! * width + c]! += points[row * width + c]!
    }
    for (let i = 0; i < centres.length; i++) {
      const size = sizes[Math.floor(i / width)]!
      if (size > 0) centres[i] = sums[i]! / size
    }
    if (changed === 0 && round > 0) break
  }
  return { centres, assigned }
}

/** k-means++: each next centre is drawn with the squared distance from those there are. */
function begun(points: Float64Array, width: number, count: number, random: Random): Float64Array {
  const rows = points.length / width
  const centres = new Float64Array(count * width)
  const take = (row: number, index: number) =>
    centres.set(points.subarray(row * width, (row + 1) * width), index * width)
  take(Math.floor(random() * rows), 0)
  for (let index = 1; index < count; index++) {
    const there = centres.subarray(0, index * width)
    const far = Float64Array.from({ length: rows }, (_, row) => nearestOf(points, row * width, there, width).distance)
    let left = random() * far.reduce((sum, distance) => sum + distance, 0)
    let row = 0
    while (row < rows - 1 && left > far[row]!) left -= far[row++]!
    take(row, index)
  }
  return centres
}

function nearestOf(
  points: Float64Array,
  at: number,
  centres: Float64Array,
  width: number,
): { index: number; distance: number } {
  let index = 0
  let distance = Number.POSITIVE_INFINITY
  for (let k = 0; k * width < centres.length; k++) {
    let square = 0
    for (let c = 0; c < width; c++) square += (points[at + c]! - centres[k * width + c]!) ** 2
    if (square < distance) {
      distance = square
      index = k
    }
  }
  return { index, distance }
}

/** Whether each cluster is large enough, and was entered often enough. */
function revisited(assigned: Int32Array, count: number, every: number): boolean {
  const sizes = new Int32Array(count)
  const visits = new Int32Array(count)
  assigned.forEach((mode, row) => {
    sizes[mode]! += every
    if (row === 0 || assigned[row - 1] !== mode) visits[mode]!++
  })
  return sizes.every((size) => size >= LEAST_ROWS) && visits.every((visit) => visit >= LEAST_VISITS)
}

function meanSilhouette(points: Float64Array, width: number, assigned: Int32Array, count: number): number {
  const every = Math.ceil(assigned.length / SILHOUETTE_ROWS)
  const rows = Array.from(assigned.keys()).filter((row) => row % every === 0)
  let sum = 0
  for (const row of rows) {
    const distances = new Float64Array(count)
    const sizes = new Int32Array(count)
    for (const other of rows) {
      if (other === row) continue
      let square = 0
      for (let c = 0; c < width; c++) square += (points[row * width + c]! - points[other * width + c]!) ** 2
      distances[assigned[other]!]! += Math.sqrt(square)
      sizes[assigned[other]!]!++
    }
    const own = assigned[row]!
    if (sizes[own] === 0) continue
    const within = distances[own]! / sizes[own]!
    let nearest = Number.POSITIVE_INFINITY
    for (let k = 0; k < count; k++)
      if (k !== own && sizes[k]! > 0) nearest = Math.min(nearest, distances[k]! / sizes[k]!)
    if (Number.isFinite(nearest)) sum += (nearest - within) / Math.max(nearest, within, 1e-300)
  }
  return sum / rows.length
}

/** The nearest mode of a row; missing operating signals do not count. */
export function modeOf({ count, columns, middle, spread, centres }: Modes, row: Float64Array): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  const width = columns.length
  for (let mode = 0; mode < count[0]!; mode++) {
    let distance = 0
    for (let c = 0; c < width; c++) {
      const value = (row[columns[c]!]! - middle[c]!) / spread[c]!
      if (!Number.isNaN(value)) distance += (value - centres[mode * width + c]!) ** 2
    }
    if (distance < least) {
      least = distance
      best = mode
    }
  }
  return best
}

/** Whether the parts of modes read from a file go together, for this many signals. */
export function soundModes({ count, columns, middle, spread, centres }: Modes, signals: number): boolean {
  const modes = count[0] ?? 0
  const width = columns.length
  const sizes =
    count.length === 1 && middle.length === width && spread.length === width && centres.length === modes * width
  return sizes && modes >= 1 && modes <= 20 && columns.every((column) => column >= 0 && column < signals)
}
