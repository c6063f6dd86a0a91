import type { Socket } from 'node:net'
import { type Log, MillwrightError } from '@millwright/foundation'
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt'
import { brokerErrors } from '../errors.ts'
import { Acks } from './acks.ts'
import { addressOf, type BrokerConfig } from './config.ts'
import { PacketGuard } from './packet-guard.ts'
import { networkTrouble, refusalTrouble, type Trouble, trouble } from './trouble.ts'

export interface Will {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1
  readonly retain: boolean
}

export interface InboundMessage {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

export interface LineOptions {
  readonly config: BrokerConfig
  readonly clientId: string
  /** Seconds that the broker keeps subscriptions and messages for us; undefined: a clean session. */
  readonly sessionExpiry: number | undefined
  readonly will: Will | undefined
  /** Larger packets end the line. */
  readonly packetBytes: number
  /** Unacknowledged messages and bytes before no more is read. */
  readonly inflight: { readonly messages: number; readonly bytes: number }
  /** QoS 2 messages acknowledged (PUBREC) and not released: kept by whoever keeps the session. */
  readonly received: Set<number>
  readonly log: Log
  /** The acknowledgement is sent when what it returns resolves; when it rejects the line ends without it. */
  message(message: InboundMessage): Promise<void> | undefined
  /** What to wait for before more is read; undefined: nothing. */
  hold(): Promise<void> | undefined
}

const CONNACK_TIME = 10_000
/** For DISCONNECT to get out. */
const END_TIME = 1_000

/**
 * One MQTT connection on an open socket, from CONNECT to its end. The client library acknowledges before anything is
 * stored, and reads one message after the other; here it is told that each message is of QoS 0, and the acknowledgements
 * are written by `Acks` when the messages are durable, while reading goes on.
 */
export class MqttLine {
  readonly #client: MqttClient
  readonly #options: LineOptions
  readonly #acks: Acks
  readonly #closed = Promise.withResolvers<Trouble>()
  #trouble: Trouble | undefined
  #over = false
  readonly #pending = new Set<(error: unknown) => void>()
  #room: (() => void) | undefined
  sessionPresent = false

  private constructor(client: MqttClient, socket: Socket, options: LineOptions) {
    this.#client = client
    this.#options = options
    this.#acks = new Acks((packets) => {
      if (!this.#over) socket.write(packets)
      this.#makeRoom()
    })
  }

  /** Sends CONNECT and waits for the broker's answer. */
  static async open(socket: Socket, options: LineOptions): Promise<MqttLine | Trouble> {
    const mqtt = await import('mqtt')
    const { config } = options
    const guard = new PacketGuard(options.packetBytes)
    const connected = Promise.withResolvers<MqttLine | Trouble>()
    // Before the library listens: it never sees more than one chunk of a packet that is too large.
    socket.on('data', (chunk) => {
      const size = guard.check(chunk)
      if (size === undefined) return
      const error = brokerErrors.packetTooLarge({ address: addressOf(config), size, limit: options.packetBytes })
      socket.destroy(error)
    })
    const client = new mqtt.MqttClient(() => socket, clientOptions(options))
    const line = new MqttLine(client, socket, options)
    line.#listen()
    socket.on('error', (error) => line.#fail(networkTrouble(error, addressOf(config))))
    client.on('connect', (packet) => {
      line.sessionPresent = packet.sessionPresent
      if (!packet.sessionPresent) options.received.clear()
      connected.resolve(line)
    })
    void line.closed.then((reason) => connected.resolve(reason))
    return connected.promise
  }

  /** Resolves when the line is gone, with why. */
  get closed(): Promise<Trouble> {
    return this.#closed.promise
  }

  get open(): boolean {
    return !this.#over
  }

  /** Bytes that the socket has not taken yet: a peer that reads slowly. */
  get unsent(): number {
    return (this.#client.stream as Partial<Socket>).writableLength ?? 0
  }

  /** Resolves when it is sent (QoS 0) or acknowledged. */
  publish(topic: string, payload: Buffer, qos: 0 | 1 = 0, retain = false): Promise<void> {
    return this.#ask((done) => this.#client.publish(topic, payload, { qos, retain }, (error) => done(error)))
  }

  /** @throws MW-BRK-0007 when the broker refuses one of them */
  subscribe(filters: readonly string[], qos: 0 | 1 | 2): Promise<void> {
    const address = addressOf(this.#options.config)
    return this.#ask((done) =>
      this.#client.subscribe([...filters], { qos }, (error, granted, packet) => {
        const codes = (packet as { granted?: readonly unknown[] } | undefined)?.granted ?? []
        const at = codes.findIndex((code) => Number(code) >= 128)
        const refused = granted?.find((grant) => grant.qos >= 128)?.topic ?? (at === -1 ? undefined : filters[at])
        done(refused === undefined ? error : brokerErrors.subscriptionRefused({ address, topic: refused }))
      }),
    )
  }

  unsubscribe(filters: readonly string[]): Promise<void> {
    return this.#ask((done) => this.#client.unsubscribe([...filters], (error) => done(error)))
  }

  /** The library forgets to answer what the end of the line leaves open. */
  #ask(send: (done: (error: unknown) => void) => void): Promise<void> {
    if (this.#over) return Promise.reject(this.#gone())
    return new Promise((resolve, reject) => {
      const done = (error: unknown) => {
        if (!this.#pending.delete(done)) return
        if (error instanceof MillwrightError) reject(error)
        else if (error) reject(this.#gone(error))
        else resolve()
      }
      this.#pending.add(done)
      send(done)
    })
  }

  /** Says goodbye (DISCONNECT: the broker does not publish the will) and closes. */
  async end(): Promise<void> {
    if (this.#over) return
    this.#trouble ??= trouble(
      brokerErrors.lost({ address: addressOf(this.#options.config), why: 'it was closed here' }),
    )
    // The library's own force comes to nothing once it has begun to wait for acknowledgements.
    const force = setTimeout(() => this.#client.stream.destroy(), END_TIME)
    this.#client.end()
    await this.closed
    clearTimeout(force)
  }

  /** Closes as a broken wire does: nothing more is acknowledged, the broker publishes the will. */
  drop(reason: Trouble): void {
    this.#fail(reason)
  }

  #listen(): void {
    const client = this.#client
    let awaited: { id: number; qos: 1 | 2 } | undefined
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'pubrel') this.#options.received.delete(packet.messageId ?? 0)
      if (packet.cmd !== 'publish') return
      awaited = packet.qos === 0 ? undefined : { id: packet.messageId ?? 0, qos: packet.qos }
      packet.qos = 0
    })
    client.on('message', (topic, payload, packet) => this.#take(topic, payload, packet, awaited))
    client.handleMessage = (_packet, done) => {
      const wait = this.#wait()
      if (wait === undefined) done()
      else void wait.then(() => done())
    }
    client.on('error', (error) => {
      const { code } = error as { code?: unknown }
      const address = addressOf(this.#options.config)
      this.#fail(typeof code === 'number' ? refusalTrouble(code, address) : networkTrouble(error, address))
    })
    client.on('disconnect', ({ reasonCode }) => {
      const why = DISCONNECTS[reasonCode ?? 0] ?? `the broker ended it with code ${reasonCode}`
      this.#trouble ??= trouble(brokerErrors.lost({ address: addressOf(this.#options.config), why }))
    })
    client.on('close', () => {
      this.#over = true
      this.#makeRoom()
      for (const done of this.#pending) done(this.#gone())
      const address = addressOf(this.#options.config)
      this.#closed.resolve(this.#trouble ?? trouble(brokerErrors.lost({ address, why: 'the broker closed it' })))
      // Frees the library's timers.
      client.end(true)
    })
  }

  #take(topic: string, payload: Buffer, packet: IPublishPacket, awaited: { id: number; qos: 1 | 2 } | undefined): void {
    if (this.#over) return
    if (awaited === undefined) {
      void this.#options.message({ topic, payload, qos: 0, retain: packet.retain })?.catch((error) => this.#lose(error))
      return
    }
    const { id, qos } = awaited
    const entry = this.#acks.add(id, qos, payload.length)
    if (qos === 2 && this.#options.received.has(id)) {
      this.#acks.settle(entry)
      return
    }
    const settle = () => {
      if (this.#over) return
      if (qos === 2) this.#options.received.add(id)
      this.#acks.settle(entry)
    }
    const stored = this.#options.message({ topic, payload, qos, retain: packet.retain })
    if (stored === undefined) settle()
    else stored.then(settle, (error) => this.#lose(error))
  }

  /** What was not stored is not acknowledged: the broker sends it again on the next line. */
  #lose(cause: unknown): void {
    const why = `a message could not be stored (${(cause as Error).message})`
    this.#fail(trouble(brokerErrors.lost({ address: addressOf(this.#options.config), why, cause })))
  }

  #fail(reason: Trouble): void {
    this.#trouble ??= reason
    if (this.#over) return
    this.#client.end(true)
    this.#client.stream.destroy()
  }

  #wait(): Promise<void> | undefined {
    if (this.#full()) {
      const room = Promise.withResolvers<void>()
      this.#room = room.resolve
      return room.promise.then(() => this.#options.hold())
    }
    return this.#options.hold()
  }

  #full(): boolean {
    const { messages, bytes } = this.#options.inflight
    return !this.#over && (this.#acks.count >= messages || this.#acks.bytes >= bytes)
  }

  #makeRoom(): void {
    if (this.#room === undefined || this.#full()) return
    const go = this.#room
    this.#room = undefined
    go()
  }

  #gone(cause?: unknown) {
    return brokerErrors.notConnected({ address: addressOf(this.#options.config), cause })
  }
}

/** MQTT 5.0, table 3-10: those that tell a person something. */
const DISCONNECTS: Readonly<Record<number, string>> = {
  135: 'this user is not allowed to be here any more',
  139: 'the broker shuts down',
  141: 'the broker heard nothing of us for too long',
  142: 'another client took over our client id',
  149: 'a packet of ours was too large',
  151: 'our quota is used up',
  152: 'an administrator ended it',
}

function clientOptions({ config, clientId, sessionExpiry, will, packetBytes, inflight }: LineOptions): IClientOptions {
  const five = config.protocol === '5'
  return {
    protocolVersion: five ? 5 : 4,
    clientId,
    clean: sessionExpiry === undefined,
    keepalive: config.keepAlive ?? 30,
    reconnectPeriod: 0,
    connectTimeout: CONNACK_TIME,
    resubscribe: false,
    queueQoSZero: false,
    reschedulePings: true,
    timerVariant: 'native',
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password }),
    ...(will === undefined ? {} : { will }),
    ...(five
      ? {
          properties: {
            receiveMaximum: Math.min(inflight.messages, 65_535),
            maximumPacketSize: packetBytes,
            ...(sessionExpiry === undefined ? {} : { sessionExpiryInterval: sessionExpiry }),
          },
        }
      : {}),
  }
}
