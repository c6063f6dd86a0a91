import { BOUNDS } from '@millwright/connectivity'
import { unitOfDbc } from '@millwright/connectivity-can'
import type { MdfFile } from '../blocks/file.ts'
import { CHANNEL, CHANNEL_FLAG, type Channel, type ChannelGroup, type Conversion } from '../blocks/model.ts'
import { convertNumber, givesText, isKnown, linear } from './convert.ts'
import { type FramePlan, framePlan } from './frames.ts'
import { isText, type ReadRaw, rawReader } from './raw.ts'
import { type BytesReader, bytesReader, type PassingValues } from './values.ts'

/** A channel, ready to be read. */
export interface ChannelPlan {
  readonly metric: string
  /** UCUM. */
  readonly unit: string | undefined
  readonly raw: ReadRaw | undefined
  /** Of a text. */
  readonly bytes: BytesReader | undefined
  readonly dataType: number
  readonly factor: number
  readonly offset: number
  /** When it is more than factor and offset. */
  readonly conversion: Conversion | undefined
  readonly isState: boolean
  /** Byte and mask of its invalidation bit; -1: it has none. */
  readonly invalidByte: number
  readonly invalidMask: number
  readonly allInvalid: boolean
}

export interface GroupPlan {
  /** Seconds after the start; undefined: the group has no time, and is left out. */
  readonly seconds: ReadRaw | undefined
  readonly channels: readonly ChannelPlan[]
  readonly frames: FramePlan | undefined
  /** Values that must have come by before a record can be read. */
  readonly waitsFor: readonly BytesReader[]
  /** What is not read of it, in words; worth telling only when it has records. */
  readonly leftOut: readonly string[]
}

const TIME = 1

/** What is done with the records of a group. */
export async function planGroup(
  mdf: MdfFile,
  group: ChannelGroup,
  names: (channel: Channel) => string,
  passing: ReadonlyMap<number, PassingValues>,
): Promise<GroupPlan> {
  const leftOut: string[] = []
  const nothing: GroupPlan = { seconds: undefined, channels: [], frames: undefined, waitsFor: [], leftOut }
  if (group.isVariable || group.channels.length === 0) return nothing
  const master = group.channels.find(({ type }) => type === CHANNEL.master || type === CHANNEL.virtualMaster)
  const seconds = master?.sync === TIME ? secondsReader(master, group) : undefined
  if (seconds === undefined) {
    leftOut.push(`group ${group.name || group.recordId}, which has no time`)
    return nothing
  }
  const events = group.channels.filter(
    ({ flags, dataType }) => (flags & CHANNEL_FLAG.busEvent) !== 0 && dataType === 10,
  )
  if (events.length > 0) {
    const frames = await framePlan(mdf, events[0]!, group, passing)
    if (frames === undefined) leftOut.push(`${events[0]!.name} (only CAN data frames are decoded)`)
    return { ...nothing, seconds, frames, waitsFor: frames?.data.passing === undefined ? [] : [frames.data] }
  }
  const channels: ChannelPlan[] = []
  for (const channel of flat(group.channels)) {
    if (channel === master) continue
    const planned = await planChannel(mdf, channel, group, names(channel), passing)
    if (typeof planned === 'string') leftOut.push(`${channel.name} (${planned})`)
    else channels.push(planned)
  }
  const waitsFor = channels.flatMap(({ bytes }) => (bytes?.passing === undefined ? [] : [bytes]))
  return { seconds, channels, frames: undefined, waitsFor, leftOut }
}

/** Members stand for their structure. */
export const flat = (channels: readonly Channel[]): Channel[] =>
  channels.flatMap((channel) => (channel.members.length > 0 ? flat(channel.members) : [channel]))

function secondsReader(master: Channel, group: ChannelGroup): ReadRaw | undefined {
  const raw = rawReader(master, group.dataBytes)
  if (raw === undefined) return undefined
  const straight = linear(master.conversion)
  if (straight !== undefined) {
    const { factor, offset } = straight
    return (record, index) => offset + factor * raw(record, index)
  }
  return (record, index) => {
    const value = convertNumber(master.conversion!, raw(record, index))
    return typeof value === 'number' ? value : Number.NaN
  }
}

/** @returns why it is left out, in words */
async function planChannel(
  mdf: MdfFile,
  channel: Channel,
  group: ChannelGroup,
  metric: string,
  passing: ReadonlyMap<number, PassingValues>,
): Promise<ChannelPlan | string> {
  const { conversion, flags, invalidationBit, dataType } = channel
  if (channel.leftOut !== undefined) return channel.leftOut
  if (channel.name === '') return 'it has no name'
  if (conversion !== undefined && !isKnown(conversion))
    return conversion.type === 3 ? 'a formula that cannot be read' : `a conversion of type ${conversion.type}`
  const text = isText(channel)
  const bytes = text ? await bytesReader(mdf, channel, group, passing) : undefined
  const raw = text || channel.type === CHANNEL.variable ? undefined : rawReader(channel, group.dataBytes)
  if (raw === undefined && bytes === undefined) return dataType === 10 ? 'bytes' : `data of type ${dataType}`
  const straight = linear(conversion)
  const hasBit = (flags & CHANNEL_FLAG.invalidationBit) !== 0 && invalidationBit >>> 3 < group.invalidationBytes
  const numeric = conversion !== undefined && text && conversion.type === 9
  const isState = (text && !numeric) || (!text && conversion !== undefined && givesText(conversion))
  return {
    metric: metric.slice(0, BOUNDS.nameChars),
    unit: isState ? undefined : unitOfDbc(channel.unit),
    raw,
    bytes,
    dataType,
    factor: straight?.factor ?? 1,
    offset: straight?.offset ?? 0,
    conversion: straight === undefined ? conversion : undefined,
    isState,
    invalidByte: hasBit ? group.dataBytes + (invalidationBit >>> 3) : -1,
    invalidMask: 1 << (invalidationBit & 7),
    allInvalid: (flags & CHANNEL_FLAG.allInvalid) !== 0,
  }
}
