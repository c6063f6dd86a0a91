import { mqttErrors } from '../errors.ts'

/** Where a persistent session's open QoS 2 receptions outlive the process. */
export interface ReceivedStore {
  add(packetId: number): void
  remove(packetId: number): void
}

/**
 * The receiving side of QoS 2 (section 4.3.3, method A): a packet id is remembered from its PUBLISH to its PUBREL, and a
 * PUBLISH with a remembered id is the same message sent again, which is not taken a second time.
 */
export class ExactlyOnce {
  /** Packet id -> when its message is durable. */
  readonly #open = new Map<number, Promise<void>>()
  readonly #limit: number
  readonly #store: ReceivedStore | undefined

  /** @param known ids that an earlier run of the platform had made durable and not yet released */
  constructor(limit: number, known: readonly number[], store: ReceivedStore | undefined) {
    this.#limit = limit
    this.#store = store
    for (const id of known) this.#open.set(id, DURABLE)
  }

  /** The promise of the message that has this id already, if one has. */
  received(id: number): Promise<void> | undefined {
    return this.#open.get(id)
  }

  /** @throws when too many handshakes are open @returns resolves when the message and its id are durable */
  receive(id: number, durable: Promise<void>): Promise<void> {
    if (this.#open.size >= this.#limit) throw mqttErrors.tooManyInflight({ limit: this.#limit })
    const store = this.#store
    const kept = store === undefined ? durable : durable.then(() => store.add(id))
    this.#open.set(id, kept)
    kept.catch(() => this.#open.delete(id))
    return kept
  }

  release(id: number): void {
    if (this.#open.delete(id)) this.#store?.remove(id)
  }
}

const DURABLE = Promise.resolve()
