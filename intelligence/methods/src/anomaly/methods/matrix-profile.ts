import { f64s, fits, i32s, record, type Shaped } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'

/** Rows of a shape in time. */
const WINDOW = 24
/** Rows of normal history that shapes are looked up in: the newest. */
const HISTORY = 2000

/** `history` is rows x width, row-major; `usable` holds the rows at which a whole window begins that no gap cuts. */
const shape = record({ history: f64s, usable: i32s })
type ProfileModel = Shaped<typeof shape>

/**
 * The multidimensional matrix profile against normal history: how far the last rows are, as a shape in time over all signals, from the nearest
 * shape ever seen (Yeh, Kavantzas & Keogh, ICDM 2017; without z-normalisation, because the level of a machine's signal means something:
 * Akbarinia & Cloez, AAMP, 2019). Row by row: the dot products with all shapes follow from those one row before (STAMPI, Yeh et al.,
 * ICDM 2016). The raw score is the squared distance, for each row and signal.
 */
export const matrixProfile: Detector = {
  source: 'Yeh et al. 2016 and 2017; Akbarinia & Cloez 2019',
  least: () => 5 * WINDOW,
  fit({ count, width, values, starts }: Rows) {
    const first = Math.max(0, count - HISTORY)
    const usable: number[] = []
    for (let row = first; row + WINDOW <= count; row++)
      if (!starts.subarray(row + 1, row + WINDOW).includes(1)) usable.push(row - first)
    if (usable.length === 0) return undefined
    return { history: values.slice(first * width), usable: Int32Array.from(usable) }
  },
  scorer(data, width) {
    const model = shape(data, 'matrix-profile')
    const { history, usable } = model
    const rows = history.length / width
    const inside = usable.every((row) => row >= 0 && row + WINDOW <= rows)
    fits(Number.isInteger(rows) && usable.length > 0 && inside, 'matrix-profile', `for ${width} signals`)
    return profileScorer(model, width)
  },
}

function profileScorer({ history, usable }: ProfileModel, width: number): RowScorer {
  const rows = history.length / width
  const places = rows - WINDOW + 1
  const squares = windowSquares(history, rows, width)
  // For each place the dot product with the last rows, in each signal; places x width.
  const products = new Float64Array(places * width)
  const recent = new Float64Array(WINDOW * width)
  const own = new Float64Array(width)
  let known = 0

  /** Moves each product one row on: what leaves the window goes, what comes in is added. */
  function slide(values: Float64Array, at: number, slot: number): void {
    for (let place = places - 1; place >= 0; place--) {
      const base = place * width
      const newest = (place + WINDOW - 1) * width
      for (let j = 0; j < width; j++) {
        const before = place === 0 ? 0 : products[base - width + j]! - history[base - width + j]! * recent[slot + j]!
        products[base + j] = before + history[newest + j]! * values[at + j]!
      }
    }
    for (let j = 0; j < width; j++) recent[slot + j] = values[at + j]!
    // The first place has no neighbour to follow from; it is also where rounding begins anew.
    for (let j = 0; j < width; j++) {
      let sum = 0
      own[j] = 0
      for (let k = 0; k < WINDOW; k++) {
        const old = ((slot / width + 1 + k) % WINDOW) * width
        sum += history[k * width + j]! * recent[old + j]!
        own[j]! += recent[old + j]! ** 2
      }
      products[j] = sum
    }
  }

  return {
    score(values, at, parts) {
      slide(values, at, (known % WINDOW) * width)
      known++
      parts.fill(0)
      if (known < WINDOW) return Number.NaN
      let nearest = 0
      let least = Number.POSITIVE_INFINITY
      for (const place of usable) {
        let distance = 0
        for (let j = 0; j < width; j++) {
          const cell = place * width + j
          distance += Math.max(0, squares[cell]! + own[j]! - 2 * products[cell]!)
        }
        if (distance < least) {
          least = distance
          nearest = place
        }
      }
      for (let j = 0; j < width; j++) {
        const cell = nearest * width + j
        parts[j] = Math.max(0, squares[cell]! + own[j]! - 2 * products[cell]!)
      }
      return least / (WINDOW * width)
    },
    reset() {
      known = 0
      products.fill(0)
      recent.fill(0)
      own.fill(0)
    },
  }
}

/** Sum of squares of each window in each signal: places x width. */
function windowSquares(history: Float64Array, rows: number, width: number): Float64Array {
  const squares = new Float64Array((rows - WINDOW + 1) * width)
  for (let j = 0; j < width; j++) {
    let sum = 0
    for (let row = 0; row < rows; row++) {
      sum += history[row * width + j]! ** 2
      if (row >= WINDOW) sum -= history[(row - WINDOW) * width + j]! ** 2
      if (row >= WINDOW - 1) squares[(row - WINDOW + 1) * width + j] = sum
    }
  }
  return squares
}
