import { isRefusal } from '@millwright/connectivity'

/** Acknowledgements that wait for one promise, in the order of their messages. */
interface Group {
  readonly promise: Promise<void>
  /** First byte of the acknowledgement << 16 | packet id. */
  readonly acks: number[]
  messages: number
  bytes: number
  durable: boolean
}

/**
 * The acknowledgements of one connection, sent only after what they acknowledge is durable, and in the order in which
 * the messages came [MQTT-4.6.0-2]. Messages of one storage window share a promise and so one group, one listener and
 * one write: no promise and no write per message.
 */
export class AckQueue {
  /** Messages and payload bytes taken and not yet settled. */
  messages = 0
  bytes = 0
  readonly #groups: Group[] = []
  readonly #send: (acks: Buffer) => void
  readonly #settled: () => void
  readonly #failed: (error: unknown) => void
  #closed = false

  /**
   * @param send writes acknowledgements @param settled is told after each, so that reading can go on
   * @param failed a message could not be stored: it must not be acknowledged, nor any after it
   */
  constructor(send: (acks: Buffer) => void, settled: () => void, failed: (error: unknown) => void) {
    this.#send = send
    this.#settled = settled
    this.#failed = failed
  }

  /** @param ack first byte of the acknowledgement; 0 for QoS 0, which waits here only to be counted */
  add(promise: Promise<void>, ack: number, packetId: number, size: number): void {
    let group = this.#groups.at(-1)
    if (group === undefined || group.promise !== promise || group.durable) {
      group = { promise, acks: [], messages: 0, bytes: 0, durable: false }
      this.#groups.push(group)
      this.#watch(group)
    }
    if (ack !== 0) group.acks.push((ack << 16) | packetId)
    group.messages++
    group.bytes += size
    this.messages++
    this.bytes += size
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true
    this.#groups.length = 0
  }

  #watch(group: Group): void {
    const durable = () => {
      group.durable = true
      this.#flush()
    }
    group.promise.then(durable, (error: unknown) => {
      // A refused message has its dead letter, and sending it again would not help: MQTT 3.1.1 can only acknowledge it.
      if (isRefusal(error)) durable()
      else if (!this.#closed) this.#failed(error)
    })
  }

  #flush(): void {
    if (this.#closed) return
    let ready = 0
    let acks = 0
    while (ready < this.#groups.length && this.#groups[ready]!.durable) acks += this.#groups[ready++]!.acks.length
    if (ready === 0) return
    const bytes = Buffer.allocUnsafe(acks * 4)
    let at = 0
    for (const group of this.#groups.splice(0, ready)) {
      this.messages -= group.messages
      this.bytes -= group.bytes
      for (const ack of group.acks) {
        bytes[at++] = ack >> 16
        bytes[at++] = 2
        bytes[at++] = (ack >> 8) & 255
        bytes[at++] = ack & 255
      }
    }
    if (at > 0) this.#send(bytes)
    this.#settled()
  }
}
