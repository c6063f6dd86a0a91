import {
  connectivityErrors,
  type DeviceSession,
  isRefusal,
  namespaceOf,
  type Route,
  refusing,
  routeOf,
  THINGSBOARD,
  TOPIC,
  topicProblem,
} from '@millwright/connectivity'
import type { MillwrightError } from '@millwright/foundation'
import { deviceActor } from '@millwright/trust'
import type { MqttContext } from '../context.ts'
import { countRefused } from '../counters.ts'
import { mqttErrors } from '../errors.ts'
import type { Attachments } from './attachments.ts'
import type { Delivery } from './delivery.ts'
import { parseReply, parseReported } from './payloads.ts'

/** A PUBLISH of the device. */
export interface Message {
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

/** A topic of the device, with where it leads. */
export interface Destination {
  readonly topic: string
  /** As dead letters and the message list name it. */
  readonly source: string
  readonly route: Route
  readonly problem: MillwrightError | undefined
}

/** From the device to the services. */
export class Inbound {
  readonly #context: MqttContext
  readonly #session: DeviceSession
  readonly #delivery: Delivery
  readonly #attachments: Attachments
  readonly #prefix: string

  constructor(context: MqttContext, session: DeviceSession, delivery: Delivery, attachments: Attachments) {
    this.#context = context
    this.#session = session
    this.#delivery = delivery
    this.#attachments = attachments
    this.#prefix = namespaceOf(session.device)
  }

  /** @throws when no device may ever send this topic: the connection must end */
  destination(topic: string): Destination {
    const { limits } = this.#context
    const what = topicProblem(topic, { bytes: limits.topicBytes, levels: limits.topicLevels })
    if (what !== undefined && (topic === '' || /[+#]/.test(topic))) throw mqttErrors.malformed({ what })
    const route = what === undefined ? routeOf(topic) : ({ to: 'nowhere' } as const)
    if (route.to === 'elsewhere') throw this.#spoofed(topic)
    const problem =
      what !== undefined
        ? mqttErrors.topicInvalid({ topic, what })
        : route.to === 'nowhere'
          ? mqttErrors.topicRefused({ topic })
          : undefined
    return { topic, source: `mqtt:${topic}`, route, problem }
  }

  /**
   * Resolves when what the message asks for is durable; rejects with a refusal when it never can be (its dead letter is
   * durable then), with another error when the device should send it again.
   */
  take(destination: Destination, message: Message): Promise<void> {
    const { route, source } = destination
    if (route.to === 'telemetry') {
      const { intake } = this.#context.ports
      return intake.accept(this.#session, route.format, message.payload, source)
    }
    this.#context.ports.messages.note(this.#session.device, 'in', destination.topic, message.payload)
    return this.#takeOther(destination, message)
  }

  #takeOther({ route, source, topic, problem }: Destination, message: Message): Promise<void> {
    const { thingsboard, commands, twins } = this.#context.ports
    const { payload } = message
    const session = this.#session
    switch (route.to) {
      case 'user':
        return this.#publish(topic, message)
      case 'command-reply':
        return this.#letters(source, payload, async () =>
          commands.reply(session, route.command, parseReply(payload, topic)),
        )
      case 'twin-reported':
        return this.#letters(source, payload, async () => {
          const { document, desiredVersion } = parseReported(payload, topic)
          await twins.report(session, document, desiredVersion)
        })
      case 'twin-get':
        return this.#answer(twins.desired(session).then((state) => this.#delivery.sendJson(TOPIC.twinDesired, state)))
      case 'attributes':
        return thingsboard.attributes(session, payload, source)
      case 'attributes-request':
        return this.#answer(
          thingsboard
            .attributesRequest(session, payload, source)
            .then((response) => this.#delivery.send(THINGSBOARD.attributesResponse + route.id, response)),
        )
      case 'rpc-response':
        return thingsboard.rpcResponse(session, route.number, payload, source)
      case 'client-rpc':
        return this.#answer(this.#delivery.send(THINGSBOARD.rpcResponse + route.id, thingsboard.clientRpcRefusal()))
      case 'gateway':
        return this.#forGateway(source, topic, payload, () =>
          this.#attachments.gateway()[route.channel](payload, source),
        )
      case 'agent':
        return this.#forGateway(source, topic, payload, () => this.#attachments.agent()[route.channel](payload, source))
      case 'agent-reply':
        return this.#forGateway(source, topic, payload, () =>
          this.#letters(source, payload, () =>
            this.#attachments.agent().reply(route.command, parseReply(payload, topic)),
          ),
        )
      default:
        return this.#letters(source, payload, async () => {
          throw problem ?? mqttErrors.topicRefused({ topic })
        })
    }
  }

  /** Only a gateway speaks for others. */
  #forGateway(source: string, topic: string, payload: Buffer, work: () => Promise<void>): Promise<void> {
    if (this.#session.gateway) return work()
    return this.#letters(source, payload, async () => {
      throw connectivityErrors.gatewayOnly({ path: topic })
    })
  }

  /** No device sends this by mistake: it stands in the audit log of its tenant. */
  #spoofed(topic: string): MillwrightError {
    const { tenant, device, name, address } = this.#session
    const { trust, log } = this.#context
    trust.audit
      .record(deviceActor(tenant, device, name, address), 'device.topic-spoofed', device, { topic, protocol: 'mqtt' })
      .catch((error: unknown) => log.error({ device, err: error }, 'a spoofed topic could not be put in the audit log'))
    return mqttErrors.topicSpoofed({ topic })
  }

  /** A plain message to the device's own subscribers. */
  #publish(topic: string, { payload, qos, retain }: Message): Promise<void> {
    const inside = this.#prefix + topic
    if (retain && payload.length > 0 && !this.#context.store.retained.mayKeep(this.#session.device, inside)) {
      const limit = this.#context.limits.retainedMessages
      return this.#letters(`mqtt:${topic}`, payload, async () => {
        throw mqttErrors.retainedFull({ limit, path: topic })
      })
    }
    // Kept beyond this call: a view on the received bytes would hold the whole read buffer.
    return this.#context.broker.publish(this.#session.device, {
      topic: inside,
      payload: Buffer.from(payload),
      qos,
      retain,
    })
  }

  /** What is refused here, and not by a service that writes its own, gets its dead letter. */
  #letters(source: string, payload: Buffer, work: () => Promise<void>): Promise<void> {
    return refusing(this.#context.ports.deadLetters, this.#session, payload, source, async () => {
      try {
        await work()
      } catch (error) {
        if (isRefusal(error)) countRefused(this.#context.counters, error.code)
        throw error
      }
    })
  }

  /** The answer goes to whoever listens: a device that asked without subscribing gets none, and that is all. */
  async #answer(answer: Promise<void>): Promise<void> {
    try {
      await answer
    } catch (error) {
      if (!isRefusal(error)) throw error
      countRefused(this.#context.counters, error.code)
      this.#context.log.debug({ device: this.#session.device, code: error.code }, error.message)
    }
  }
}
