import type { MdfFile } from '../blocks/file.ts'
import { CHANNEL, type Channel, type ChannelGroup } from '../blocks/model.ts'
import { signalData } from '../data/records.ts'
import { isText, type ReadRaw, rawReader } from './raw.ts'

/** Of one channel whose values lie elsewhere. */
const MAX_SIGNAL_DATA = 256 << 20
/** Values of variable length that wait for their record. */
const MAX_HELD = 64 << 20

/** The bytes of a value of variable length, by what stands in the record; undefined: not there (yet). */
export type Lookup = (offset: number) => Buffer | undefined

/** The values of a variable-length group of an unsorted file, as they come by. */
export class PassingValues {
  readonly #held = new Map<number, Buffer>()
  #place = 0
  #bytes = 0

  /** A record's own length counts four bytes. */
  add(value: Buffer): void {
    this.#held.set(this.#place, Buffer.from(value))
    this.#bytes += value.length
    this.#place += 4 + value.length
    // Nobody asked for them: of a file that lies, or of a channel that is left out.
    for (const [offset, old] of this.#held) {
      if (this.#bytes <= MAX_HELD) break
      this.#held.delete(offset)
      this.#bytes -= old.length
    }
  }

  /** Has it come by? */
  has(offset: number): boolean {
    return this.#held.has(offset) || offset < this.#place
  }

  take(offset: number): Buffer | undefined {
    const value = this.#held.get(offset)
    if (value === undefined) return undefined
    this.#held.delete(offset)
    this.#bytes -= value.length
    return value
  }
}

/** Where a channel's bytes are: in its record, or elsewhere by a number in it. */
export interface BytesReader {
  readonly fixed: ((record: Buffer) => Buffer) | undefined
  readonly offset: ReadRaw | undefined
  readonly lookup: Lookup | undefined
  /** The group whose records are the values. */
  readonly passing: PassingValues | undefined
}

/** undefined: the channel has no bytes that can be read. */
export async function bytesReader(
  mdf: MdfFile,
  channel: Channel,
  group: ChannelGroup,
  passing: ReadonlyMap<number, PassingValues>,
): Promise<BytesReader | undefined> {
  const { type, byteOffset, bitCount, signalData: link } = channel
  if (type !== CHANNEL.variable) {
    const end = byteOffset + (bitCount >>> 3)
    if (end > group.dataBytes || bitCount === 0) return undefined
    return {
      fixed: (record) => record.subarray(byteOffset, end),
      offset: undefined,
      lookup: undefined,
      passing: undefined,
    }
  }
  const offset = rawReader({ ...channel, type: CHANNEL.fixed, dataType: 0 }, group.dataBytes)
  if (offset === undefined || link === 0) return undefined
  const values = passing.get(link)
  if (values !== undefined) return { fixed: undefined, offset, lookup: (at) => values.take(at), passing: values }
  return { fixed: undefined, offset, lookup: await signalData(mdf, link, MAX_SIGNAL_DATA), passing: undefined }
}

export const hasBytes = (channel: Channel): boolean => isText(channel) || channel.dataType === 10
