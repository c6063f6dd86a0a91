import { aCount, aNumber, f64s, fits, i32s, record, type Shaped } from '../../model-file/shape.ts'

/**
 * Which values of a signal have been seen lately, in bounded room: the range so far cut into bins, each with the last
 * value that fell into it and when. In one dimension it does what the categories of an adaptive resonance network do
 * (Carpenter, Grossberg & Rosen 1991, "Fuzzy ART"): a value near a known one refreshes it, any other becomes known.
 */
export type ValueMemory = {
  /** Values seen so far. */
  count: number
  /** Left edge of the first bin, and the width of each; zero while all values were the same. */
  low: number
  width: number
  /** Of the remembered values. */
  smallest: number
  largest: number
  readonly values: Float64Array
  /** `count` when a value last fell into the bin; 0 for never. */
  readonly seen: Int32Array
  /** Values that fell into the bin since it was last empty. */
  readonly visits: Int32Array
}

/** Resolution is between 1/256 and 1/512 of the range: finer than what ever counts as novel. */
const BINS = 512
/** A range this many times smaller than what the bins span (old extremes were forgotten) is worth finer bins. */
const SPARE = 3
/** Values closer than this part of their size are the same: what rounding does to a constant is no news. */
const ROUNDING = 1e-9
/** Ranges by which one value may widen the range at most: a wild one must not blind the memory for all that follows. */
const REACH = 10
/** As far outside of the range as counts: the first other value after a constant would be infinitely far. */
const FARTHEST = 10
export const MOST_READINGS = 2 ** 31 - 1

export const valueMemory = (): ValueMemory => ({
  count: 0,
  low: 0,
  width: 0,
  smallest: 0,
  largest: 0,
  values: new Float64Array(BINS),
  seen: new Int32Array(BINS),
  visits: new Int32Array(BINS),
})

/**
 * Distance of a value to the nearest remembered one, in ranges of the remembered values (0 to 10), and remembers it.
 * @param horizon values after which one that did not come again is forgotten
 */
export function novelty(memory: ValueMemory, value: number, horizon: number): number {
  const { count, smallest, largest } = memory
  const range = Math.max(largest - smallest, ROUNDING * Math.max(-smallest, largest), Number.MIN_VALUE)
  const distance = count === 0 ? 0 : nearest(memory, value, horizon)
  const reach = largest - smallest < range ? Number.POSITIVE_INFINITY : REACH * range
  remember(memory, count === 0 ? value : Math.min(Math.max(value, smallest - reach), largest + reach), horizon)
  return distance > ROUNDING * Math.abs(value) ? Math.min(distance / range, FARTHEST) : 0
}

function nearest(memory: ValueMemory, value: number, horizon: number): number {
  const { values, seen, count, low, width } = memory
  const at = binOf(memory, value)
  const since = Math.max(1, count - horizon)
  // only the last value of a bin is known: within one, nothing can be told from what was there before
  if (value >= low && value < low + BINS * width && seen[at]! >= since) return 0
  let best = Number.POSITIVE_INFINITY
  // a value in the bin behind the first that holds one can still be nearer
  for (let step = 0, last = BINS - 1; step <= last; step++) {
    const below = at - step
    const above = at + step
    if (below >= 0 && seen[below]! >= since) best = Math.min(best, Math.abs(value - values[below]!))
    if (above < BINS && seen[above]! >= since) best = Math.min(best, Math.abs(value - values[above]!))
    if (best < Number.POSITIVE_INFINITY) last = Math.min(last, step + 1)
  }
  return best < Number.POSITIVE_INFINITY ? best : 0
}

function remember(memory: ValueMemory, value: number, horizon: number): void {
  if (memory.count === 0) memory.smallest = memory.largest = memory.low = value
  memory.count = Math.min(memory.count + 1, MOST_READINGS)
  if (value < memory.smallest || value > memory.largest) {
    memory.smallest = Math.min(memory.smallest, value)
    memory.largest = Math.max(memory.largest, value)
    const end = memory.low + BINS * memory.width
    if (memory.smallest < memory.low || memory.largest >= end) layAnew(memory, horizon)
  }
  if (memory.count % BINS === 0) forget(memory, horizon)
  const bin = binOf(memory, value)
  const live = memory.seen[bin]! >= Math.max(1, memory.count - horizon)
  memory.visits[bin] = live ? Math.min(memory.visits[bin]! + 1, MOST_READINGS) : 1
  memory.values[bin] = value
  memory.seen[bin] = memory.count
}

/**
 * Lays the bins so that the range fills half of them, in the middle. Where they become finer, all that a coarse bin
 * covered is taken as seen: the values that came while it was coarse could have been anywhere in it.
 */
function layAnew(memory: ValueMemory, horizon: number): void {
  const { smallest, largest } = memory
  const old = { ...memory, values: memory.values.slice(), seen: memory.seen.slice(), visits: memory.visits.slice() }
  memory.width = (largest - smallest) / (BINS / 2)
  memory.low = smallest - (BINS / 4) * memory.width
  memory.seen.fill(0)
  memory.visits.fill(0)
  const since = Math.max(1, memory.count - horizon)
  for (let bin = 0; bin < BINS; bin++) {
    if (old.seen[bin]! < since) continue
    const at = binOf(memory, old.values[bin]!)
    const finer = memory.width < old.width
    const left = old.low + bin * old.width
    const from = finer ? binOf(memory, Math.max(left, smallest)) : at
    const to = finer ? binOf(memory, Math.min(left + old.width, largest)) : at
    for (let each = from; each <= to; each++) {
      memory.visits[each] = Math.min(memory.visits[each]! + old.visits[bin]!, MOST_READINGS)
      if (old.seen[bin]! <= memory.seen[each]!) continue
      memory.seen[each] = old.seen[bin]!
      memory.values[each] = each === at ? old.values[bin]! : memory.low + (each + 0.5) * memory.width
    }
  }
}

/** Lets the range shrink to what is still remembered. */
function forget(memory: ValueMemory, horizon: number): void {
  const { seen, values } = memory
  const since = Math.max(1, memory.count - horizon)
  const live: number[] = []
  for (let bin = 0; bin < BINS; bin++) if (seen[bin]! >= since) live.push(bin)
  const bins = withoutStrays(memory, live)
  if (bins.length === 0) return
  memory.smallest = values[bins[0]!]!
  memory.largest = values[bins.at(-1)!]!
  const range = memory.largest - memory.smallest
  if (range > 0 && range * SPARE < BINS * memory.width) layAnew(memory, horizon)
}

/** Forgets an outermost value that came once, some time ago, and lies further out than all others lie apart. */
function withoutStrays({ seen, values, visits, count }: ValueMemory, bins: readonly number[]): number[] {
  let [first, last] = [0, bins.length - 1]
  const value = (at: number) => values[bins[at]!]!
  const once = (at: number) => visits[bins[at]!] === 1 && count - seen[bins[at]!]! >= BINS
  for (let found = true; found && last - first > 1; ) {
    const above = once(last) && value(last) - value(last - 1) > value(last - 1) - value(first)
    const below = !above && once(first) && value(first + 1) - value(first) > value(last) - value(first + 1)
    if (above) seen[bins[last--]!] = 0
    if (below) seen[bins[first++]!] = 0
    found = above || below
  }
  return bins.slice(first, last + 1)
}

const binOf = ({ low, width }: ValueMemory, value: number): number =>
  width > 0 ? Math.floor(Math.min(Math.max((value - low) / width, 0), BINS - 1)) : 0

const shape = record({
  count: aCount(MOST_READINGS),
  low: aNumber,
  width: aNumber,
  smallest: aNumber,
  largest: aNumber,
  values: f64s,
  seen: i32s,
  visits: i32s,
})

/** @throws MW-MODEL-0001 when it is no such memory */
export function valueMemoryShape(...data: Parameters<typeof shape>): ValueMemory {
  const memory: Shaped<typeof shape> = shape(...data)
  fits(memory.values.length === BINS && memory.values.every(Number.isFinite), data[1], `${BINS} finite values`)
  fits(memory.seen.length === BINS && memory.seen.every((at) => at <= memory.count), data[1], `${BINS} counts so far`)
  fits(memory.visits.length === BINS, data[1], `${BINS} numbers of visits`)
  fits(memory.width >= 0 && memory.smallest <= memory.largest, data[1], 'a range')
  return memory
}
