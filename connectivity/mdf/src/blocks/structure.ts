import type { PickedFile } from '@millwright/connectivity-files'
import { parseFormula } from '../channels/formula.ts'
import { mdfErrors } from '../errors.ts'
import { MdfFile } from './file.ts'
import type { Channel, ChannelGroup, Conversion, DataGroup, Measurement } from './model.ts'

const MAX_GROUPS = 20_000
const MAX_CHANNELS = 200_000
const MAX_DEPTH = 8
/** References of all conversions: they may refer to each other, and to themselves. */
const MAX_REFERENCES = 500_000
const VARIABLE = 1
const REMOTE_MASTER = 8
const LOCAL_TIME = 1
const ALGEBRAIC = 3

/** Reads all descriptions of an MDF 4 file; its data stay where they are. */
export async function readStructure(picked: PickedFile): Promise<{ mdf: MdfFile; measurement: Measurement }> {
  const mdf = new MdfFile(picked)
  const not = (what: string) => mdfErrors.notMdf({ file: picked.name, what })
  if (picked.size < 64 + 104) throw not('it is too short')
  const id = await mdf.bytes(0, 64)
  const mark = id.toString('latin1', 0, 8)
  if (mark !== 'MDF     ' && mark !== 'UnFinMF ') throw not('it does not begin with MDF')
  const version = id.readUInt16LE(28)
  if (version < 400 || version >= 500) throw not(`it is of version ${version / 100}`)
  const head = await mdf.block(64, 'HD')
  const data = await mdf.data(head, 16)
  const reader = new StructureReader(mdf)
  const measurement = {
    start: Number(data.readBigUInt64LE(0) / 1000n) + Number(data.readBigUInt64LE(0) % 1000n) / 1000,
    isLocal: (data[12]! & LOCAL_TIME) !== 0,
    groups: await reader.dataGroups(head.links[0] ?? 0),
    isUnfinished: mark === 'UnFinMF ',
  }
  return { mdf, measurement }
}

class StructureReader {
  readonly #mdf: MdfFile
  readonly #conversions = new Map<number, Conversion>()
  #groups = 0
  #channels = 0
  #references = 0

  constructor(mdf: MdfFile) {
    this.#mdf = mdf
  }

  async dataGroups(first: number): Promise<DataGroup[]> {
    const groups: DataGroup[] = []
    for (let at = first; at !== 0; ) {
      this.#count('groups')
      const { links, ...block } = await this.#mdf.block(at, 'DG')
      const data = await this.#mdf.data({ ...block, links }, 1)
      const recordIdBytes = data[0]!
      if (![0, 1, 2, 4, 8].includes(recordIdBytes))
        throw this.#mdf.fail(at, 'record numbers have a length that cannot be')
      groups.push({ recordIdBytes, dataAt: links[2] ?? 0, groups: await this.#channelGroups(links[1] ?? 0) })
      at = links[0] ?? 0
    }
    return groups
  }

  async #channelGroups(first: number): Promise<ChannelGroup[]> {
    const groups: ChannelGroup[] = []
    for (let at = first; at !== 0; ) {
      this.#count('groups')
      const block = await this.#mdf.block(at, 'CG')
      const data = await this.#mdf.data(block, 32)
      const flags = data.readUInt16LE(16)
      if ((flags & REMOTE_MASTER) !== 0)
        throw mdfErrors.unsupported({
          file: this.#mdf.name,
          what: 'channel groups that share a master (column-oriented storage of MDF 4.2)',
        })
      groups.push({
        at,
        recordId: Number(data.readBigUInt64LE(0)),
        isVariable: (flags & VARIABLE) !== 0,
        dataBytes: data.readUInt32LE(24),
        invalidationBytes: data.readUInt32LE(28),
        name: await this.#mdf.text(block.links[2] ?? 0),
        channels: await this.#channelList(block.links[1] ?? 0, 0),
      })
      at = block.links[0] ?? 0
    }
    return groups
  }

  async #channelList(first: number, depth: number): Promise<Channel[]> {
    const channels: Channel[] = []
    for (let at = first; at !== 0; ) {
      this.#count('channels')
      const block = await this.#mdf.block(at, 'CN')
      channels.push(await this.#channel(block.links, await this.#mdf.data(block, 20), depth))
      at = block.links[0] ?? 0
    }
    return channels
  }

  async #channel(links: readonly number[], data: Buffer, depth: number): Promise<Channel> {
    const composition = links[1] ?? 0
    const composed = composition === 0 ? undefined : await this.#mdf.block(composition)
    const isStructure = composed?.id === 'CN' && depth < MAX_DEPTH
    const conversion = await this.#conversion(links[4] ?? 0, 0)
    return {
      name: await this.#mdf.text(links[2] ?? 0),
      unit: (await this.#mdf.text(links[6] ?? 0)) || (conversion?.unit ?? ''),
      type: data[0]!,
      sync: data[1]!,
      dataType: data[2]!,
      bitOffset: data[3]! & 7,
      byteOffset: data.readUInt32LE(4),
      bitCount: data.readUInt32LE(8),
      flags: data.readUInt32LE(12),
      invalidationBit: data.readUInt32LE(16),
      conversion,
      signalData: links[5] ?? 0,
      members: isStructure ? await this.#channelList(composition, depth + 1) : [],
      leftOut: composed !== undefined && !isStructure ? 'an array' : undefined,
    }
  }

  async #conversion(at: number, depth: number): Promise<Conversion | undefined> {
    if (at === 0) return undefined
    const known = this.#conversions.get(at)
    if (known !== undefined) return known
    const block = await this.#mdf.block(at, 'CC')
    const data = await this.#mdf.data(block, 24)
    const count = data.readUInt16LE(6)
    if (24 + 8 * count > data.length) throw this.#mdf.fail(at, 'a conversion is shorter than its values')
    const references = []
    for (const link of block.links.slice(4)) {
      if (++this.#references > MAX_REFERENCES)
        throw mdfErrors.tooMany({ file: this.#mdf.name, things: 'references of conversions', limit: MAX_REFERENCES })
      const isText = link === 0 || ['TX', 'MD'].includes((await this.#mdf.block(link)).id)
      if (link === 0 || depth >= MAX_DEPTH) references.push(undefined)
      else references.push(isText ? await this.#mdf.text(link) : await this.#conversion(link, depth + 1))
    }
    const conversion: Conversion = {
      type: data[0]!,
      values: Array.from({ length: count }, (_, index) => data.readDoubleLE(24 + 8 * index)),
      references,
      unit: await this.#mdf.text(block.links[1] ?? 0),
      formula: data[0] === ALGEBRAIC && typeof references[0] === 'string' ? parseFormula(references[0]) : undefined,
    }
    this.#conversions.set(at, conversion)
    return conversion
  }

  /** Also what ends circles of links. */
  #count(things: 'groups' | 'channels'): void {
    const limit = things === 'groups' ? MAX_GROUPS : MAX_CHANNELS
    const count = things === 'groups' ? ++this.#groups : ++this.#channels
    if (count > limit) throw mdfErrors.tooMany({ file: this.#mdf.name, things, limit })
  }
}
