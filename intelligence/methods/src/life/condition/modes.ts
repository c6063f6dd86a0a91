import { type Random, seeded } from '../../learning/random.ts'

/** Operating modes: centres in the space of the condition signals, each divided by its scale. */
export interface Modes {
  readonly count: number
  /** For each condition signal what it is divided by; 0 leaves it out, as it never changes. */
  readonly scale: Float64Array
  /** count × signals, row-major, scaled. */
  readonly centres: Float64Array
  /** The largest distance, scaled, from its mode of any row that they were found from. */
  readonly reach: number
}

const MOST_MODES = 12
/** Mean silhouette from which clusters count as modes; a single cloud cut in two has about 0.4, modes of a machine above 0.9. */
const APART = 0.75
const ROWS = 4000
const RESTARTS = 4
const ROUNDS = 30

/**
 * How many modes a machine is run in, and where they lie: k-means++ (Arthur and Vassilvitskii 2007) for each number of clusters, kept when the
 * simplified silhouette (Hruschka 2004) says that they lie well apart; otherwise one mode.
 *
 * @param columns the condition signals (load, speed, altitude, …), any number of rows; rows with a missing one are left out
 */
export function findModes(columns: readonly Float64Array[], seed: number): Modes {
  const rows = columns[0]?.length ?? 0
  const scale = Float64Array.from(columns, spread)
  const used = [...scale.keys()].filter((at) => scale[at]! > 0)
  const whole: number[] = []
  for (let row = 0; row < rows; row++) if (used.every((at) => Number.isFinite(columns[at]![row]!))) whole.push(row)
  const stride = Math.max(1, Math.ceil(whole.length / ROWS))
  const points = whole
    .filter((_, at) => at % stride === 0)
    .map((row) => Float64Array.from(columns, (column, at) => (scale[at]! > 0 ? column[row]! / scale[at]! : 0)))
  let best = { centres: [meanOf(points, columns.length)], apart: APART }
  const random = seeded(seed)
  const distinct = used.length === 0 ? 1 : MOST_MODES
  for (let count = 2; count <= Math.min(distinct, Math.floor(points.length / 10)); count++) {
    const centres = clustered(points, count, random)
    const apart = silhouette(points, centres)
    if (apart > best.apart + 1e-3) best = { centres, apart }
  }
  const reach = points.reduce((most, point) => Math.max(most, nearest(point, best.centres).distance), 0)
  const flat = new Float64Array(best.centres.length * columns.length)
  best.centres.forEach((centre, at) => {
    flat.set(centre, at * columns.length)
  })
  return { count: best.centres.length, scale, centres: flat, reach: Math.sqrt(reach) }
}

/** The mode of a row, or -1 when a condition signal is missing. Modes of a single cloud ask for nothing. */
export function modeOf(modes: Modes, values: ArrayLike<number>): { readonly mode: number; readonly distance: number } {
  const signals = modes.scale.length
  let mode = -1
  let least = Number.POSITIVE_INFINITY
  for (let at = 0; at < modes.count; at++) {
    let sum = 0
    for (let signal = 0; signal < signals; signal++) {
      const scale = modes.scale[signal]!
      if (scale > 0) sum += (values[signal]! / scale - modes.centres[at * signals + signal]!) ** 2
    }
    if (sum < least) {
      least = sum
      mode = at
    }
  }
  return { mode: mode < 0 && modes.count === 1 ? 0 : mode, distance: Math.sqrt(least) }
}

function spread(column: Float64Array): number {
  let count = 0
  let mean = 0
  let sum = 0
  let largest = 0
  for (const value of column) {
    if (!Number.isFinite(value)) continue
    count++
    const off = value - mean
    mean += off / count
    sum += off * (value - mean)
    largest = Math.max(largest, Math.abs(value))
  }
  const deviation = Math.sqrt(sum / Math.max(1, count))
  return deviation > 1e-9 * largest ? deviation : 0
}

function clustered(points: readonly Float64Array[], count: number, random: Random): Float64Array[] {
  let best: { centres: Float64Array[]; cost: number } | undefined
  for (let restart = 0; restart < RESTARTS; restart++) {
    let centres = seeds(points, count, random)
    let cost = Number.POSITIVE_INFINITY
    for (let round = 0; round < ROUNDS; round++) {
      const groups: Float64Array[][] = centres.map(() => [])
      let sum = 0
      for (const point of points) {
        const { at, distance } = nearest(point, centres)
        groups[at]!.push(point)
        sum += distance
      }
      if (sum >= cost * (1 - 1e-9)) break
      cost = sum
      centres = groups.map((group, at) => (group.length > 0 ? meanOf(group, group[0]!.length) : centres[at]!))
    }
    if (best === undefined || cost < best.cost) best = { centres, cost }
  }
  return best!.centres
}

function seeds(points: readonly Float64Array[], count: number, random: Random): Float64Array[] {
  const centres = [points[Math.floor(random() * points.length)]!]
  while (centres.length < count) {
    const weights = points.map((point) => nearest(point, centres).distance)
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
    const at = weights.findIndex((weight) => {
      left -= weight
      return left <= 0
    })
    centres.push(points[Math.max(0, at)]!)
  }
  return centres
}

/** Mean of 1 - a/b: distance to the own centre over distance to the next one. */
function silhouette(points: readonly Float64Array[], centres: readonly Float64Array[]): number {
  let sum = 0
  for (const point of points) {
    const { distance, next } = nearest(point, centres)
    sum += next > 0 ? 1 - Math.sqrt(distance / next) : 0
  }
  return sum / points.length
}

function nearest(point: Float64Array, centres: readonly Float64Array[]) {
  let at = 0
  let distance = Number.POSITIVE_INFINITY
  let next = Number.POSITIVE_INFINITY
  centres.forEach((centre, index) => {
    let sum = 0
    for (let axis = 0; axis < point.length; axis++) sum += (point[axis]! - centre[axis]!) ** 2
    if (sum < distance) {
      next = distance
      distance = sum
      at = index
    } else if (sum < next) next = sum
  })
  return { at, distance, next }
}

function meanOf(points: readonly Float64Array[], axes: number): Float64Array {
  const mean = new Float64Array(axes)
  for (const point of points) for (let axis = 0; axis < axes; axis++) mean[axis]! += point[axis]! / points.length
  return mean
}
