import { type Adapter, type AdapterHealth, type AdapterPorts, namespaceOf } from '@millwright/connectivity'
import {
  type Bus,
  type Clock,
  HOUR,
  type Log,
  type Micros,
  type Subscription,
  type Timer,
} from '@millwright/foundation'

import { Broker } from './broker/broker.ts'
import { type MqttLimits, mqttLimits } from './config.ts'
import { Connection } from './connection/connection.ts'
import type { Ending, MqttContext, MqttTrust } from './context.ts'
import { type MqttCounters, newCounters } from './counters.ts'
import { mqttErrors } from './errors.ts'
import { Listener, type TlsIdentity } from './listener.ts'
import { mqttManifest } from './manifest.ts'
import { RefusalLog } from './refusal-log.ts'
import { SessionStore } from './store/session-store.ts'
import { headerRules } from './wire/packet-types.ts'

export interface MqttAdapterOptions {
  readonly connectivity: AdapterPorts
  readonly trust: MqttTrust
  /** Tells of removed devices, whose kept sessions and retained messages then go. */
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** Where persistent sessions and retained messages lie; undefined: in memory, for tests. */
  readonly directory: string | undefined
  /** Address and port to listen on; port 0 takes a free one. */
  readonly host: string
  readonly port: number
  readonly tls: TlsIdentity
  readonly limits?: Partial<MqttLimits>
}

export interface MqttAdapter extends Adapter {
  /** The port it listens on. */
  readonly port: number
  readonly counters: MqttCounters
  /** A new server certificate or authority, without closing connections. */
  renew(tls: TlsIdentity): void
  /**
   * Copies the session store as it is now to `file`, which must not exist. To restore, put it into an empty directory as
   * `sessions.sqlite`. @throws when the adapter is not running
   */
  backup(file: string): void
}

/** The embedded MQTT broker. Nothing is opened before `start`. */
export function createMqttAdapter(options: MqttAdapterOptions): MqttAdapter {
  return new Running(options)
}

class Running implements MqttAdapter {
  readonly manifest = mqttManifest
  readonly counters = newCounters()
  readonly #options: MqttAdapterOptions
  readonly #limits: MqttLimits
  readonly #connections = new Set<Connection>()
  #context: MqttContext | undefined
  #listener: Listener | undefined
  #removed: Subscription | undefined
  #expiry: Timer | undefined
  #state: AdapterHealth['state'] = 'stopped'
  #reason: string | undefined
  #since: Micros

  constructor(options: MqttAdapterOptions) {
    this.#options = options
    this.#limits = mqttLimits(options.limits)
    this.#since = options.clock.now()
  }

  get port(): number {
    return this.#listener?.port ?? this.#options.port
  }

  health(): AdapterHealth {
    const reason = this.#reason === undefined ? {} : { reason: this.#reason }
    const sessions = this.#options.connectivity.sessions.countOf(this.manifest.id)
    return { state: this.#state, since: this.#since, sessions, ...reason }
  }

  async start(): Promise<void> {
    this.#become('starting')
    try {
      const { damaged } = await this.#open()
      this.#become('running', damaged === undefined ? undefined : damagedReason(damaged))
    } catch (error) {
      this.#become('failed', error instanceof Error ? error.message : String(error))
      await this.#release()
      throw error
    }
  }

  async stop(): Promise<void> {
    if (this.#context === undefined) return
    this.#context.stopping = true
    const closed = this.#listener?.close()
    await Promise.all([...this.#connections].map((connection) => connection.stop()))
    await closed
    await this.#release()
    this.#become('stopped')
  }

  renew(tls: TlsIdentity): void {
    this.#listener?.renew(tls)
  }

  backup(file: string): void {
    if (this.#context === undefined) throw new Error('the MQTT adapter is not running')
    this.#context.store.copyTo(file)
  }

  async #open(): Promise<SessionStore> {
    const { connectivity, trust, bus, clock, log, directory, host, port, tls } = this.#options
    const limits = this.#limits
    const store = new SessionStore(directory, limits, clock.now(), (session, topic, payload) =>
      this.#dropped(session, topic, payload),
    )
    const context: MqttContext = {
      ports: connectivity,
      trust,
      clock,
      log,
      refusals: new RefusalLog(log, clock),
      limits,
      rules: headerRules({ connect: limits.connectBytes, publish: limits.packetBytes, subscribe: 64 * 1024 }),
      counters: this.counters,
      store,
      broker: await Broker.open(store, log),
      clients: new Map<string, Ending>(),
      unfinishedBytes: 0,
      stopping: false,
    }
    this.#context = context
    this.#removed = bus.subscribe('millwright.device.removed', (event) => store.forget(event.subject))
    this.#expire()
    this.#listener = new Listener({
      host,
      port,
      tls,
      limits,
      counters: this.counters,
      log,
      accept: (socket, identified) => {
        const connection = new Connection(context, socket, identified)
        this.#connections.add(connection)
        socket.on('close', () => this.#connections.delete(connection))
      },
    })
    await this.#listener.listen()
    log.info({ host, port: this.port }, 'MQTT listens')
    if (store.damaged !== undefined) log.error({ file: store.damaged }, damagedReason(store.damaged))
    return store
  }

  async #release(): Promise<void> {
    this.#expiry?.cancel()
    this.#removed?.cancel()
    await this.#context?.broker.close()
    this.#context?.store.close()
    this.#context = undefined
  }

  /** Sessions that nobody came back to. */
  #expire(): void {
    this.#expiry = this.#options.clock.after(HOUR, () => {
      const gone = this.#context?.store.expire(this.#options.clock.now()) ?? 0
      if (gone > 0) this.#options.log.info({ sessions: gone }, 'persistent sessions expired')
      this.#expire()
    })
  }

  /** A queue was full: nothing is dropped in silence. */
  #dropped(session: string, topic: string, payload: Uint8Array): void {
    this.counters.queueDropped++
    const owner = this.#context?.store.sessions.owner(session)
    if (owner === undefined) return
    const prefix = namespaceOf(owner.device)
    const { code, message: reason } = mqttErrors.queueFull({ client: session.slice(prefix.length) })
    const source = `mqtt:${topic.slice(prefix.length)}`
    this.#options.connectivity.deadLetters
      .record({ tenant: owner.tenant, device: owner.device, source, code, reason, payload })
      .catch((error: unknown) => this.#options.log.error({ session, err: error }, 'a dead letter could not be written'))
  }

  #become(state: AdapterHealth['state'], reason?: string): void {
    this.#state = state
    this.#reason = reason
    this.#since = this.#options.clock.now()
  }
}

const damagedReason = (file: string): string =>
  `The MQTT session store was damaged and put aside as ${file}: kept sessions, their queues and retained messages begin empty.`
