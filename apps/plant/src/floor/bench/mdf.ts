/**
 * A measurement file as a bench writes it (ASAM MDF 4.10): one group, its master the time, each channel a float64. Blocks
 * are written before what refers to them, so that each link is known; only the header's place is fixed, at byte 64.
 */
export interface Recording {
  /** µs since the epoch. */
  readonly start: number
  readonly channels: readonly { readonly name: string; readonly unit: string }[]
  /** Seconds since the start, and a value for each channel. */
  readonly rows: readonly { readonly at: number; readonly values: readonly number[] }[]
}

const HEADER = 64
const HEADER_LENGTH = 24 + 6 * 8 + 32
const FLOAT = 4
const MASTER = 2
const COMMENT =
  '<FHcomment><TX/><tool_id>TB-1</tool_id><tool_vendor>Millwright</tool_vendor><tool_version>1</tool_version></FHcomment>'

export function writeRecording({ start, channels, rows }: Recording): Buffer {
  const blocks: Buffer[] = []
  let size = HEADER + HEADER_LENGTH
  const put = (id: string, links: readonly number[], data: Buffer): number => {
    const at = size
    const bytes = block(id, links, data)
    blocks.push(bytes)
    size += bytes.length
    return at
  }
  const text = (content: string) => put('TX', [], Buffer.from(`${content}\0`))
  const nanoseconds = BigInt(start) * 1000n
  const width = 8 * (channels.length + 1)

  const records = Buffer.alloc(width * rows.length)
  for (const [index, { at, values }] of rows.entries()) {
    records.writeDoubleLE(at, index * width)
    for (const [place, value] of values.entries()) records.writeDoubleLE(value, index * width + 8 * (place + 1))
  }
  const data = put('DT', [], records)

  let channel = 0
  const all = [{ name: 'time', unit: 's' }, ...channels]
  for (let place = all.length - 1; place >= 0; place--) {
    const { name, unit } = all[place]!
    const described = Buffer.alloc(72)
    if (place === 0) described.set([MASTER, 1])
    described[2] = FLOAT
    described.writeUInt32LE(8 * place, 4)
    described.writeUInt32LE(64, 8)
    channel = put('CN', [channel, 0, text(name), 0, 0, 0, text(unit), 0], described)
  }

  const group = Buffer.alloc(32)
  group.writeBigUInt64LE(BigInt(rows.length), 8)
  group.writeUInt32LE(width, 24)
  const groupAt = put('CG', [0, channel, 0, 0, 0, 0], group)
  const dataGroup = put('DG', [0, groupAt, data, 0], Buffer.alloc(8))
  const made = Buffer.alloc(16)
  made.writeBigUInt64LE(nanoseconds)
  const history = put('FH', [0, put('MD', [], Buffer.from(`${COMMENT}\0`))], made)

  const head = Buffer.alloc(32)
  head.writeBigUInt64LE(nanoseconds)
  return Buffer.concat([identification(), block('HD', [dataGroup, history, 0, 0, 0, 0], head), ...blocks])
}

function block(id: string, links: readonly number[], data: Buffer): Buffer {
  const length = 24 + 8 * links.length + data.length
  const bytes = Buffer.alloc(Math.ceil(length / 8) * 8)
  bytes.write(`##${id}`, 'latin1')
  bytes.writeBigUInt64LE(BigInt(length), 8)
  bytes.writeBigUInt64LE(BigInt(links.length), 16)
  for (const [place, link] of links.entries()) bytes.writeBigUInt64LE(BigInt(link), 24 + 8 * place)
  data.copy(bytes, 24 + 8 * links.length)
  return bytes
}

function identification(): Buffer {
  const bytes = Buffer.alloc(HEADER)
  bytes.write('MDF     4.10    Millwrgt', 'latin1')
  bytes.writeUInt16LE(410, 28)
  return bytes
}
