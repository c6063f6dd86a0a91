import { MetricRows } from '@millwright/connectivity'
import { type BusDecoders, FrameBytes } from '@millwright/connectivity-can'
import type { DeviceRows, FileBatch, PickedFile, ReadFile, RefusedPart } from '@millwright/connectivity-files'
import { DAY, type Micros } from '@millwright/foundation'
import type { MdfFile } from './blocks/file.ts'
import type { Channel, ChannelGroup, DataGroup, Measurement } from './blocks/model.ts'
import { readStructure } from './blocks/structure.ts'
import { fillFrame } from './channels/frames.ts'
import { flat, type GroupPlan, planGroup } from './channels/plan.ts'
import { ChannelValues } from './channels/push.ts'
import { PassingValues } from './channels/values.ts'
import { RecordSplitter } from './data/records.ts'
import { dataOf } from './data/stream.ts'
import { mdfErrors } from './errors.ts'

const BATCH = 20_000
/** Records that wait for a value of variable length. */
const MAX_PENDING = 10_000
const EARLIEST = 946_684_800_000_000
const MAX_NOTES = 50

/** Data groups that are done with, and records of the next one. */
interface Position {
  readonly group: number
  readonly record: number
}

export interface MdfOptions {
  readonly makeDecoders: () => BusDecoders
  /** Whether frames can be decoded at all. */
  readonly hasDatabases: boolean
  readonly now: () => Micros
  readonly toUtc: (local: Micros) => Micros
}

/** ASAM MDF 4, data group by data group; of each no more than a piece is held. */
export function mdfReader(options: MdfOptions): ReadFile {
  return async function* (file, position) {
    const from: Position = position === undefined ? { group: 0, record: 0 } : JSON.parse(position)
    const { mdf, measurement } = await readStructure(file)
    const reading = new Reading(mdf, measurement, options, file)
    for (const [index, group] of measurement.groups.entries()) {
      if (index >= from.group) yield* reading.group(group, index, index === from.group ? from.record : 0)
    }
    const refused = reading.notes()
    if (refused.length > 0)
      yield { rows: [], refused, position: JSON.stringify({ group: measurement.groups.length, record: 0 }) }
  }
}

class Reading {
  readonly #mdf: MdfFile
  readonly #options: MdfOptions
  readonly #isUnfinished: boolean
  /** µs, with a fraction. */
  readonly #start: number
  readonly #file: PickedFile
  readonly #names: ReadonlyMap<Channel, string>
  readonly #rows = new MetricRows()
  readonly #decoders: BusDecoders
  readonly #frame = new FrameBytes()
  readonly #values = new ChannelValues()
  readonly #notes = new Set<string>()
  readonly #latest: Micros
  #count = 0
  #badTimes = 0
  #frames = 0

  constructor(
    mdf: MdfFile,
    { start, isLocal, groups, isUnfinished }: Measurement,
    options: MdfOptions,
    file: PickedFile,
  ) {
    this.#mdf = mdf
    this.#options = options
    this.#isUnfinished = isUnfinished
    const whole = Math.floor(start)
    this.#start = isLocal ? options.toUtc(whole) + (start - whole) : start
    this.#file = file
    this.#names = uniqueNames(groups)
    this.#decoders = options.makeDecoders()
    this.#latest = options.now() + DAY
  }

  /** @param skip records that were handed over before */
  async *group(data: DataGroup, index: number, skip: number): AsyncGenerator<FileBatch> {
    const passing = new Map(
      data.groups.filter(({ isVariable }) => isVariable).map(({ at }) => [at, new PassingValues()]),
    )
    const plans = new Map<ChannelGroup, GroupPlan>()
    for (const group of data.groups) {
      const plan = await planGroup(this.#mdf, group, (channel) => this.#names.get(channel) ?? channel.name, passing)
      plans.set(group, plan)
    }
    if (data.groups.length === 0) return
    const counts = new Map(data.groups.map((group) => [group, 0]))
    const splitter = new RecordSplitter(this.#mdf, data)
    let pending: { plan: GroupPlan; bytes: Buffer; index: number }[] = []
    let done = 0
    const take = (plan: GroupPlan, bytes: Buffer, place: number) => {
      if (++done > skip) this.#record(plan, bytes, place)
    }
    const drain = (): void => {
      let at = 0
      while (at < pending.length && isComplete(pending[at]!.plan, pending[at]!.bytes, pending[at]!.index)) {
        const { plan, bytes, index: place } = pending[at++]!
        take(plan, bytes, place)
      }
      if (at > 0) pending = pending.slice(at)
    }
    for await (const piece of dataOf(this.#mdf, data.dataAt, this.#isUnfinished)) {
      for (const { group, bytes } of splitter.split(piece)) {
        if (group.isVariable) {
          passing.get(group.at)?.add(bytes)
          if (pending.length > 0) drain()
        } else {
          const place = counts.get(group)!
          counts.set(group, place + 1)
          const plan = plans.get(group)!
          if (place === 0) for (const what of plan.leftOut) this.#note(what)
          if (plan.seconds === undefined) continue
          // In the order of the records, though one may wait for its value.
          if (pending.length === 0 && isComplete(plan, bytes, place)) take(plan, bytes, place)
          else if (pending.push({ plan, bytes: Buffer.from(bytes), index: place }) > MAX_PENDING) {
            const first = pending.shift()!
            take(first.plan, first.bytes, first.index)
          }
        }
        if (this.#count >= BATCH) yield* this.#batch({ group: index, record: done })
      }
    }
    for (const { plan, bytes, index: place } of pending) take(plan, bytes, place)
    yield* this.#batch({ group: index + 1, record: 0 })
  }

  /** What was left out, as one dead letter. */
  notes(): RefusedPart[] {
    if (this.#frames > 0 && !this.#options.hasDatabases)
      this.#note(`${this.#frames} CAN frames, for which there is no database`)
    const { frames, unknown_frames } = this.#decoders.counters
    if (frames > 0 && frames === unknown_frames) this.#note(`all ${frames} CAN frames, which no database knows`)
    if (this.#badTimes > 0) this.#note(`${this.#badTimes} records whose time is not from 2000 to tomorrow`)
    if (this.#notes.size === 0) return []
    const all = [...this.#notes]
    const what = all.slice(0, 3).join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '')
    return [{ error: mdfErrors.leftOut({ file: this.#file.name, what }), payload: Buffer.from(all.join('\n')) }]
  }

  #note(what: string): void {
    if (this.#notes.size < MAX_NOTES) this.#notes.add(what)
  }

  #record(plan: GroupPlan, record: Buffer, index: number): void {
    const time = Math.round(this.#start + plan.seconds!(record, index) * 1e6)
    if (!(time >= EARLIEST && time <= this.#latest)) {
      this.#badTimes++
      return
    }
    if (plan.frames !== undefined) {
      this.#frames++
      if (!this.#options.hasDatabases) return
      const bus = String(plan.frames.channel(record, index))
      const decoder = this.#decoders.of(bus)
      if (decoder === undefined || !fillFrame(plan.frames, record, index, this.#frame)) return
      this.#count += decoder.decode(
        plan.frames.id(record, index),
        plan.frames.extended(record, index) !== 0,
        this.#frame,
        time,
      )
      return
    }
    const rows = this.#rows
    const before = rows.length
    for (const channel of plan.channels) this.#values.push(rows, channel, record, index)
    rows.setTime(before, time)
    this.#count += rows.length - before
  }

  *#batch(position: Position): Generator<FileBatch> {
    const { device } = this.#file
    const own: DeviceRows[] = this.#rows.length > 0 ? [{ device, rows: this.#rows }] : []
    const decoded = this.#decoders.filled().map((each) => ({ device: each.device ?? device, rows: each.rows }))
    yield { rows: [...own, ...decoded], refused: [], position: JSON.stringify(position) }
    this.#rows.clear()
    this.#decoders.clear()
    this.#count = 0
  }
}

function isComplete({ waitsFor }: GroupPlan, record: Buffer, index: number): boolean {
  for (const { offset, passing } of waitsFor) if (!passing!.has(offset!(record, index))) return false
  return true
}

/** The same name in several groups gets the group's beside it. */
function uniqueNames(groups: readonly DataGroup[]): Map<Channel, string> {
  const names = new Map<Channel, string>()
  const all = groups.flatMap((data, at) =>
    data.groups.flatMap((group) =>
      flat(group.channels).map((channel) => ({
        channel,
        group: group.name || `group ${at + 1}${group.recordId > 0 ? `.${group.recordId}` : ''}`,
      })),
    ),
  )
  const counts = new Map<string, number>()
  for (const { channel } of all) counts.set(channel.name, (counts.get(channel.name) ?? 0) + 1)
  for (const { channel, group } of all)
    names.set(channel, counts.get(channel.name) === 1 ? channel.name : `${channel.name} (${group})`)
  return names
}
