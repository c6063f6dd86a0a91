import { aCount, f64s, fits, record, type Shape } from '../../model-file/shape.ts'
import { MOST_READINGS } from './value-memory.ts'

/** The last values of a signal, as a ring. */
export type RecentValues = {
  readonly ring: Float64Array
  /** Values pushed so far; the next one goes to `pushed % ring.length`. */
  pushed: number
  /** Readings for which the value has not changed, and the most before it last changed. */
  unchanged: number
  longest: number
}

/**
 * Values in each of the two means that a jump of the level lies between, in the spread, and back to the one that gives
 * context.
 */
const LEVEL = 20
const SPREAD = 30
const CONTEXT = 5
/** Times longer than ever before without a change: stuck. */
const STUCK = 8

export const recentValues = (): RecentValues => ({
  ring: new Float64Array(2 * LEVEL),
  pushed: 0,
  unchanged: 0,
  longest: 0,
})

/** The value that came some readings before the next one; NaN while there is none. Ask before it is pushed. */
export const valueBefore = ({ ring, pushed }: RecentValues): number =>
  pushed < CONTEXT ? Number.NaN : ring[(pushed - CONTEXT) % ring.length]!

/**
 * Whether a value makes it just now so long without a change that the signal must be taken for stuck: once each time.
 * Ask before it is pushed.
 */
export function sticks(recent: RecentValues, value: number): boolean {
  const { ring, pushed, unchanged } = recent
  if (pushed > 0 && ring[(pushed - 1) % ring.length] === value) {
    recent.unchanged = Math.min(unchanged + 1, MOST_READINGS)
    return recent.unchanged === STUCK * (recent.longest + 1)
  }
  recent.longest = Math.max(recent.longest, unchanged)
  recent.unchanged = 0
  return false
}

/** Pushes a value. The mean of the last ones less the mean of those before them; NaN while there are too few. */
export function levelJump(recent: RecentValues, value: number): number {
  const { ring } = recent
  ring[recent.pushed % ring.length] = value
  recent.pushed =
    recent.pushed + 1 < MOST_READINGS ? recent.pushed + 1 : ((recent.pushed + 1) % ring.length) + ring.length
  if (recent.pushed < ring.length) return Number.NaN
  let jump = 0
  for (let back = 1; back <= LEVEL; back++) jump += at(recent, back) - at(recent, back + LEVEL)
  return jump / LEVEL
}

/** Standard deviation of the last values. */
export function spread(recent: RecentValues): number {
  let sum = 0
  for (let back = 1; back <= SPREAD; back++) sum += at(recent, back)
  const mean = sum / SPREAD
  let squares = 0
  for (let back = 1; back <= SPREAD; back++) squares += (at(recent, back) - mean) ** 2
  return Math.sqrt(squares / SPREAD)
}

const at = ({ ring, pushed }: RecentValues, back: number): number => ring[(pushed - back) % ring.length]!

const shape = record({
  ring: f64s,
  pushed: aCount(MOST_READINGS),
  unchanged: aCount(MOST_READINGS),
  longest: aCount(MOST_READINGS),
})

/** @throws MW-MODEL-0001 when it is no such ring */
export const recentValuesShape: Shape<RecentValues> = (data, path) => {
  const recent = shape(data, path)
  fits(recent.ring.length === 2 * LEVEL && recent.ring.every(Number.isFinite), path, `${2 * LEVEL} finite values`)
  return recent
}
