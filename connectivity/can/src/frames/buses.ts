import type { Dbc } from '../dbc/model.ts'
import type { FrameMapping } from './compile.ts'
import { type DeviceRows, FrameDecoder } from './decoder.ts'

/** A database, and the bus it is of; undefined: of all. */
export interface BusDatabase {
  readonly bus: string | undefined
  readonly dbc: Dbc
}

const MAX_BUSES = 64

/** A decoder for each bus (`can0`, or the channel of a log), made when its first frame comes. */
export class BusDecoders {
  readonly #databases: readonly BusDatabase[]
  readonly #mapping: FrameMapping
  readonly #decoders = new Map<string, FrameDecoder>()

  constructor(databases: readonly BusDatabase[], mapping: FrameMapping) {
    this.#databases = databases
    this.#mapping = mapping
  }

  /** undefined: no database is of that bus. */
  of(bus: string): FrameDecoder | undefined {
    const known = this.#decoders.get(bus)
    if (known !== undefined) return known
    if (this.#decoders.size >= MAX_BUSES) return undefined
    const own = this.#databases.filter((database) => database.bus === undefined || database.bus === bus)
    const made = new FrameDecoder(
      own.map(({ dbc }) => dbc),
      this.#mapping,
    )
    this.#decoders.set(bus, made)
    return made
  }

  filled(): DeviceRows[] {
    const filled: DeviceRows[] = []
    for (const decoder of this.#decoders.values())
      for (const each of decoder.devices) if (each.rows.length > 0) filled.push(each)
    return filled
  }

  clear(): void {
    for (const decoder of this.#decoders.values()) decoder.clear()
  }

  get counters(): FrameDecoder['counters'] {
    const sum = { frames: 0, unknown_frames: 0, short_frames: 0, broken_transfers: 0 }
    for (const { counters } of this.#decoders.values()) {
      sum.frames += counters.frames
      sum.unknown_frames += counters.unknown_frames
      sum.short_frames += counters.short_frames
      sum.broken_transfers += counters.broken_transfers
    }
    return sum
  }
}
