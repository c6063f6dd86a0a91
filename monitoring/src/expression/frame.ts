import type { Micros } from '@millwright/foundation'
import type { SignalState } from '../watch/signal-state.ts'
import type { TrueTime } from '../watch/true-time.ts'
import type { Window } from '../watch/window.ts'

/** What an expression sees of one piece of equipment at one evaluation. The indexes are those of its program. */
export interface Frame {
  /** Data time of the evaluation. */
  now: Micros
  /** Since when the equipment is watched: silence before the first reading counts from here. */
  since: Micros
  readonly signals: readonly SignalState[]
  readonly windows: readonly Window[]
  readonly trueTimes: readonly TrueTime[]
}

/**
 * Three-valued truth: CEL's `&&` and `||` absorb errors, and here the one error is a value that is not there (yet).
 * Numbers, so that evaluation allocates nothing. An unknown number is NaN, an unknown text undefined.
 */
export const NO = 0
export const YES = 1
export const UNKNOWN = 2
export type Truth = typeof NO | typeof YES | typeof UNKNOWN

export type Test = (frame: Frame) => Truth
export type Quantity = (frame: Frame) => number
export type Word = (frame: Frame) => string | undefined
