import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { type Clock, createBus, createLog, systemClock } from '@millwright/foundation'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { createMqttAdapter, type MqttAdapter, type MqttLimits } from '../src/index.ts'
import { type Issued, TestAuthority } from './pki.ts'
import { TestPlatform } from './ports.ts'
import { until } from './until.ts'

export interface WorldOptions {
  readonly limits?: Partial<MqttLimits>
  readonly clock?: Clock
  readonly directory?: string
}

const authority = await TestAuthority.create()
const server = await authority.server()

/** A broker on a free port, its platform, and ways to connect to it. */
export class World implements AsyncDisposable {
  readonly platform = new TestPlatform()
  readonly bus = createBus(quiet)
  readonly authority = authority
  adapter: MqttAdapter
  readonly #options: WorldOptions
  readonly #clients: { destroy(): void }[] = []

  private constructor(options: WorldOptions) {
    this.#options = options
    this.adapter = this.#make()
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const world = new World(options)
    await world.adapter.start()
    return world
  }

  #make(): MqttAdapter {
    return createMqttAdapter({
      connectivity: this.platform.ports,
      trust: this.platform.trust,
      bus: this.bus,
      clock: this.#options.clock ?? systemClock,
      log: quiet,
      directory: this.#options.directory,
      host: '127.0.0.1',
      port: 0,
      tls: { key: server.key, cert: server.cert, ca: authority.pem },
      ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
    })
  }

  /** Stops the broker and starts another on the same directory. */
  async restart(): Promise<void> {
    await this.adapter.stop()
    this.adapter = this.#make()
    await this.adapter.start()
  }

  /** Announces a device and gives it a certificate. */
  async device(name: string, tenant = 'ten_a', gateway = false): Promise<Issued> {
    this.platform.add(name, tenant, gateway)
    return authority.device(name, tenant)
  }

  /** TLS options of a client. */
  tls(identity?: { key: string; cert: string }) {
    return { host: 'localhost', port: this.adapter.port, ca: authority.pem, ...identity }
  }

  /** An mqtt.js client that begins to connect: listen to it before anything arrives. */
  connecting(identity: { key: string; cert: string } | undefined, options: IClientOptions = {}): MqttClient {
    const client = mqtt.connect({ protocol: 'mqtts', ...this.tls(identity), reconnectPeriod: 0, ...options })
    client.on('error', () => {})
    this.#clients.push({ destroy: () => client.end(true) })
    return client
  }

  /** An mqtt.js client, connected. */
  client(identity: { key: string; cert: string } | undefined, options: IClientOptions = {}): Promise<MqttClient> {
    const client = this.connecting(identity, options)
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(client))
      client.once('error', reject)
      client.once('close', () => reject(new Error('closed before CONNACK')))
    })
  }

  /** A bare TLS socket after its handshake; what it receives collects in `received`. */
  async raw(identity?: { key: string; cert: string }): Promise<RawSocket> {
    const socket = tlsConnect({ ...this.tls(identity), servername: 'localhost' })
    const raw = new RawSocket(socket)
    this.#clients.push(socket)
    await until('a TLS handshake', () => raw.secured || raw.closed)
    return raw
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await this.adapter.stop()
    await this.bus.close()
  }
}

export class RawSocket {
  readonly socket: TLSSocket
  received: Buffer = Buffer.alloc(0)
  secured = false
  closed = false

  constructor(socket: TLSSocket) {
    this.socket = socket
    socket.on('secureConnect', () => {
      this.secured = true
    })
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes])
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
    })
  }

  write(bytes: Uint8Array | readonly number[]): void {
    this.socket.write(Buffer.from(bytes))
  }

  async expect(what: string, ...bytes: number[]): Promise<void> {
    try {
      await until(what, () => this.received.includes(Buffer.from(bytes)))
    } catch (error) {
      throw new Error(`${(error as Error).message}; received ${this.received.toString('hex')}`)
    }
  }

  async expectClosed(what: string, seconds = 10): Promise<void> {
    await until(`closed: ${what}`, () => this.closed, seconds)
  }
}

export const quiet = createLog({ level: 'silent' })
