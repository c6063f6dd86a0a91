import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { WindowColumns } from '../watch/window.ts'
import type { Test } from './frame.ts'

export interface WindowNeed {
  /** Index into the program's signals. */
  readonly signal: number
  readonly length: Micros
  readonly columns: WindowColumns
}

export interface TrueTimeNeed {
  readonly length: Micros
  readonly condition: Test
}

/** A rule's expressions, ready to run on any equipment that has its signals in these kinds. Holds no state. */
export interface Program {
  /** Names of the signals it reads, in the order of the frame. */
  readonly signals: readonly string[]
  readonly windows: readonly WindowNeed[]
  readonly trueTimes: readonly TrueTimeNeed[]
  /** `noData` limits: each is a moment at which something changes though nothing arrives. */
  readonly silences: readonly { readonly signal: number; readonly length: Micros }[]
  /** Signals whose `age` is asked for: it changes with every second. */
  readonly ages: readonly number[]
  readonly condition: Test
  readonly clear: Test | undefined
  /** µs it looks back: the longest of its windows. */
  readonly reach: Micros
}

/** The kind of a signal by its name; undefined: the equipment has no such signal. */
export type KindOf = (name: string) => SignalKind | undefined
