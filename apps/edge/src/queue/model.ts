import type { Clock, Log, Micros } from '@millwright/foundation'
import type { Unsettled } from './file.ts'
import type { FRAME } from './frame.ts'

export interface QueuePolicy {
  /** Disk that all files together may take, bytes. */
  readonly budget: number
  /** What is sent first of what has gathered; in one signal the order of its readings is kept in each block. */
  readonly backlog: 'oldest-first' | 'newest-first'
  readonly whenFull: 'drop-oldest' | 'refuse-new'
}

export interface QueueOptions extends QueuePolicy {
  /** The queue's own; made when it is not there. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
  /** Readings are durable so long after they came, at the latest, plus what the disk takes; default 60 ms. */
  readonly commitEvery?: Micros
}

export interface QueueFigures {
  /** Readings that the platform has not acknowledged. */
  readonly readings: number
  /** On the disk. */
  readonly bytes: number
  /** Time of the oldest of them. */
  readonly oldest: Micros | undefined
  /** Given up because the budget was used up, ever. */
  readonly dropped: number
  /** Lost to damaged files, ever. */
  readonly damaged: number
  /** Why nothing is taken at present, in words. */
  readonly trouble: string | undefined
}

/** Readings that are gone: told, never silent. */
export interface Loss {
  readonly cause: 'dropped' | 'damaged'
  /** How many; undefined: nobody can tell any more. */
  readonly readings: number | undefined
  /** Of the readings. */
  readonly from: Micros | undefined
  readonly to: Micros | undefined
  readonly reason: string
}

/** What goes to the platform as one message. */
export interface Parcel {
  readonly kind: (typeof FRAME)[keyof typeof FRAME]
  readonly payload: Buffer
  readonly rows: number
  /** What its acknowledgement settles. */
  readonly entries: readonly Unsettled[]
}
