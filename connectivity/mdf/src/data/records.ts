import type { MdfFile } from '../blocks/file.ts'
import type { ChannelGroup, DataGroup } from '../blocks/model.ts'
import { mdfErrors } from '../errors.ts'
import { dataOf } from './stream.ts'

const MAX_VALUE = 64 << 20
const MAX_RECORD = 16 << 20

/** A record, or a value of variable length; valid until the next one is asked for. */
export interface MdfRecord {
  group: ChannelGroup
  /** Invalidation bytes included. */
  bytes: Buffer
}

/**
 * Takes a data group's pieces apart into records, whatever their order. What follows the last whole record is left out: of
 * a file that was not closed it is a record that was being written.
 */
export class RecordSplitter {
  readonly #data: DataGroup
  readonly #byId = new Map<number, ChannelGroup>()
  readonly #mdf: MdfFile
  #rest: Buffer = Buffer.alloc(0)

  constructor(mdf: MdfFile, data: DataGroup) {
    this.#mdf = mdf
    this.#data = data
    for (const group of data.groups) this.#byId.set(group.recordId, group)
  }

  *split(piece: Buffer): Generator<MdfRecord> {
    const { recordIdBytes, groups } = this.#data
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    const record: MdfRecord = { group: groups[0]!, bytes }
    let at = 0
    while (at + recordIdBytes < bytes.length) {
      const group = recordIdBytes === 0 ? groups[0]! : this.#byId.get(idOf(bytes, at, recordIdBytes))
      if (group === undefined)
        throw this.#mdf.fail(at, `a record has the number ${idOf(bytes, at, recordIdBytes)}, which no group has`)
      let from = at + recordIdBytes
      let length: number
      if (group.isVariable) {
        if (from + 4 > bytes.length) break
        length = bytes.readUInt32LE(from)
        if (length > MAX_VALUE)
          throw mdfErrors.tooMany({ file: this.#mdf.name, things: 'bytes in a value', limit: MAX_VALUE })
        from += 4
      } else {
        length = group.dataBytes + group.invalidationBytes
        if (length > MAX_RECORD)
          throw mdfErrors.tooMany({ file: this.#mdf.name, things: 'bytes in a record', limit: MAX_RECORD })
        if (length === 0 && recordIdBytes === 0) break
      }
      if (from + length > bytes.length) break
      record.group = group
      record.bytes = bytes.subarray(from, from + length)
      yield record
      at = from + length
    }
    // Of a file without end, this would grow without bound: a value has its bound above.
    this.#rest = Buffer.from(bytes.subarray(at))
  }
}

function idOf(bytes: Buffer, at: number, length: number): number {
  if (length === 1) return bytes[at]!
  if (length === 2) return bytes.readUInt16LE(at)
  if (length === 4) return bytes.readUInt32LE(at)
  return Number(bytes.readBigUInt64LE(at))
}

/** The values of a channel of variable length that lie in blocks of their own (SD), by their place. */
export async function signalData(
  mdf: MdfFile,
  at: number,
  limit: number,
): Promise<(offset: number) => Buffer | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of dataOf(mdf, at, false)) {
    size += piece.length
    if (size > limit) throw mdfErrors.tooMany({ file: mdf.name, things: 'bytes of texts in one channel', limit })
    pieces.push(Buffer.from(piece))
  }
  const all = Buffer.concat(pieces, size)
  return (offset) => {
    if (!(offset >= 0 && offset + 4 <= all.length)) return undefined
    const length = all.readUInt32LE(offset)
    return offset + 4 + length > all.length ? undefined : all.subarray(offset + 4, offset + 4 + length)
  }
}
