import type { DeviceSession } from '@millwright/connectivity'
import type { Client } from 'aedes'
import type { MqttContext } from '../context.ts'
import { mqttErrors } from '../errors.ts'
import type { Forward } from './link.ts'
import type { Subscriptions } from './subscriptions.ts'

/** From the platform to one connection. */
export class Delivery {
  readonly #context: MqttContext
  readonly #session: DeviceSession
  readonly #client: Client
  readonly #prefix: string
  readonly #subscriptions: Subscriptions

  constructor(
    context: MqttContext,
    session: DeviceSession,
    client: Client,
    prefix: string,
    subscriptions: Subscriptions,
  ) {
    this.#context = context
    this.#session = session
    this.#client = client
    this.#prefix = prefix
    this.#subscriptions = subscriptions
  }

  /**
   * Sends at QoS 1, or 0 where the device asked for no more. Not queued for an absent session: commands and states are
   * kept by their own services, which send them again. @throws when the device did not subscribe, or is gone
   */
  async send(topic: string, payload: Uint8Array): Promise<void> {
    const granted = this.#subscriptions.granted(topic)
    if (granted === undefined) throw mqttErrors.notSubscribed({ topic })
    if (this.#client.closed) throw mqttErrors.notConnected()
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    const qos = granted > 0 ? 1 : 0
    await this.#context.broker.send(this.#session.device, this.#client, {
      topic: this.#prefix + topic,
      payload: bytes,
      qos,
      retain: false,
    })
    if (this.#client.closed) throw mqttErrors.notConnected()
  }

  sendJson(topic: string, value: unknown): Promise<void> {
    return this.send(topic, Buffer.from(JSON.stringify(value)))
  }

  /** Last stop of everything that is written to this device, retained and queued messages included. */
  readonly forward: Forward = (message) => {
    const { topic } = message
    if (!topic.startsWith(this.#prefix)) return false
    const outside = topic.slice(this.#prefix.length)
    const granted = this.#subscriptions.granted(outside)
    if (granted === undefined) return false
    message.topic = outside
    if (granted < message.qos) message.qos = granted
    this.#context.counters.messagesOut++
    this.#context.ports.messages.note(this.#session.device, 'out', outside, message.payload)
    return true
  }
}
