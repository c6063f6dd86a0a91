import { aCount, aNumber, fits, i32s, record, type Shaped } from '../../model-file/shape.ts'
import { MOST_READINGS } from './value-memory.ts'

/**
 * Which pairs of values (now, and some readings before) have been seen lately: the range so far cut into square cells,
 * each with when a pair last fell into it. It notices a value that is usual by itself but not after what came before
 * it, as the contexts of the contextual anomaly detector CAD OSE do (Smirnov 2016), at a fixed depth.
 */
export type ContextMemory = {
  count: number
  /** Left edge of the first cell in both directions, and the width of each; zero while all values were the same. */
  low: number
  width: number
  /** SIDE x SIDE, row-major by the earlier value; `count` when a pair last fell into the cell, 0 for never. */
  readonly seen: Int32Array
}

const SIDE = 64
/** A range this many times smaller than what the cells span (old extremes were forgotten) is worth finer cells. */
const SPARE = 3

export const contextMemory = (): ContextMemory => ({
  count: 0,
  low: 0,
  width: 0,
  seen: new Int32Array(SIDE * SIDE),
})

/**
 * Distance of a pair to the nearest remembered one (the larger of the two differences), in ranges of the values (0 to
 * 1, in steps of a cell), and remembers it.
 * @param range of the values lately, both of the pair within or not far outside
 */
export function contextNovelty(
  memory: ContextMemory,
  { smallest, largest }: { readonly smallest: number; readonly largest: number },
  earlier: number,
  value: number,
  horizon: number,
): number {
  const known = memory.count > 0 && memory.width > 0
  const span = SIDE * memory.width
  memory.count = Math.min(memory.count + 1, MOST_READINGS)
  if (smallest < memory.low || largest >= memory.low + span || (largest - smallest) * SPARE < span)
    layAnew(memory, smallest, largest)
  if (memory.width === 0) return 0
  const row = cellOf(memory, earlier)
  const column = cellOf(memory, value)
  const ring = known ? nearestRing(memory, row, column, horizon) : 0
  memory.seen[row * SIDE + column] = memory.count
  return Math.min(1, (ring * memory.width) / (largest - smallest))
}

/**
 * Cells between a pair and the nearest remembered one; 0 when it lies in the same or the next one, or none is
 * remembered.
 */
function nearestRing({ seen, count }: ContextMemory, row: number, column: number, horizon: number): number {
  const since = Math.max(1, count - horizon)
  for (let ring = 0; ring < SIDE; ring++)
    for (let y = Math.max(0, row - ring); y <= Math.min(SIDE - 1, row + ring); y++) {
      const edge = y === row - ring || y === row + ring
      for (let x = column - ring; x <= column + ring; x += edge || ring === 0 ? 1 : 2 * ring)
        if (x >= 0 && x < SIDE && seen[y * SIDE + x]! >= since) return Math.max(0, ring - 1)
    }
  return 0
}

/**
 * Lays the cells so that the range fills half of each side, in the middle; what was known moves to where its middle
 * lies.
 */
function layAnew(memory: ContextMemory, smallest: number, largest: number): void {
  const { low, width } = memory
  const seen = memory.seen.slice()
  memory.width = (largest - smallest) / (SIDE / 2)
  memory.low = smallest - (SIDE / 4) * memory.width
  memory.seen.fill(0)
  for (let old = 0; old < seen.length; old++) {
    if (seen[old] === 0) continue
    const row = cellOf(memory, low + (Math.floor(old / SIDE) + 0.5) * width)
    const cell = row * SIDE + cellOf(memory, low + ((old % SIDE) + 0.5) * width)
    memory.seen[cell] = Math.max(memory.seen[cell]!, seen[old]!)
  }
}

const cellOf = ({ low, width }: ContextMemory, value: number): number =>
  width > 0 ? Math.floor(Math.min(Math.max((value - low) / width, 0), SIDE - 1)) : 0

const shape = record({
  count: aCount(MOST_READINGS),
  low: aNumber,
  width: aNumber,
  seen: i32s,
})

/** @throws MW-MODEL-0001 when it is no such memory */
export function contextMemoryShape(...data: Parameters<typeof shape>): ContextMemory {
  const memory: Shaped<typeof shape> = shape(...data)
  const { seen, count, width } = memory
  fits(seen.length === SIDE * SIDE && seen.every((at) => at <= count), data[1], `${SIDE * SIDE} counts so far`)
  fits(width >= 0, data[1], 'a range')
  return memory
}
