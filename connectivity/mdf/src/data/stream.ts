import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import type { Block, MdfFile } from '../blocks/file.ts'
import { mdfErrors } from '../errors.ts'

const CHUNK = 1 << 20
/** Of one compressed block, unpacked: writers use 4 MB. */
const MAX_UNPACKED = 256 << 20
const MAX_BLOCKS = 1_000_000
const PLAIN = ['DT', 'SD', 'RD', 'DV']
const unzip = promisify(inflate)

/**
 * The bytes of a data link, in order and in pieces: one block, a list of them, compressed or not.
 * @param isUnfinished the last block may reach further than it says, up to the end of the file
 */
export async function* dataOf(mdf: MdfFile, at: number, isUnfinished: boolean): AsyncGenerator<Buffer> {
  let lists = 0
  if (at === 0) return
  const first = await mdf.block(at)
  const list = first.id === 'HL' ? await mdf.block(first.links[0] ?? 0, 'DL') : first
  if (list.id !== 'DL') {
    yield* blockData(mdf, first, isUnfinished)
    return
  }
  for (let block: Block | undefined = list; block !== undefined; ) {
    if (++lists > MAX_BLOCKS) throw mdfErrors.tooMany({ file: mdf.name, things: 'lists of data', limit: MAX_BLOCKS })
    const next: number = block.links[0] ?? 0
    const parts = block.links.slice(1).filter((link) => link !== 0)
    for (const [index, link] of parts.entries()) {
      const isLast = next === 0 && index === parts.length - 1
      yield* blockData(mdf, await mdf.block(link), isUnfinished && isLast)
    }
    block = next === 0 ? undefined : await mdf.block(next, 'DL')
  }
}

async function* blockData(mdf: MdfFile, block: Block, isUnfinished: boolean): AsyncGenerator<Buffer> {
  if (block.id === 'DZ') {
    yield await unpacked(mdf, block)
    return
  }
  if (!PLAIN.includes(block.id)) throw mdfErrors.unsupported({ file: mdf.name, what: `data in blocks ${block.id}` })
  const { size } = mdf.file
  const rest = size - block.dataAt
  const length = isUnfinished ? rest : block.dataLength
  // A file that was cut off gives what it has.
  const end = block.dataAt + Math.min(length, rest)
  for (let at = block.dataAt; at < end; at += CHUNK) yield mdf.file.read(at, Math.min(CHUNK, end - at))
}

/** DZ: deflate, of the bytes as they are (0) or of the records' columns one after the other (1). */
async function unpacked(mdf: MdfFile, block: Block): Promise<Buffer> {
  if (block.dataLength < 24) throw mdf.fail(block.at, 'a compressed block is too short')
  const head = await mdf.bytes(block.dataAt, 24)
  const transposed = head[2]!
  const columns = head.readUInt32LE(4)
  const length = Number(head.readBigUInt64LE(8))
  const packedLength = Number(head.readBigUInt64LE(16))
  if (transposed > 1) throw mdfErrors.unsupported({ file: mdf.name, what: `compression of kind ${transposed}` })
  if (length > MAX_UNPACKED || packedLength > block.dataLength - 24)
    throw mdf.fail(block.at, 'a compressed block has lengths that cannot be')
  const packed = await mdf.bytes(block.dataAt + 24, packedLength)
  const data = (await unzip(packed, { maxOutputLength: Math.max(1, length) }).catch((error) => {
    throw mdf.fail(block.at, `a compressed block cannot be unpacked (${error.code ?? error})`)
  })) as Buffer
  if (data.length !== length) throw mdf.fail(block.at, 'a compressed block is shorter than it says')
  return transposed === 1 && columns > 1 ? untransposed(data, columns) : data
}

/** What does not fill a row stands behind, as it was. */
function untransposed(data: Buffer, columns: number): Buffer {
  const rows = Math.floor(data.length / columns)
  const out = Buffer.allocUnsafe(data.length)
  let from = 0
  for (let column = 0; column < columns; column++)
    for (let row = 0, to = column; row < rows; row++, to += columns) out[to] = data[from++]!
  data.copy(out, from, from)
  return out
}
