import {
  type AgentLine,
  type CommandTransport,
  type DeviceSession,
  type GatewayLink,
  THINGSBOARD,
  TOPIC,
} from '@millwright/connectivity'
import type { Subscription } from '@millwright/foundation'
import type { MqttContext } from '../context.ts'
import type { Delivery } from './delivery.ts'
import type { Subscriptions } from './subscriptions.ts'

type Style = 'millwright' | 'thingsboard'

/**
 * Ties the platform's services to what the device listens to: commands flow from the moment it subscribes to their
 * topic, in the style of the topic that it chose, and stop when it unsubscribes.
 */
export class Attachments {
  readonly #context: MqttContext
  readonly #session: DeviceSession
  readonly #subscriptions: Subscriptions
  readonly #delivery: Delivery
  #style: Style | undefined
  #commands: Subscription | undefined
  #desired: Subscription | undefined
  #shared = false
  #gateway: GatewayLink | undefined

  constructor(context: MqttContext, session: DeviceSession, subscriptions: Subscriptions, delivery: Delivery) {
    this.#context = context
    this.#session = session
    this.#subscriptions = subscriptions
    this.#delivery = delivery
  }

  /** After each change of the subscriptions. */
  refresh(): void {
    this.#refreshCommands()
    const { twins, thingsboard } = this.#context.ports
    const wantsDesired = this.#subscriptions.granted(TOPIC.twinDesired) !== undefined
    if (wantsDesired && this.#desired === undefined) {
      this.#desired = twins.watch(this.#session, ({ version, document }) =>
        this.#push(this.#delivery.sendJson(TOPIC.twinDesired, { version, document })),
      )
    } else if (!wantsDesired) {
      this.#desired?.cancel()
      this.#desired = undefined
    }
    if (!this.#shared && this.#subscriptions.granted(THINGSBOARD.attributes) !== undefined) {
      this.#shared = true
      thingsboard.watchShared(this.#session, (payload) =>
        this.#push(this.#delivery.send(THINGSBOARD.attributes, payload)),
      )
    }
    const listens = (topic: string) => this.#subscriptions.granted(topic) !== undefined
    if (this.#session.gateway && (listens(THINGSBOARD.gatewayRpc) || listens(THINGSBOARD.gatewayAttributes))) {
      this.gateway()
    }
    if (this.#session.gateway && listens(`${TOPIC.agentCommands}cmd`)) this.agent().listening()
  }

  /** The line of an edge agent. @throws when the device is not a gateway */
  agent(): AgentLine {
    return this.#context.ports.agents.line(this.#session, ({ id, ...command }) =>
      this.#delivery.sendJson(TOPIC.agentCommands + id, { id, ...command }),
    )
  }

  /** The link for the devices behind a gateway. @throws when the device is not a gateway */
  gateway(): GatewayLink {
    this.#gateway ??= this.#context.ports.thingsboard.gateway(this.#session, (channel, payload) =>
      this.#delivery.send(channel === 'rpc' ? THINGSBOARD.gatewayRpc : THINGSBOARD.gatewayAttributes, payload),
    )
    return this.#gateway
  }

  close(): void {
    this.#commands?.cancel()
    this.#desired?.cancel()
  }

  #refreshCommands(): void {
    const style = this.#wanted()
    if (style === this.#style) return
    this.#commands?.cancel()
    this.#style = style
    this.#commands =
      style === undefined ? undefined : this.#context.ports.commands.attach(this.#session, this.#transport(style))
  }

  #wanted(): Style | undefined {
    if (this.#subscriptions.granted(`${TOPIC.commands}cmd`) !== undefined) return 'millwright'
    if (this.#subscriptions.granted(`${THINGSBOARD.rpcRequest}1`) !== undefined) return 'thingsboard'
    return undefined
  }

  #transport(style: Style): CommandTransport {
    const { thingsboard } = this.#context.ports
    return {
      deliver: (command) =>
        style === 'millwright'
          ? this.#delivery.sendJson(TOPIC.commands + command.id, {
              id: command.id,
              name: command.name,
              params: command.params,
              timeout: command.timeout,
            })
          : this.#delivery.send(THINGSBOARD.rpcRequest + command.number, thingsboard.rpcRequest(command)),
    }
  }

  /** A state that did not arrive is not lost: the device asks for it when it is back. */
  #push(sent: Promise<void>): void {
    sent.catch((error: unknown) => {
      this.#context.log.debug({ device: this.#session.device, err: error }, 'a state was not delivered')
    })
  }
}
