import { f64s, i32s, record, type Shaped } from '../../model-file/shape.ts'

/**
 * Operating modes: centres of clusters of the operating signals, scaled. `count` holds one number; `columns` are the places of the
 * operating signals among the signals; `centres` is modes x columns.
 */
export const modesShape = record({ count: i32s, columns: i32s, middle: f64s, spread: f64s, centres: f64s })
export type Modes = Shaped<typeof modesShape>

export const oneMode: Modes = {
  count: Int32Array.of(1),
  columns: new Int32Array(0),
  middle: new Float64Array(0),
  spread: new Float64Array(0),
  centres: new Float64Array(0),
}

export function fitModes(
  _columns: readonly Float64Array[],
  _operating: readonly number[],
  _most: number,
  _seed: number,
): Modes {
  return oneMode
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
