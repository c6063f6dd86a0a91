import { MetricRows, QUALITY, ROW, type WideValue } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Dbc, DbcMessage } from '../dbc/model.ts'
import { compile, type FrameMapping, type SignalPlan } from './compile.ts'
import type { FrameBytes } from './extract.ts'
import { TransportSessions } from './transport.ts'

/** Readings of one device, as they come together until they are handed over. */
export interface DeviceRows {
  readonly device: string | undefined
  readonly rows: MetricRows
}

interface MessagePlan {
  readonly message: DbcMessage
  readonly signals: readonly SignalPlan[]
  /** Of the messages that all come from one sender. */
  readonly target: DeviceRows | undefined
}

const MAX_SOURCES = 256

/** Frames of one bus into readings, by the databases of that bus. */
export class FrameDecoder {
  readonly counters = { frames: 0, unknown_frames: 0, short_frames: 0, broken_transfers: 0 }
  readonly #mapping: FrameMapping
  readonly #standard = new Map<number, MessagePlan>()
  readonly #extended = new Map<number, MessagePlan>()
  /** J1939: by parameter group; priority and addresses may be any. */
  readonly #groups = new Map<number, MessagePlan>()
  readonly #groupsOf = new Map<number, Map<number, MessagePlan>>()
  readonly #addresses = new Map<number, string>()
  readonly #devices = new Map<string | undefined, DeviceRows>()
  readonly #states = new Map<string, WideValue>()
  readonly #raw = new Float64Array(4096)
  readonly #transfers = new TransportSessions()

  constructor(databases: readonly Dbc[], mapping: FrameMapping) {
    this.#mapping = mapping
    for (const { messages, nodes } of databases) {
      for (const { name, address } of nodes) if (address !== undefined) this.#addresses.set(address, name)
      for (const message of messages) this.#add(message)
    }
  }

  /** Those that may hold rows. */
  get devices(): Iterable<DeviceRows> {
    return this.#devices.values()
  }

  /** Drops the rows of all devices. */
  clear(): void {
    for (const { rows } of this.#devices.values()) rows.clear()
  }

  /** @param id of 11 or 29 bits. @returns rows that were added */
  decode(id: number, extended: boolean, frame: FrameBytes, time: Micros): number {
    this.counters.frames++
    if (extended && this.#groups.size > 0) {
      const group = groupOf(id)
      if (TransportSessions.carries(group)) {
        const whole = this.#transfers.take(id, group, frame, time)
        this.counters.broken_transfers = this.#transfers.broken
        return whole === undefined ? 0 : this.#read(whole.id, true, whole.frame, time)
      }
    }
    return this.#read(id, extended, frame, time)
  }

  #read(id: number, extended: boolean, frame: FrameBytes, time: Micros): number {
    const plan = (extended ? this.#extended : this.#standard).get(id) ?? (extended ? this.#group(id) : undefined)
    if (plan === undefined) {
      this.counters.unknown_frames++
      return 0
    }
    const rows = (plan.target ?? this.#device(this.#nameOf(id, plan.message))).rows
    const before = rows.length
    const { interval } = this.#mapping
    const { signals } = plan
    const raws = this.#raw
    let short = false
    for (let index = 0; index < signals.length; index++) {
      const signal = signals[index]!
      raws[index] = Number.NaN
      if (signal.bytes > frame.length) {
        short = true
        continue
      }
      if (signal.by >= 0 && !isThere(signal.ranges, raws[signal.by]!)) continue
      if (interval > 0) {
        if (time - signal.last < interval && time >= signal.last) {
          if (signal.decides) raws[index] = signal.extract(frame)
          continue
        }
        signal.last = time
      }
      const raw = signal.extract(frame)
      raws[index] = raw
      this.#push(rows, signal, raw)
      if (signal.unit !== undefined) rows.setUnit(rows.length - 1, signal.unit)
    }
    if (short) this.counters.short_frames++
    rows.setTime(before, time)
    return rows.length - before
  }

  #push(rows: MetricRows, signal: SignalPlan, raw: number): void {
    const { metric, reserved } = signal
    if (signal.states !== undefined) {
      rows.pushWide(metric, ROW.state, this.#state(signal.states.get(raw) ?? String(raw)))
      return
    }
    let quality: number = QUALITY.good
    if (signal.special !== undefined) quality = signal.special.get(raw) ?? QUALITY.good
    if (reserved !== undefined && raw >= reserved.error)
      quality = raw >= reserved.notAvailable ? QUALITY.bad : QUALITY.badSensorFailure
    const value = raw * signal.factor + signal.offset
    if (quality === QUALITY.good && Number.isFinite(value)) rows.push(metric, ROW.number, value, QUALITY.good)
    else rows.push(metric, ROW.none, Number.NaN, quality === QUALITY.good ? QUALITY.bad : quality)
  }

  #state(text: string): WideValue {
    const known = this.#states.get(text)
    if (known !== undefined) return known
    const made: WideValue = { kind: 'state', value: text }
    if (this.#states.size < 10_000) this.#states.set(text, made)
    return made
  }

  #add(message: DbcMessage): void {
    const own = this.#mapping.device === 'none' || !message.j1939
    const plan = (signals: readonly SignalPlan[]): MessagePlan => ({
      message,
      signals,
      target: own ? this.#device(this.#mapping.device === 'none' ? undefined : message.sender) : undefined,
    })
    const made = plan(compile(message, this.#mapping, message.j1939).slice(0, this.#raw.length))
    if (message.j1939) this.#groups.set(groupOf(message.id), made)
    else (message.extended ? this.#extended : this.#standard).set(message.id, made)
  }

  /** A source address has its own times of last readings. */
  #group(id: number): MessagePlan | undefined {
    const group = groupOf(id)
    const known = this.#groups.get(group)
    if (known === undefined || this.#mapping.interval === 0) return known
    const bySource = this.#groupsOf.get(group) ?? new Map<number, MessagePlan>()
    let plan = bySource.get(id & 0xff)
    if (plan === undefined) {
      plan = { ...known, signals: known.signals.map((signal) => ({ ...signal })) }
      this.#groupsOf.set(group, bySource.set(id & 0xff, plan))
    }
    return plan
  }

  /** J1939: who sends stands in the identifier. */
  #nameOf(id: number, message: DbcMessage): string | undefined {
    if (this.#mapping.device === 'none') return undefined
    const address = id & 0xff
    return message.j1939 ? (this.#addresses.get(address) ?? `address ${address}`) : message.sender
  }

  #device(name: string | undefined): DeviceRows {
    const bounded = name?.slice(0, 120)
    const known = this.#devices.get(bounded)
    if (known !== undefined) return known
    const made = { device: this.#devices.size > MAX_SOURCES + 4000 ? undefined : bounded, rows: new MetricRows() }
    this.#devices.set(bounded, made)
    return made
  }
}

/**
 * The parameter group number of a 29-bit identifier (SAE J1939-21, 5.1.2): of formats below 240 the low byte is the address
 * that is meant.
 */
export function groupOf(id: number): number {
  const group = (id >>> 8) & 0x3ffff
  return ((group >>> 8) & 0xff) < 240 ? group & 0x3ff00 : group
}

function isThere(ranges: SignalPlan['ranges'], value: number): boolean {
  for (const [low, high] of ranges) if (value >= low && value <= high) return true
  return false
}
