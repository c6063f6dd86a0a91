import type { Micros } from '@millwright/foundation'
import type { Formula } from '../channels/formula.ts'

/** What a file holds, before its data are read. */
export interface Measurement {
  /** When it began. */
  readonly start: Micros
  /** The start is of a local time whose zone the file does not say. */
  readonly isLocal: boolean
  readonly groups: readonly DataGroup[]
  /** It was not closed properly: lengths and counts at its end may not be right. */
  readonly isUnfinished: boolean
}

/** Records that lie together: of one channel group (sorted), or of several, each record with a number before it. */
export interface DataGroup {
  /** Bytes of that number. */
  readonly recordIdBytes: number
  /** Where its data begin; 0: it has none. */
  readonly dataAt: number
  readonly groups: readonly ChannelGroup[]
}

export interface ChannelGroup {
  readonly at: number
  readonly recordId: number
  /** Its records have lengths of their own: the values of a channel elsewhere. */
  readonly isVariable: boolean
  readonly dataBytes: number
  readonly invalidationBytes: number
  readonly name: string
  readonly channels: readonly Channel[]
}

export interface Channel {
  readonly name: string
  readonly unit: string
  readonly type: number
  readonly sync: number
  readonly dataType: number
  readonly bitOffset: number
  readonly byteOffset: number
  readonly bitCount: number
  readonly flags: number
  readonly invalidationBit: number
  readonly conversion: Conversion | undefined
  /** Of a channel with values of variable length: where they lie. */
  readonly signalData: number
  /** Members, of a structure. */
  readonly members: readonly Channel[]
  /** Why it cannot be read, in words. */
  readonly leftOut: string | undefined
}

export const CHANNEL = { fixed: 0, variable: 1, master: 2, virtualMaster: 3, sync: 4, maximum: 5, virtual: 6 } as const
export const CHANNEL_FLAG = { allInvalid: 1, invalidationBit: 2, busEvent: 0x400 } as const

/** Raw to physical: a number, or a text. */
export interface Conversion {
  readonly type: number
  readonly values: readonly number[]
  /** By reference: a text, another conversion, or nothing. */
  readonly references: readonly (string | Conversion | undefined)[]
  readonly unit: string
  /** Of an algebraic conversion. */
  readonly formula: Formula | undefined
}
