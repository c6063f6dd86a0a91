import type { Band } from '../signal/envelope.ts'
import type { Line } from './lines.ts'

export type Fault =
  | 'unbalance'
  | 'misalignment'
  | 'looseness'
  | 'outer race'
  | 'inner race'
  | 'rolling element'
  | 'cage'
  | 'gear'
  | 'cavitation'

/** One fault with what speaks for it. */
export interface Finding {
  readonly fault: Fault
  /** Which bearing or gear, as the machine's description names it. */
  readonly part?: string
  /** 0 to 1: how much of what this fault shows is there. A grade that orders findings, no probability. */
  readonly confidence: number
  /** What the grade was made from; its meaning is the fault's, see {@link measure}. */
  readonly strength: number
  /** Such as `modulation depth`, `share of the velocity`. */
  readonly measure: string
  /** Lines looked for, found or not. */
  readonly lines: readonly Line[]
  /**
   * What the lines lie in: the spectrum of the velocity (m/s), of the acceleration, or of the squared envelope of a
   * band.
   */
  readonly spectrum: 'velocity' | 'acceleration' | 'envelope'
  /** Hz, for `envelope` and `cavitation`. */
  readonly band?: Band
}
