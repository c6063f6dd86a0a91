import { f64s, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'

/** Rows kept as memory. */
const MEMORY = 200

const shape = record({ memory: f64s, bandwidth: f64s })

/**
 * Auto-associative kernel regression, the kernel form of the multivariate state estimation technique (Singer, Gross et al., MSET, Argonne
 * 1997; Baraldi et al., Ann. Nucl. Energy 80 (2015) 163): the row expected is the mean of remembered normal rows, weighted by how near they
 * are; the raw score is the distance from it.
 */
export const kernelRegression: Detector = {
  source: 'Singer, Gross et al. 1997; Baraldi et al. 2015',
  least: (width) => Math.max(60, 4 * width),
  fit(rows) {
    const memory = chosenRows(rows)
    return { memory, bandwidth: Float64Array.of(bandwidthOf(rows, memory)) }
  },
  scorer(data, width): RowScorer {
    const { memory, bandwidth } = shape(data, 'kernel-regression')
    const fit = memory.length > 0 && memory.length % width === 0 && bandwidth.length === 1 && bandwidth[0]! > 0
    fits(fit, 'kernel-regression', `for ${width} signals`)
    const estimate = new Estimate(memory, width)
    return {
      score(values, at, parts) {
        const expected = estimate.of(values, at, bandwidth[0]!)
        let square = 0
        for (let j = 0; j < width; j++) {
          parts[j] = (values[at + j]! - expected[j]!) ** 2
          square += parts[j]!
        }
        return square
      },
      reset() {},
    }
  },
}

/** MSET's min-max choice (each signal's extremes), then vector ordering: every so many-th row by its norm. */
function chosenRows({ count, width, values }: Rows): Float64Array {
  const chosen = new Set<number>()
  for (let j = 0; j < width && chosen.size < MEMORY / 2; j++) {
    let [low, high] = [0, 0]
    for (let row = 1; row < count; row++) {
      if (values[row * width + j]! < values[low * width + j]!) low = row
      if (values[row * width + j]! > values[high * width + j]!) high = row
    }
    chosen.add(low).add(high)
  }
  const norms = new Float64Array(count)
  for (let i = 0; i < count * width; i++) norms[Math.floor(i / width)]! += values[i]! ** 2
  const order = Int32Array.from({ length: count }, (_, row) => row).sort((a, b) => norms[a]! - norms[b]!)
  const left = Math.min(count, MEMORY) - chosen.size
  for (let k = 0; k < left; k++) chosen.add(order[Math.floor(((k + 0.5) * count) / left)]!)
  const memory = new Float64Array(chosen.size * width)
  let at = 0
  for (const row of [...chosen].sort((a, b) => a - b)) {
    memory.set(values.subarray(row * width, (row + 1) * width), at)
    at += width
  }
  return memory
}

/** Candidates, as multiples of the median distance between remembered rows. */
const CANDIDATES = [0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1]
const TRIED = 300

/** The bandwidth that predicts rows best from the other remembered ones (leave one out). */
function bandwidthOf({ count, width, values }: Rows, memory: Float64Array): number {
  const kept = memory.length / width
  const distances: number[] = []
  for (let a = 0; a < kept; a++)
    for (let b = a + 1; b < kept; b++) distances.push(squaredDistance(memory, a * width, memory, b * width, width))
  distances.sort((a, b) => a - b)
  const typical = Math.sqrt(distances[distances.length >> 1] ?? 1) || 1
  const estimate = new Estimate(memory, width)
  let best = typical
  let least = Number.POSITIVE_INFINITY
  for (const candidate of CANDIDATES) {
    let error = 0
    for (let k = 0; k < TRIED; k++) {
      const at = Math.floor((k * count) / TRIED) * width
      const expected = estimate.of(values, at, candidate * typical, true)
      for (let j = 0; j < width; j++) error += (values[at + j]! - expected[j]!) ** 2
    }
    if (error < least) {
      least = error
      best = candidate * typical
    }
  }
  return best
}

class Estimate {
  readonly #memory: Float64Array
  readonly #width: number
  readonly #expected: Float64Array
  readonly #squares: Float64Array

  constructor(memory: Float64Array, width: number) {
    this.#memory = memory
    this.#width = width
    this.#expected = new Float64Array(width)
    this.#squares = new Float64Array(memory.length / width)
  }

  /** @param others whether a remembered row that is the row itself does not count */
  of(values: Float64Array, at: number, bandwidth: number, others = false): Float64Array {
    const memory = this.#memory
    const width = this.#width
    const squares = this.#squares
    const expected = this.#expected
    let nearest = Number.POSITIVE_INFINITY
    for (let k = 0; k < squares.length; k++) {
      const square = squaredDistance(values, at, memory, k * width, width)
      squares[k] = others && square === 0 ? Number.POSITIVE_INFINITY : square
      if (squares[k]! < nearest) nearest = squares[k]!
    }
    expected.fill(0)
    if (nearest === Number.POSITIVE_INFINITY) return expected
    let total = 0
    for (let k = 0; k < squares.length; k++) {
      // Measured from the nearest, so that a row far from all is compared with the nearest ones and not with nothing.
      const weight = Math.exp((nearest - squares[k]!) / (2 * bandwidth * bandwidth))
      if (weight < 1e-12) continue
      total += weight
      for (let j = 0; j < width; j++) expected[j]! += weight * memory[k * width + j]!
    }
    for (let j = 0; j < width; j++) expected[j]! /= total
    return expected
  }
}

function squaredDistance(a: Float64Array, atA: number, b: Float64Array, atB: number, width: number): number {
  let sum = 0
  for (let j = 0; j < width; j++) sum += (a[atA + j]! - b[atB + j]!) ** 2
  return sum
}
