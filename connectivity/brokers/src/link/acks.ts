/** A message that the broker waits to hear of. */
export interface Awaited {
  readonly id: number
  readonly qos: 1 | 2
  readonly bytes: number
  settled: boolean
}

/**
 * Acknowledgements in the order of the messages (MQTT 3.1.1 and 5.0, 4.6), each only once its message is settled. What is
 * settled together is written together.
 */
export class Acks {
  readonly #write: (bytes: Buffer) => void
  #queue: Awaited[] = []
  #head = 0
  #scheduled = false
  bytes = 0

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write
  }

  /** Messages not acknowledged yet. */
  get count(): number {
    return this.#queue.length - this.#head
  }

  add(id: number, qos: 1 | 2, bytes: number): Awaited {
    const awaited: Awaited = { id, qos, bytes, settled: false }
    this.#queue.push(awaited)
    this.bytes += bytes
    return awaited
  }

  settle(awaited: Awaited): void {
    awaited.settled = true
    if (this.#scheduled || this.#queue[this.#head] !== awaited) return
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    const from = this.#head
    while (this.#queue[this.#head]?.settled === true) this.#head++
    const packets = Buffer.allocUnsafe((this.#head - from) * 4)
    for (let at = from; at < this.#head; at++) {
      const { id, qos, bytes } = this.#queue[at]!
      const offset = (at - from) * 4
      // PUBACK or PUBREC, two bytes follow: the packet id. Both versions read it so; 5's reason is success then.
      packets[offset] = qos === 1 ? 0x40 : 0x50
      packets[offset + 1] = 2
      packets.writeUInt16BE(id, offset + 2)
      this.bytes -= bytes
    }
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    if (packets.length > 0) this.#write(packets)
  }
}
