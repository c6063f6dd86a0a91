import { type FrameBytes, MAX_DATA } from '@millwright/connectivity-can'
import type { MdfFile } from '../blocks/file.ts'
import type { Channel, ChannelGroup, Conversion } from '../blocks/model.ts'
import { convertNumber } from './convert.ts'
import { type ReadRaw, rawReader } from './raw.ts'
import { type BytesReader, bytesReader, type PassingValues } from './values.ts'

/** CAN data frames of a bus logging (ASAM MDF bus logging, CAN_DataFrame). */
export interface FramePlan {
  readonly id: ReadRaw
  readonly extended: ReadRaw
  readonly channel: ReadRaw
  readonly length: ReadRaw
  readonly data: BytesReader
}

/** Bytes by the data length code of CAN FD. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64]
const EXTENDED = 2 ** 31

/** undefined: it is another event of a bus, or lacks what frames need. */
export async function framePlan(
  mdf: MdfFile,
  event: Channel,
  group: ChannelGroup,
  passing: ReadonlyMap<number, PassingValues>,
): Promise<FramePlan | undefined> {
  if (!/^CAN_DataFrame/.test(event.name)) return undefined
  const member = (name: string) => event.members.find((each) => each.name.endsWith(`.${name}`) || each.name === name)
  const number = (name: string): ReadRaw | undefined => {
    const channel = member(name)
    const raw = channel && rawReader(channel, group.dataBytes)
    return raw && converted(raw, channel.conversion)
  }
  const id = number('ID')
  const bytes = member('DataBytes')
  const data = bytes && (await bytesReader(mdf, bytes, group, passing))
  if (id === undefined || data === undefined) return undefined
  const code = number('DLC')
  const length =
    number('DataLength') ?? (code === undefined ? () => MAX_DATA : (record, index) => LENGTHS[code(record, index)] ?? 0)
  return {
    id: (record, index) => id(record, index) % EXTENDED,
    extended: number('IDE') ?? ((record, index) => (id(record, index) > 0x7ff ? 1 : 0)),
    channel: number('BusChannel') ?? (() => 0),
    length,
    data,
  }
}

/** Puts a frame's data where the decoder reads them. @returns false when they are not there */
export function fillFrame(plan: FramePlan, record: Buffer, index: number, frame: FrameBytes): boolean {
  const { data } = plan
  const bytes = data.fixed === undefined ? data.lookup!(data.offset!(record, index)) : data.fixed(record)
  if (bytes === undefined) return false
  const length = Math.min(bytes.length, MAX_DATA, Math.max(0, plan.length(record, index)))
  bytes.copy(frame.bytes, 0, 0, length)
  frame.finish(length)
  return true
}

function converted(raw: ReadRaw, conversion: Conversion | undefined): ReadRaw {
  if (conversion === undefined || conversion.type === 0) return raw
  return (record, index) => {
    const value = convertNumber(conversion, raw(record, index))
    return typeof value === 'number' ? value : raw(record, index)
  }
}
