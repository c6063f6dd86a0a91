import type { DeviceMessage } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import type { Messages } from './model.ts'

const KEPT_BYTES = 1024
const PER_DEVICE = 20
/** Devices remembered: at most 20 KiB each, about 100 MiB in all when every one sends large messages. */
const DEVICES = 5_000

interface Entry {
  time: number
  direction: 'in' | 'out'
  topic: string
  size: number
  points: number
  head: Buffer
  kept: number
}

/** The last messages of each device. On the ingest path: an entry's buffer is used again, nothing is made per message. */
export class MessageRing implements Messages {
  readonly #clock: Clock
  readonly #devices = new Map<string, { entries: Entry[]; next: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(device: string, direction: 'in' | 'out', topic: string, payload: Uint8Array, points = 0): void {
    const ring = this.#devices.get(device) ?? this.#add(device)
    const kept = Math.min(payload.length, KEPT_BYTES)
    let entry = ring.entries[ring.next]
    if (entry === undefined) {
      entry = { time: 0, direction, topic, size: 0, points: 0, head: Buffer.alloc(0), kept: 0 }
      ring.entries.push(entry)
    }
    if (entry.head.length < kept) entry.head = Buffer.allocUnsafeSlow(kept)
    if (kept === payload.length) entry.head.set(payload)
    else entry.head.set(payload.subarray(0, kept))
    entry.time = this.#clock.now()
    entry.direction = direction
    entry.topic = topic
    entry.size = payload.length
    entry.points = points
    entry.kept = kept
    ring.next = (ring.next + 1) % PER_DEVICE
  }

  of(device: string): DeviceMessage[] {
    const ring = this.#devices.get(device)
    if (ring === undefined) return []
    const newestFirst = [...ring.entries.slice(ring.next), ...ring.entries.slice(0, ring.next)].reverse()
    return newestFirst.map(({ head, kept, ...entry }) => ({ ...entry, payload: head.toString('base64', 0, kept) }))
  }

  forget(device: string): void {
    this.#devices.delete(device)
  }

  #add(device: string): { entries: Entry[]; next: number } {
    if (this.#devices.size >= DEVICES) this.#devices.delete(this.#devices.keys().next().value!)
    const ring = { entries: [], next: 0 }
    this.#devices.set(device, ring)
    return ring
  }
}
