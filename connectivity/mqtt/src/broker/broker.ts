import type { Log } from '@millwright/foundation'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import type { Forward, Link } from '../connection/link.ts'
import type { SessionStore } from '../store/session-store.ts'
import { Lanes } from './lanes.ts'
import { BrokerPersistence } from './persistence.ts'

/** A message inside the broker. */
export interface BrokerMessage {
  /** With the device's prefix. */
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

const packetOf = (message: BrokerMessage) => ({ cmd: 'publish' as const, dup: false, ...message })

/**
 * aedes, behind the connections: who is subscribed to what, what is retained, and the sender's side of QoS 1 and 2.
 * Nothing reaches it that a connection has not identified, bounded and put into the device's namespace.
 */
export class Broker {
  readonly #aedes: Aedes
  readonly #lanes = new Lanes()

  private constructor(aedes: Aedes) {
    this.#aedes = aedes
  }

  static async open(store: SessionStore, log: Log): Promise<Broker> {
    const aedes = new Aedes({
      persistence: new BrokerPersistence(store),
      // The bounds that matter are the connections'; these of aedes would count in the wrong place.
      concurrency: 0,
      connectTimeout: 60_000,
      drainTimeout: 0,
      maxClientsIdLength: 4096,
      maxTopicLevels: 100,
      authorizeForward: (client: Client, packet: AedesPublishPacket) => {
        const { forward, greeted } = client.conn as Link
        // Before CONNACK nothing may be sent [MQTT-3.2.0-1]; what comes so early is in the queue, which follows CONNACK.
        if (!greeted) return null
        // Changed in place: on one path aedes writes the packet that it gave, not the one that it is given back.
        return forward?.(packet as Parameters<Forward>[0]) ? packet : null
      },
    })
    // What the store refuses fails the packet it was about as well: whoever sent it is told there.
    aedes.addListener('error', (error: Error) => log.error({ err: error }, 'the MQTT session store failed'))
    aedes.on('connackSent', (_connack, client) => {
      const link = client.conn as Link
      link.greeted = true
    })
    await aedes.listen()
    return new Broker(aedes)
  }

  /** Takes a link; CONNECT must be fed next. */
  handle(link: Link): Client {
    return this.#aedes.handle(link)
  }

  /** Resolves when the message is retained, queued for persistent sessions and handed to those that are connected. */
  publish(device: string, message: BrokerMessage): Promise<void> {
    return this.#lanes.run(
      device,
      () =>
        new Promise((resolve, reject) => {
          this.#aedes.publish(packetOf(message), (error) => (error ? reject(error) : resolve()))
        }),
    )
  }

  /** To this client alone, whatever it subscribed to. Resolves when it is written to the link. */
  send(device: string, client: Client, message: BrokerMessage): Promise<void> {
    return this.#lanes.run(
      device,
      () =>
        new Promise((resolve, reject) => {
          client.publish(packetOf(message), (error) => (error ? reject(error) : resolve()))
        }),
    )
  }

  /** Resolves when retained messages are on their way. @param filters with the device's prefix */
  static subscribe(client: Client, filters: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      client.subscribe(
        filters.map((topic) => ({ topic, qos: 2 as const })),
        (error) => (error ? reject(error) : resolve()),
      )
    })
  }

  static unsubscribe(client: Client, filters: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = filters as unknown as Parameters<Client['unsubscribe']>[0]
      client.unsubscribe(packet, (error) => (error ? reject(error) : resolve()))
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(() => resolve()))
  }
}
