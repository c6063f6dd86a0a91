import type { MetricRows } from '@millwright/connectivity'
import type { MillwrightError } from '@millwright/foundation'
import type { PickedFile } from './picked-file.ts'

/** Rows of one device; undefined: the connection's own. */
export interface DeviceRows {
  readonly device: string | undefined
  readonly rows: MetricRows
}

/** A part of a file that cannot be read. */
export interface RefusedPart {
  readonly error: MillwrightError
  readonly payload: Uint8Array
}

/** A step through a file: what it held, and where reading goes on once that is durable. */
export interface FileBatch {
  readonly rows: readonly DeviceRows[]
  readonly refused: readonly RefusedPart[]
  /** In the reader's own words, at most a few kilobytes. */
  readonly position: string
}

/**
 * How one kind of file is read, from the beginning or from a position that an earlier batch gave. The rows of a batch may
 * be used again for the next. The same bytes and position give the same rows: what was handed over before a crash is
 * handed over again and is the same reading. Throws a MillwrightError when the file as a whole cannot be read.
 */
export type ReadFile = (file: PickedFile, position: string | undefined) => AsyncIterable<FileBatch>

/** Of every connection that takes files from a folder. */
export interface FolderConfig {
  readonly folder: string
  readonly pattern: string
  readonly subfolders: boolean
  readonly reading: 'whole' | 'growing'
  /** Seconds. */
  readonly settle: number
  /** Seconds. */
  readonly interval: number
  readonly afterwards: 'keep' | 'move'
}
