import type { ConnectionCommand, ConnectionPorts } from '@millwright/connectivity'
import { type InboundMessage, type MqttLine, MqttLink, probeClientId } from '@millwright/connectivity-brokers'
import { sparkplugErrors } from '../errors.ts'
import { BOUNDS } from '../payload/bounds.ts'
import { parseState, stateMessage, stateTopic } from '../state.ts'
import { type MessageTopic, NAMESPACE, parseTopic, topicOf } from '../topic.ts'
import { encodeRebirth, encodeWrite } from './commands.ts'
import type { SparkplugHostConfig } from './config.ts'
import type { EdgeNode } from './edge-node.ts'
import { Follower } from './follower.ts'

const TOPICS = 20_000
const TYPES = ['NBIRTH', 'NDEATH', 'NDATA', 'DBIRTH', 'DDEATH', 'DDATA'] as const

/** A host application at a broker: says that it is there, hears edge nodes, and writes to them. */
export class SparkplugHost {
  readonly #config: SparkplugHostConfig
  readonly #ports: ConnectionPorts
  readonly #link: MqttLink
  readonly #follower: Follower
  readonly #topics = new Map<string, MessageTopic | undefined>()
  /** Of STATE: the same in the birth and in its will. */
  #stateTime = 0
  #stopped = false
  readonly #counts = { messages: 0, writes: 0 }

  constructor(config: SparkplugHostConfig, ports: ConnectionPorts) {
    this.#config = config
    this.#ports = ports
    const { clock, log, random, status, readings } = ports
    this.#follower = new Follower(config, ports, (node) => this.#sendRebirth(node))
    const preview = ports.purpose === 'preview'
    this.#link = new MqttLink({
      config,
      clientId: preview ? probeClientId() : (config.clientId ?? `mw-${ports.id}`),
      clock,
      log,
      random,
      status,
      packetBytes: BOUNDS.payloadBytes + 1024,
      will: () => {
        this.#stateTime = Math.floor(clock.now() / 1000)
        if (!this.#primary) return undefined
        return { topic: this.#stateTopic, payload: stateMessage(false, this.#stateTime), qos: 1, retain: true }
      },
      connected: (line) => this.#connected(line),
      message: (message) => this.#message(message),
      hold: () => (readings.saturated ? readings.drained() : undefined),
      lost: () => this.#follower.lineLost(),
    })
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#counts, ...this.#follower.counters, ...this.#link.counters }
  }

  async start(): Promise<void> {
    this.#link.start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#link.stop(async (line) => {
      if (this.#primary) await line.publish(this.#stateTopic, stateMessage(false, this.#stateTime), 1, true)
    })
    await this.#follower.stop()
  }

  /** `write` { metric, value } and `rebirth`, of an edge node or a device behind it. */
  async command({ name, params, device }: ConnectionCommand): Promise<unknown> {
    if (name !== 'write' && name !== 'rebirth') throw sparkplugErrors.unknownCommand({ name })
    if (device === undefined) throw sparkplugErrors.deviceNeeded()
    const target = this.#follower.find(device)
    if (target === undefined) throw sparkplugErrors.deviceUnknown({ path: device })
    const { node } = target
    const now = this.#ports.clock.now()
    if (name === 'rebirth') {
      await this.#publish({ group: node.group, type: 'NCMD', node: node.id, device: undefined }, encodeRebirth(now))
      return { asked: node.source }
    }
    const { payload, metric } = encodeWrite(target.device, params, now)
    const type = target.id === undefined ? 'NCMD' : 'DCMD'
    await this.#publish({ group: node.group, type, node: node.id, device: target.id }, payload)
    this.#counts.writes++
    return { sent: metric }
  }

  get #primary(): boolean {
    return (this.#config.primary ?? true) && this.#ports.purpose === 'run'
  }

  get #stateTopic(): string {
    return stateTopic(this.#config.hostId ?? 'millwright')
  }

  async #connected(line: MqttLine): Promise<void> {
    const groups = this.#config.groups?.length ? this.#config.groups : ['+']
    const filters = groups.flatMap((group) =>
      TYPES.map((type) => `${NAMESPACE}/${group}/${type}/${type.startsWith('N') ? '+' : '+/+'}`),
    )
    // Births may come before the subscription is answered.
    this.#follower.unlearn()
    // Section 5.3: the host subscribes before it says that it is online.
    await line.subscribe(filters, 1)
    if (this.#primary) {
      await line.subscribe([this.#stateTopic], 1)
      await line.publish(this.#stateTopic, stateMessage(true, this.#stateTime), 1, true)
    }
    this.#ports.status.running()
    this.#follower.greet()
  }

  #message({ topic, payload, retain }: InboundMessage): undefined {
    this.#counts.messages++
    if (topic === this.#stateTopic) {
      this.#ownState(payload)
      return
    }
    const parsed = this.#parse(topic)
    if (parsed === undefined) this.#follower.refuse(payload, topic, sparkplugErrors.topic({ what: topic }))
    else this.#follower.message(parsed, payload, retain)
  }

  #parse(topic: string): MessageTopic | undefined {
    if (this.#topics.has(topic)) return this.#topics.get(topic)
    const parsed = parseTopic(topic)
    if (this.#topics.size >= TOPICS) this.#topics.clear()
    this.#topics.set(topic, parsed)
    return parsed
  }

  /** Another host under our name, or an old will that came late: what we are is said again (section 5.5). */
  #ownState(payload: Buffer): void {
    const state = parseState(payload)
    const { line } = this.#link
    if (state === undefined || state.online || line === undefined || this.#stopped) return
    this.#publishState(line).catch((error) => this.#ports.log.debug({ err: error }, 'STATE was not sent'))
  }

  #publishState(line: MqttLine): Promise<void> {
    return line.publish(this.#stateTopic, stateMessage(true, this.#stateTime), 1, true)
  }

  #sendRebirth(node: EdgeNode): void {
    const topic = { group: node.group, type: 'NCMD', node: node.id, device: undefined } as const
    this.#publish(topic, encodeRebirth(this.#ports.clock.now())).catch((error) =>
      this.#ports.log.debug({ err: error, node: node.source }, 'a rebirth could not be asked for'),
    )
  }

  #publish(topic: MessageTopic, payload: Buffer): Promise<void> {
    const { line } = this.#link
    if (line === undefined) return Promise.reject(sparkplugErrors.notConnected())
    return line.publish(topicOf(topic), payload)
  }
}
