import type { SignalKey, WideValue } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Arrivals, Plan, Scores, Settings } from '../kinds/kind.ts'

/** Committed readings of signals that somebody scores, as columns. */
export interface Rows {
  readonly length: number
  readonly key: Uint32Array
  readonly time: Float64Array
  /** NaN: Bad. */
  readonly value: Float64Array
  readonly wide: readonly { readonly key: SignalKey; readonly time: Micros; readonly value: WideValue }[]
  /** The platform's time. */
  readonly now: Micros
}

/** What the scoring thread is told. A slot is a service that is live. */
export type ToScorer =
  | {
      readonly type: 'set'
      readonly slot: number
      readonly kind: string
      readonly settings: Settings
      readonly plan: Plan
      /** Of the plan's inputs; null where the signal is gone. */
      readonly keys: readonly (SignalKey | null)[]
      readonly model: Uint8Array
    }
  /** Stored readings, before the slot is live; rows up to `silentUntil` are not told. */
  | { readonly type: 'past'; readonly slot: number; readonly arrivals: Arrivals; readonly silentUntil: Micros }
  /** That was the past: go on with what came meanwhile. */
  | { readonly type: 'live'; readonly slot: number; readonly silentUntil: Micros }
  | { readonly type: 'remove'; readonly slot: number }
  | { readonly type: 'rows'; readonly rows: Rows }

export interface SlotScores extends Scores {
  readonly slot: number
}

/** What it answers: one of these to each message but `remove`. */
export type FromScorer =
  | {
      readonly type: 'set' | 'past' | 'live'
      readonly slot: number
      readonly scores: Scores
      readonly openEpisode: boolean
    }
  | { readonly type: 'fault'; readonly slot: number; readonly reason: string }
  | {
      readonly type: 'rows'
      readonly results: readonly SlotScores[]
      readonly faults: readonly { readonly slot: number; readonly reason: string }[]
    }

/**
 * Shared with the thread, so that the platform sees what it is at even while it hangs: the slot at work plus 1 (0: none), and a
 * number that goes up with each turn.
 */
export const AT_WORK = 0
export const TURN = 1
