import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { DeviceClock } from './clock.ts'
import { reasonOf } from './errors.ts'

export interface LinkOptions {
  readonly clock: DeviceClock
  /** Numbers in [0, 1): spreads reconnections so that a thousand devices do not come back in one second. */
  readonly random: () => number
  /** µs between two attempts, at the most. */
  readonly longestWait: number
  /** Asked before each attempt: address and credentials may have changed since (renewal). */
  readonly target: () => IClientOptions
  /** Topic filters that the device listens to. */
  readonly subscriptions: readonly string[]
  onUp(client: MqttClient): void
  onDown(reason: string): void
  onMessage(topic: string, payload: Buffer): void
}

const FIRST_WAIT = 500_000
/** A connection that held this long was a good one: the next wait starts small again. */
const GOOD_AFTER = 10_000_000

/**
 * Keeps one MQTT connection up. Each attempt is a new client of the mqtt package with its own reconnection off, because
 * each must read the credentials anew, and what is unacknowledged is kept in the outbox, not in the library.
 * States: down -> connecting -> up -> down …, until `close`.
 */
export class Link {
  readonly #options: LinkOptions
  #client: MqttClient | undefined
  #up = false
  #upSince = 0
  #attempts = 0
  #timer: { cancel(): void } | undefined
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get up(): boolean {
    return this.#up
  }

  open(): void {
    if (this.#closed || this.#client !== undefined) return
    let failure = 'the platform closed the connection'
    const client = mqtt.connect({
      ...this.#options.target(),
      protocol: 'mqtts',
      protocolVersion: 4,
      minVersion: 'TLSv1.2',
      reconnectPeriod: 0,
      resubscribe: false,
      connectTimeout: 15_000,
    } as IClientOptions)
    this.#client = client
    client.on('error', (error) => {
      failure = reasonOf(error)
    })
    client.on('connect', () => this.#onConnect(client))
    client.on('message', (topic, payload) => this.#options.onMessage(topic, payload))
    client.on('close', () => this.#onClose(client, failure))
  }

  /** Cuts the connection and comes back at once, as after a renewal, or when acknowledgements stay out. */
  restart(reason: string): void {
    const client = this.#client
    if (client === undefined) return
    this.#attempts = 0
    this.#onClose(client, reason)
    client.end(true)
  }

  /** Says good-bye (DISCONNECT, so no last will) and stays down. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timer?.cancel()
    const client = this.#client
    if (client === undefined) return
    this.#client = undefined
    const wasUp = this.#up
    this.#up = false
    await client.endAsync(!wasUp)
  }

  #onConnect(client: MqttClient): void {
    const topics = Object.fromEntries(this.#options.subscriptions.map((topic) => [topic, { qos: 1 as const }]))
    const ready = () => {
      if (this.#client !== client) return
      this.#up = true
      this.#upSince = this.#options.clock.now()
      this.#options.onUp(client)
    }
    if (this.#options.subscriptions.length === 0) ready()
    // A refused subscription leaves the device able to send: better than none at all.
    else client.subscribe(topics, () => ready())
  }

  #onClose(client: MqttClient, reason: string): void {
    if (this.#client !== client) return
    this.#client = undefined
    if (this.#up && this.#options.clock.now() - this.#upSince > GOOD_AFTER) this.#attempts = 0
    this.#up = false
    if (this.#closed) return
    this.#options.onDown(reason)
    const ceiling = Math.min(this.#options.longestWait, FIRST_WAIT * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 20)
    const wait = ceiling * (0.5 + this.#options.random() / 2)
    this.#timer = this.#options.clock.after(wait, () => this.open())
  }
}
