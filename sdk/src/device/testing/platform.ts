import { once } from 'node:events'
import { createServer as createHttps, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createTls, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { Aedes, type AedesPublishPacket, type Client } from 'aedes'
import { type TestAuthority, testAuthority } from './authority.ts'

export interface ReceivedMessage {
  readonly device: string
  readonly topic: string
  readonly payload: string
  readonly bytes: Buffer
}

export interface TestPlatformOptions {
  /** Called for each publish of a device; the acknowledgement waits for it. A rejection closes the connection. */
  readonly onMessage?: (message: ReceivedMessage) => Promise<void> | void
  /** Life of the certificates it gives. */
  readonly life?: () => { notBefore: Date; notAfter: Date }
  /** Answers further requests over mutual TLS, as `GET /api/v1/devices/me/…`; undefined: there is no such thing. */
  readonly onRequest?: (route: string, device: string) => unknown
}

const FIRST_DEVICE = 'dev_01k5zsx0v3m8f3t9q2w7r6y5n4'
const TENANT = 'ten_01k5zsx0v3m8f3t9q2w7r6y5n4'

/**
 * A stand-in for the device's side of the platform, on real TLS sockets: `/api/v1/info`, enrolment and renewal over
 * HTTPS, and an MQTT broker that demands client certificates. For tests of devices without the whole platform.
 */
export class TestPlatform {
  readonly received: ReceivedMessage[] = []
  readonly connections: string[] = []
  readonly authority: TestAuthority
  readonly #options: TestPlatformOptions
  readonly #server: { certificate: string; key: string }
  readonly #tokens = new Map<string, string>()
  readonly #sockets = new Set<TLSSocket>()
  #https: Server | undefined
  #mqtt: TlsServer | undefined
  #broker: Aedes | undefined
  #httpsPort = 0
  #mqttPort = 0

  private constructor(
    authority: TestAuthority,
    server: { certificate: string; key: string },
    options: TestPlatformOptions,
  ) {
    this.authority = authority
    this.#server = server
    this.#options = options
  }

  static async start(options: TestPlatformOptions = {}): Promise<TestPlatform> {
    const authority = await testAuthority()
    const platform = new TestPlatform(authority, await authority.server(), options)
    await platform.#listenHttps()
    await platform.listenMqtt()
    return platform
  }

  get url(): string {
    return `https://localhost:${this.#httpsPort}`
  }

  get mqttPort(): number {
    return this.#mqttPort
  }

  /** A one-time enrolment token for a device. */
  token(device = FIRST_DEVICE): string {
    const text = `mwe_${Buffer.from(device).toString('hex')}${this.#tokens.size}_${this.authority.fingerprint.slice(0, 32)}`
    this.#tokens.set(text, device)
    return text
  }

  /** Publishes to one device, as the broker does: the device sees only its own topics. */
  async tell(device: string, topic: string, message: unknown): Promise<void> {
    const payload = typeof message === 'string' ? message : JSON.stringify(message)
    await new Promise<void>((resolve, reject) => {
      this.#broker?.publish(
        { cmd: 'publish', topic: `d/${device}/${topic}`, payload, qos: 1, dup: false, retain: false },
        (error) => (error ? reject(error) : resolve()),
      )
    })
  }

  /** Cuts every MQTT connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Takes the broker away until `listenMqtt` is called again, on the same port. */
  async stopMqtt(): Promise<void> {
    const server = this.#mqtt
    if (server === undefined) return
    this.#mqtt = undefined
    const closed = once(server, 'close')
    server.close()
    this.cut()
    await closed
    await new Promise<void>((resolve) => this.#broker?.close(() => resolve()))
  }

  async listenMqtt(): Promise<void> {
    const broker = await Aedes.createBroker({
      authenticate: (client, _username, _password, done) => {
        this.connections.push(deviceOf(client))
        done(null, true)
      },
      authorizePublish: (client, packet, done) => {
        if (client === null) return done(null)
        const message = {
          device: deviceOf(client),
          topic: packet.topic,
          payload: packet.payload.toString(),
          bytes: Buffer.from(packet.payload),
        }
        // Kept before the acknowledgement, as the platform does.
        Promise.resolve(this.#options.onMessage?.(message)).then(
          () => {
            this.received.push(message)
            packet.topic = `d/${message.device}/${packet.topic}`
            done(null)
          },
          (error: Error) => done(error),
        )
      },
      authorizeSubscribe: (client, subscription, done) => {
        done(null, { ...subscription, topic: `d/${deviceOf(client)}/${subscription.topic}` })
      },
      authorizeForward: (client, packet) => {
        const own = `d/${deviceOf(client)}/`
        if (!packet.topic.startsWith(own)) return null
        const copy = { ...packet } as AedesPublishPacket
        copy.topic = packet.topic.slice(own.length)
        return copy
      },
    })
    const tls = { key: this.#server.key, cert: this.#server.certificate, ca: this.authority.certificate }
    const server = createTls({ ...tls, requestCert: true, rejectUnauthorized: true }, (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      broker.handle(socket)
    })
    server.listen(this.#mqttPort, '127.0.0.1')
    await once(server, 'listening')
    this.#broker = broker
    this.#mqtt = server
    this.#mqttPort = (server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    await this.stopMqtt()
    const server = this.#https
    if (server === undefined) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  async #listenHttps(): Promise<void> {
    const tls = { key: this.#server.key, cert: this.#server.certificate, ca: this.authority.certificate }
    const server = createHttps({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const socket = request.socket as TLSSocket
        const peer = socket.authorized ? socket.getPeerCertificate().subject.CN : undefined
        this.#answer(
          `${request.method} ${request.url}`,
          Buffer.concat(chunks).toString(),
          peer as string | undefined,
        ).then(
          ({ status, body }) =>
            response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
          (error: Error) => response.writeHead(500).end(error.message),
        )
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#https = server
    this.#httpsPort = (server.address() as AddressInfo).port
  }

  async #answer(route: string, text: string, peer: string | undefined): Promise<{ status: number; body: unknown }> {
    if (route === 'GET /api/v1/info') return { status: 200, body: { authority: this.authority.certificate } }
    const answer = peer === undefined ? undefined : this.#options.onRequest?.(route, peer)
    if (answer !== undefined) return { status: 200, body: answer }
    if (route !== 'POST /api/v1/enrolment' && route !== 'POST /api/v1/enrolment/renew') {
      return { status: 404, body: { detail: `there is no ${route}` } }
    }
    const { token, csr } = JSON.parse(text) as { token: string; csr: string }
    const device = route.endsWith('/renew') ? peer : this.#tokens.get(token)
    if (device === undefined) return { status: 401, body: { detail: 'The token is used up, expired or unknown.' } }
    this.#tokens.delete(token)
    const life = this.#options.life?.() ?? {
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + 90 * 86_400_000),
    }
    const body = {
      device,
      tenant: TENANT,
      certificate: await this.authority.sign(csr, device, TENANT, life),
      authority: this.authority.certificate,
      notAfter: life.notAfter.getTime() * 1000,
      mqtt: { host: 'localhost', port: this.#mqttPort },
      http: { url: this.url },
    }
    return { status: 200, body }
  }
}

const named = new WeakMap<Client, string>()

/** Identity comes from the certificate, never from the client id; asked once, since a socket that ends forgets its peer. */
function deviceOf(client: Client): string {
  let name = named.get(client)
  if (name === undefined) {
    name = String((client.conn as TLSSocket).getPeerCertificate()?.subject?.CN)
    named.set(client, name)
  }
  return name
}
