import { Readable } from 'node:stream'
import { filterMatches, isUserTopic } from '@millwright/connectivity'
import type { QueuedPacket } from '../store/queue.ts'
import type { SessionStore } from '../store/session-store.ts'

interface ClientId {
  readonly id: string
}

interface Subscriber {
  readonly clientId: string
  readonly topic: string
  readonly qos: 0 | 1 | 2
}

const INSIDE = /^d\/([^/]+)\/(.*)$/s

/** `d/<device>/<topic>` -> the device and the topic as it sees it. */
function outside(topic: string): { device: string; topic: string } | undefined {
  const parts = INSIDE.exec(topic)
  return parts === null ? undefined : { device: parts[1]!, topic: parts[2]! }
}

/**
 * What aedes asks of its persistence (the contract of aedes-persistence 11), over the session store.
 *
 * Three parts of the contract stay empty because the connection does that work before aedes is asked: subscriptions are
 * granted and stored by the connection (aedes is told all filters at QoS 2 and the connection lowers each message to
 * what was granted), publishes of devices never enter aedes as packets (so it stores no incoming QoS 2), and last wills
 * are kept and published by the connection.
 */
export class BrokerPersistence {
  readonly #store: SessionStore

  constructor(store: SessionStore) {
    this.#store = store
  }

  async setup(): Promise<void> {}

  async storeRetained(packet: QueuedPacket): Promise<void> {
    const place = outside(packet.topic)
    if (place !== undefined) this.#store.retained.keep(place.device, packet)
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(this.#retained(filters))
  }

  createRetainedStream(filter: string): Readable {
    return this.createRetainedStreamCombi([filter])
  }

  async addSubscriptions(): Promise<void> {}
  async removeSubscriptions(): Promise<void> {}

  async subscriptionsByClient(client: ClientId): Promise<{ topic: string; qos: 2 }[]> {
    const prefix = client.id.slice(0, client.id.indexOf('/', 2) + 1)
    return [...this.#store.sessions.filters(client.id).keys()].map((filter) => ({ topic: prefix + filter, qos: 2 }))
  }

  async countOffline(): Promise<{ subsCount: number; clientsCount: number }> {
    return { subsCount: 0, clientsCount: this.#store.sessions.size }
  }

  async subscriptionsByTopic(topic: string): Promise<Subscriber[]> {
    const place = outside(topic)
    if (place === undefined || !isUserTopic(place.topic)) return []
    return this.#store.sessions
      .wanting(place.device, place.topic)
      .map(({ id, qos }) => ({ clientId: id, topic: place.topic, qos }))
  }

  async cleanSubscriptions(): Promise<void> {}

  async outgoingEnqueue(subscriber: { clientId: string }, packet: QueuedPacket): Promise<void> {
    const place = outside(packet.topic)
    if (place !== undefined && isUserTopic(place.topic)) this.#store.queue.add(subscriber.clientId, packet)
  }

  async outgoingEnqueueCombi(subscribers: readonly Subscriber[], packet: QueuedPacket): Promise<void> {
    for (const { clientId, qos } of subscribers) {
      this.#store.queue.add(clientId, { ...packet, qos: Math.min(qos, packet.qos) as 1 | 2, retain: false })
    }
  }

  async outgoingUpdate(client: ClientId, packet: QueuedPacket): Promise<void> {
    if (packet.cmd === 'pubrel') this.#store.queue.released(client.id, packet.messageId!)
    else if (packet.qos > 0) this.#store.queue.sending(client.id, packet)
  }

  async outgoingClearMessageId(client: ClientId, packet: { messageId?: number }): Promise<undefined> {
    if (packet.messageId !== undefined) this.#store.queue.remove(client.id, packet.messageId)
  }

  outgoingStream(client: ClientId): Readable {
    return Readable.from(this.#store.queue.list(client.id))
  }

  async incomingStorePacket(): Promise<void> {}

  async incomingGetPacket(): Promise<never> {
    throw new Error('no such packet')
  }

  async incomingDelPacket(): Promise<void> {}
  async cleanIncoming(): Promise<void> {}
  async putWill(): Promise<void> {}
  async getWill(): Promise<undefined> {}
  async delWill(): Promise<undefined> {}

  streamWill(): Readable {
    return Readable.from([])
  }

  getClientList(): Readable {
    return Readable.from([])
  }

  async destroy(): Promise<void> {}

  *#retained(filters: readonly string[]): Generator<object> {
    for (const filter of filters) {
      const place = outside(filter)
      if (place === undefined) continue
      for (const message of this.#store.retained.of(place.device)) {
        const topic = outside(message.topic)!.topic
        if (filterMatches(place.topic, topic)) yield { cmd: 'publish', ...message, retain: true }
      }
    }
  }
}
