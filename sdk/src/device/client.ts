import { EventEmitter } from 'node:events'
import type { IClientOptions, MqttClient } from 'mqtt'
import { type DeviceClock, wallClock } from './clock.ts'
import { CommandDesk, type CommandHandler } from './commands.ts'
import { DeviceError } from './errors.ts'
import { type Identity, saveIdentity } from './identity.ts'
import { Link } from './link.ts'
import { encodeTelemetry, type TelemetryMessage } from './message.ts'
import { Outbox } from './outbox.ts'
import { Renewal } from './renewal.ts'
import { type Desired, DesiredState, TWIN_DESIRED, TWIN_GET, TWIN_REPORTED } from './twin.ts'

/** A device that cannot hold a certificate: its access token, and the authority it trusts. */
export interface TokenCredentials {
  readonly token: string
  /** PEM. */
  readonly authority: string
  readonly host: string
  readonly port: number
}

export interface ConnectOptions {
  readonly credentials: Identity | TokenCredentials
  /** Where the identity is kept: a renewed certificate is written there. */
  readonly directory?: string
  /** Instead of the address the enrolment told. */
  readonly host?: string
  readonly port?: number
  /** Default: the device's id. Two connections of one device need two. */
  readonly clientId?: string
  /** True (default): the platform forgets the subscriptions at the end of a connection. */
  readonly clean?: boolean
  /** Seconds between signs of life; default 30. */
  readonly keepalive?: number
  /** Seconds between two attempts to come back, at the most; they begin at half a second and double. Default 30. */
  readonly longestWait?: number
  /** Messages unacknowledged at once; default 100. */
  readonly maxInFlight?: number
  /** Messages held while the platform is away; default 10,000. */
  readonly maxQueued?: number
  /** Seconds without an acknowledgement after which the connection is made anew; default 60. */
  readonly ackTimeout?: number
  /** What the platform publishes for the device when it goes without a word. The topic must be one the device may use. */
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain?: boolean }
  /** Topic filters beside those of commands and the desired state; what comes is the event `message`. */
  readonly subscriptions?: readonly string[]
  /** Renew the certificate before it ends; default true with a certificate. */
  readonly renew?: boolean
  readonly clock?: DeviceClock
  readonly random?: () => number
}

export interface DeviceEvents {
  connected: []
  /** Why, in words. The client comes back by itself. */
  disconnected: [reason: string]
  /** The platform wants another configuration. */
  desired: [desired: Desired]
  /** On one of the further `subscriptions`. */
  message: [topic: string, payload: Buffer]
  renewed: [identity: Identity]
  /** The certificate could not be renewed this time. */
  'renewal-failed': [error: Error]
}

const TELEMETRY = 'mw/v1/telemetry'
const WATCH = 5_000_000

/**
 * A device on its platform. Starts connecting at once and keeps at it; what is published meanwhile waits. Each publish
 * is a promise that resolves when the platform has stored the message.
 */
export class DeviceClient extends EventEmitter<DeviceEvents> {
  readonly #options: ConnectOptions
  readonly #clock: DeviceClock
  readonly #outbox: Outbox
  readonly #link: Link
  readonly #commands: CommandDesk
  readonly #desired: DesiredState
  readonly #renewal: Renewal | undefined
  #credentials: Identity | TokenCredentials
  #mqtt: MqttClient | undefined
  #watch: { cancel(): void } | undefined
  #closed = false

  constructor(options: ConnectOptions) {
    super()
    this.#options = options
    this.#credentials = options.credentials
    this.#clock = options.clock ?? wallClock
    this.#outbox = new Outbox({ maxInFlight: options.maxInFlight ?? 100, maxQueued: options.maxQueued ?? 10_000 })
    this.#desired = new DesiredState((desired) => this.emit('desired', desired))
    this.#commands = new CommandDesk((topic, payload) => {
      // An answer that finds no room, or the end of the client, goes the way of a lost one: the command times out.
      this.send(topic, payload).catch(() => undefined)
    })
    this.#link = new Link({
      clock: this.#clock,
      random: options.random ?? Math.random,
      longestWait: (options.longestWait ?? 30) * 1_000_000,
      target: () => this.#target(),
      subscriptions: ['mw/v1/commands/+', TWIN_DESIRED, ...(options.subscriptions ?? [])],
      onUp: (client) => this.#onUp(client),
      onDown: (reason) => this.#onDown(reason),
      onMessage: (topic, payload) => {
        void this.#receive(topic, payload)
      },
    })
    if ('key' in options.credentials && options.renew !== false) {
      this.#renewal = new Renewal({
        clock: this.#clock,
        identity: () => this.#credentials as Identity,
        onRenewed: (identity) => this.#onRenewed(identity),
        onError: (error) => this.emit('renewal-failed', error),
      })
      this.#renewal.start()
    }
    this.#link.open()
    this.#watchAcknowledgements()
  }

  get connected(): boolean {
    return this.#link.up
  }

  /** Messages not yet acknowledged. */
  get pending(): number {
    return this.#outbox.size
  }

  /** Resolves at the first connection, at once when there is one. Errors: `timed-out` after `timeout` seconds. */
  async ready(timeout = 30): Promise<void> {
    if (this.#link.up) return
    let last = 'no answer yet'
    const note = (reason: string) => {
      last = reason
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = this.#clock.after(timeout * 1_000_000, () =>
      reject(new DeviceError('timed-out', `No connection to the platform within ${timeout} s: ${last}.`)),
    )
    this.on('disconnected', note)
    this.once('connected', resolve)
    try {
      await promise
    } finally {
      timer.cancel()
      this.off('disconnected', note)
      this.off('connected', resolve)
    }
  }

  /**
   * Publishes readings at QoS 1; resolves when they are stored durably. Numbers that are not finite go out as null: a
   * reading of Bad quality. Errors: `outbox-full`, `payload-too-large`, `closed`.
   */
  publish(message: TelemetryMessage | readonly TelemetryMessage[]): Promise<void> {
    return this.send(TELEMETRY, message)
  }

  /**
   * Publishes anything on one of the device's own topics, at QoS 1. With `once` it is sent on the connection there is, or
   * not at all: rejects with `unreachable` when there is none or it is lost, for senders that keep what they send.
   */
  async send(topic: string, payload: unknown, options: { retain?: boolean; once?: boolean } = {}): Promise<void> {
    if (this.#closed) throw new DeviceError('closed', 'This client is closed.')
    if (options.once === true && !this.#link.up) {
      throw new DeviceError('unreachable', 'There is no connection to the platform.')
    }
    const body =
      typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : encodeTelemetry(payload as TelemetryMessage)
    const stored = this.#outbox.add(topic, body, options.retain ?? false, options.once ?? false)
    this.#flush()
    return stored
  }

  /** Resolves when a further message would be taken: back-pressure for senders faster than the platform. */
  room(): Promise<void> {
    return this.#outbox.room()
  }

  /** Resolves when everything published is acknowledged. */
  flushed(): Promise<void> {
    return this.#outbox.empty()
  }

  /** Answers commands of this name; `*` takes all that have no handler of their own. */
  onCommand(name: string, handler: CommandHandler): this {
    this.#commands.handle(name, handler)
    return this
  }

  /** The desired state as last heard of. */
  get desired(): Desired | undefined {
    return this.#desired.current
  }

  /** Asks the platform for the desired state. Errors: `timed-out`. */
  async fetchDesired(timeout = 10): Promise<Desired> {
    const { promise, reject } = Promise.withResolvers<never>()
    const answer = this.#desired.next()
    const timer = this.#clock.after(timeout * 1_000_000, () =>
      reject(new DeviceError('timed-out', `The platform did not tell the desired state within ${timeout} s.`)),
    )
    try {
      await Promise.race([this.send(TWIN_GET, ''), promise])
      return await Promise.race([answer, promise])
    } finally {
      timer.cancel()
    }
  }

  /** Merges (RFC 7396) into the reported state; `desiredVersion` says which desired state is in force. */
  report(document: Record<string, unknown>, desiredVersion?: number): Promise<void> {
    return this.send(TWIN_REPORTED, { document, ...(desiredVersion === undefined ? {} : { desiredVersion }) })
  }

  /** Waits up to `timeout` seconds for acknowledgements, then says good-bye. What is left rejects with `closed`. */
  async close(timeout = 5): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#renewal?.stop()
    this.#watch?.cancel()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = this.#clock.after(timeout * 1_000_000, resolve)
    await Promise.race([this.#outbox.empty(), promise])
    timer.cancel()
    this.#mqtt = undefined
    await this.#link.close()
    this.#outbox.abandon(new DeviceError('closed', 'The client was closed before this message was acknowledged.'))
  }

  #target(): IClientOptions {
    const credentials = this.#credentials
    const address = 'key' in credentials ? credentials.mqtt : credentials
    const will = this.#options.will
    return {
      host: this.#options.host ?? address.host,
      port: this.#options.port ?? address.port,
      ca: credentials.authority,
      clean: this.#options.clean ?? true,
      keepalive: this.#options.keepalive ?? 30,
      ...('key' in credentials
        ? {
            key: credentials.key,
            cert: credentials.certificate,
            clientId: this.#options.clientId ?? credentials.device,
          }
        : { username: credentials.token, clientId: this.#options.clientId ?? 'device' }),
      ...(will === undefined
        ? {}
        : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain ?? false } }),
    }
  }

  #onUp(client: MqttClient): void {
    this.#mqtt = client
    this.emit('connected')
    this.#flush()
  }

  #onDown(reason: string): void {
    this.#mqtt = undefined
    this.#outbox.interrupted()
    this.emit('disconnected', reason)
  }

  #flush(): void {
    const client = this.#mqtt
    if (client === undefined) return
    for (;;) {
      const parcel = this.#outbox.next(this.#clock.now())
      if (parcel === undefined) return
      client.publish(
        parcel.topic,
        parcel.payload,
        { qos: 1, retain: parcel.retain, dup: parcel.again },
        (error?: Error | null) => {
          // Errors and late answers of a former connection: the outbox has taken the message back already.
          if (error || this.#mqtt !== client) return
          this.#outbox.acknowledged(parcel)
          this.#flush()
        },
      )
    }
  }

  async #receive(topic: string, payload: Buffer): Promise<void> {
    if (this.#desired.receive(topic, payload)) return
    if (!(await this.#commands.receive(topic, payload))) this.emit('message', topic, payload)
  }

  /** A platform that keeps the connection but acknowledges nothing is as good as gone. */
  #watchAcknowledgements(): void {
    this.#watch = this.#clock.after(WATCH, () => {
      const limit = (this.#options.ackTimeout ?? 60) * 1_000_000
      const oldest = this.#outbox.oldestSentAt()
      if (oldest !== undefined && this.#clock.now() - oldest > limit) {
        this.#link.restart(`nothing was acknowledged for ${limit / 1_000_000} s`)
      }
      this.#watchAcknowledgements()
    })
  }

  async #onRenewed(identity: Identity): Promise<void> {
    if (this.#options.directory !== undefined) await saveIdentity(this.#options.directory, identity)
    this.#credentials = identity
    this.emit('renewed', identity)
    this.#link.restart('the certificate was renewed')
  }
}

/** Connects a device: `connect({ credentials: await loadIdentity(directory), directory })`. */
export function connect(options: ConnectOptions): DeviceClient {
  return new DeviceClient(options)
}
