/** Writes small MDF 4 files, for what the real ones do not hold: every block, conversion and way of storing records. */
import { deflateSync } from 'node:zlib'

export interface TestConversion {
  readonly type: number
  readonly values: readonly number[]
  readonly references?: readonly (string | TestConversion | null)[]
}

export interface TestChannel {
  readonly name: string
  readonly unit?: string
  readonly type?: number
  readonly sync?: number
  readonly dataType: number
  readonly bitOffset?: number
  readonly byteOffset: number
  readonly bitCount: number
  readonly flags?: number
  readonly invalidationBit?: number
  readonly conversion?: TestConversion
  /** Values of variable length in a block of their own. */
  readonly signalData?: Buffer
  /** Index of the variable-length group that holds the values. */
  readonly signalGroup?: number
  readonly members?: readonly TestChannel[]
}

export interface TestGroup {
  readonly name?: string
  readonly recordId?: number
  readonly isVariable?: boolean
  readonly dataBytes: number
  readonly invalidationBytes?: number
  readonly channels: readonly TestChannel[]
}

export interface TestFile {
  readonly startNanoseconds?: bigint
  readonly timeFlags?: number
  readonly version?: number
  readonly unfinished?: boolean
  readonly recordIdBytes?: number
  readonly groups: readonly TestGroup[]
  readonly data: Buffer
  readonly storage?: 'plain' | 'list' | 'compressed' | 'transposed' | 'header-list'
}

const PIECE = 1000

export function writeMdf(file: TestFile): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  const put = (bytes: Buffer): number => {
    const at = size
    const padded = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
    chunks.push(padded)
    size += padded.length
    return at
  }
  const block = (id: string, links: readonly number[], data: Buffer): number => {
    const head = Buffer.alloc(24 + 8 * links.length)
    head.write(`##${id}`, 'latin1')
    head.writeBigUInt64LE(BigInt(head.length + data.length), 8)
    head.writeBigUInt64LE(BigInt(links.length), 16)
    for (const [index, link] of links.entries()) head.writeBigUInt64LE(BigInt(link), 24 + 8 * index)
    return put(Buffer.concat([head, data]))
  }
  const text = (value: string | undefined): number =>
    value === undefined ? 0 : block('TX', [], Buffer.from(`${value}\0`))
  const conversion = (given: TestConversion | null | undefined): number => {
    if (given === undefined || given === null) return 0
    const references = (given.references ?? []).map((each) =>
      typeof each === 'string' ? text(each) : conversion(each),
    )
    const data = Buffer.alloc(24 + 8 * given.values.length)
    data[0] = given.type
    data.writeUInt16LE(references.length, 4)
    data.writeUInt16LE(given.values.length, 6)
    for (const [index, value] of given.values.entries()) data.writeDoubleLE(value, 24 + 8 * index)
    return block('CC', [0, 0, 0, 0, ...references], data)
  }
  const packed = (data: Buffer): number => {
    const transposed = file.storage === 'transposed' || file.storage === 'header-list'
    const columns = file.groups[0]!.dataBytes
    let bytes = data
    if (transposed) {
      const rows = Math.floor(data.length / columns)
      bytes = Buffer.from(data)
      for (let column = 0; column < columns; column++)
        for (let row = 0; row < rows; row++) bytes[column * rows + row] = data[row * columns + column]!
    }
    const zipped = deflateSync(bytes)
    const head = Buffer.alloc(24)
    head.write('DT', 'latin1')
    head[2] = transposed ? 1 : 0
    head.writeUInt32LE(transposed ? columns : 0, 4)
    head.writeBigUInt64LE(BigInt(data.length), 8)
    head.writeBigUInt64LE(BigInt(zipped.length), 16)
    return block('DZ', [], Buffer.concat([head, zipped]))
  }
  const pieces = (one: (data: Buffer) => number): number => {
    const parts: Buffer[] = []
    for (let at = 0; at < file.data.length; at += PIECE) parts.push(file.data.subarray(at, at + PIECE))
    const half = Math.ceil(parts.length / 2)
    const list = (some: Buffer[], next: number) => {
      const data = Buffer.alloc(8 + 8 * some.length)
      data.writeUInt32LE(some.length, 4)
      return block('DL', [next, ...some.map(one)], data)
    }
    return list(parts.slice(0, half), list(parts.slice(half), 0))
  }
  const storedData = (): number => {
    switch (file.storage ?? 'plain') {
      case 'compressed':
      case 'transposed':
        return packed(file.data)
      case 'list':
        return pieces((data) => block('DT', [], data))
      case 'header-list':
        return block('HL', [pieces(packed)], Buffer.alloc(8))
      default:
        return block('DT', [], file.data)
    }
  }

  put(Buffer.alloc(64))
  const headAt = put(Buffer.alloc(24 + 6 * 8 + 32))
  const groupsAt: number[] = []
  const channelList = (channels: readonly TestChannel[]): number => {
    let next = 0
    for (const channel of [...channels].reverse()) {
      const data = Buffer.alloc(72)
      data[0] = channel.type ?? 0
      data[1] = channel.sync ?? 0
      data[2] = channel.dataType
      data[3] = channel.bitOffset ?? 0
      data.writeUInt32LE(channel.byteOffset, 4)
      data.writeUInt32LE(channel.bitCount, 8)
      data.writeUInt32LE(channel.flags ?? 0, 12)
      data.writeUInt32LE(channel.invalidationBit ?? 0, 16)
      const members = channel.members === undefined ? 0 : channelList(channel.members)
      const values =
        channel.signalGroup !== undefined
          ? groupsAt[channel.signalGroup]!
          : channel.signalData === undefined
            ? 0
            : block('SD', [], channel.signalData)
      next = block(
        'CN',
        [next, members, text(channel.name), 0, conversion(channel.conversion), values, text(channel.unit), 0],
        data,
      )
    }
    return next
  }
  let next = 0
  // From the last to the first: a channel refers to a group behind its own.
  for (const [index, group] of [...file.groups.entries()].reverse()) {
    const data = Buffer.alloc(32)
    data.writeBigUInt64LE(BigInt(group.recordId ?? 0), 0)
    data.writeUInt16LE(group.isVariable ? 1 : 0, 16)
    data.writeUInt32LE(group.dataBytes, 24)
    data.writeUInt32LE(group.invalidationBytes ?? 0, 28)
    next = block('CG', [next, channelList(group.channels), text(group.name), 0, 0, 0], data)
    groupsAt[index] = next
  }
  const groupAt = size
  const dg = Buffer.alloc(8)
  dg[0] = file.recordIdBytes ?? 0
  const dgLength = 24 + 4 * 8 + 8
  put(Buffer.alloc(dgLength))
  const dataAt = storedData()

  const bytes = Buffer.concat(chunks, size)
  const patch = (at: number, id: string, links: readonly number[], data: Buffer) => {
    bytes.write(`##${id}`, at, 'latin1')
    bytes.writeBigUInt64LE(BigInt(24 + 8 * links.length + data.length), at + 8)
    bytes.writeBigUInt64LE(BigInt(links.length), at + 16)
    for (const [index, link] of links.entries()) bytes.writeBigUInt64LE(BigInt(link), at + 24 + 8 * index)
    data.copy(bytes, at + 24 + 8 * links.length)
  }
  bytes.write(file.unfinished ? 'UnFinMF 4.10    ' : 'MDF     4.10    ', 'latin1')
  bytes.writeUInt16LE(file.version ?? 410, 28)
  if (file.unfinished) bytes.writeUInt16LE(37, 60)
  const head = Buffer.alloc(32)
  head.writeBigUInt64LE(file.startNanoseconds ?? 1_790_000_000_000_000_000n, 0)
  head[12] = file.timeFlags ?? 2
  patch(headAt, 'HD', [groupAt, 0, 0, 0, 0, 0], head)
  patch(groupAt, 'DG', [0, next, dataAt, 0], dg)
  // A file that was not closed does not know how long its data are.
  if (file.unfinished && (file.storage ?? 'plain') === 'plain') bytes.writeBigUInt64LE(24n, dataAt + 8)
  return file.unfinished ? bytes.subarray(0, dataAt + 24 + file.data.length) : bytes
}
