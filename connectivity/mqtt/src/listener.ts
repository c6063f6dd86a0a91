import { randomBytes } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Log } from '@millwright/foundation'

import type { MqttLimits } from './config.ts'
import type { MqttCounters } from './counters.ts'

/** PEM; `ca` is the authority that issues device certificates. Read again on `renew`. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
  readonly ca: string
}

export interface ListenerOptions {
  readonly host: string
  readonly port: number
  readonly tls: TlsIdentity
  readonly limits: MqttLimits
  readonly counters: MqttCounters
  readonly log: Log
  /** @param identified to be called once the socket is no longer an unknown one */
  readonly accept: (socket: TLSSocket, identified: () => void) => void
}

/** Sockets that may wait in the kernel while a fleet comes back. */
const BACKLOG = 4_096
const TICKET_KEY_BYTES = 48
const SESSION_SECONDS = 24 * 3600

/**
 * The TLS 1.2/1.3 port. Every client is asked for a certificate, and no handshake fails for a bad one: the CONNACK can
 * say why, which a TLS alert cannot. Session tickets make coming back cheap; who comes back is judged all the same.
 */
export class Listener {
  readonly #options: ListenerOptions
  readonly #server: TlsServer
  /** Address -> its sockets that have not yet said who they are. */
  readonly #unknown = new Map<string, number>()
  /** The TCP socket's peer names it also under TLS. */
  readonly #identified = new Map<string, () => void>()
  /** By peer, those whose handshake is not done: nobody else knows of them. */
  readonly #handshaking = new Map<string, Socket>()

  constructor(options: ListenerOptions) {
    const { tls, limits, counters, log } = options
    this.#options = options
    this.#server = createServer({
      ...this.#secure(tls),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: limits.handshakeSeconds * 1000,
    })
    this.#server.maxConnections = limits.connections
    this.#server.on('connection', (socket: Socket) => this.#count(socket))
    this.#server.on('secureConnection', (socket) => this.#secured(socket))
    this.#server.on('drop', () => {
      counters.refused['too-many-connections'] = (counters.refused['too-many-connections'] ?? 0) + 1
    })
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      counters.refused['tls-handshake'] = (counters.refused['tls-handshake'] ?? 0) + 1
      log.debug({ address: socket.remoteAddress, code: error.code }, 'a TLS handshake failed')
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#options.port
  }

  listen(): Promise<void> {
    const { host, port } = this.#options
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: BACKLOG }, () => {
        this.#server.removeListener('error', reject)
        this.#server.on('error', (error) => this.#options.log.error({ err: error }, 'the MQTT port failed'))
        resolve()
      })
    })
  }

  /** A new certificate or authority for connections from now on; tickets given before are not taken any more. */
  renew(tls: TlsIdentity): void {
    this.#server.setSecureContext(this.#secure(tls))
  }

  /** Takes no more connections, and hangs up on those that are not made yet; resolves when the last one is closed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#handshaking.values()) socket.destroy()
    return closed
  }

  /** Tickets are only taken by the server that gave them, and not across its restarts and renewals. */
  #secure(tls: TlsIdentity) {
    return {
      ...tls,
      minVersion: 'TLSv1.2' as const,
      honorCipherOrder: true,
      sessionTimeout: SESSION_SECONDS,
      sessionIdContext: randomBytes(16).toString('hex'),
      ticketKeys: randomBytes(TICKET_KEY_BYTES),
    }
  }

  /** Memory for TLS is taken before anybody is known: one address may not take it all. */
  #count(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const { counters, limits, log } = this.#options
    const unknown = (this.#unknown.get(address) ?? 0) + 1
    if (unknown > limits.handshakesPerAddress) {
      counters.refused['too-many-handshakes'] = (counters.refused['too-many-handshakes'] ?? 0) + 1
      log.debug({ address }, 'too many unidentified connections of one address')
      socket.destroy()
      return
    }
    counters.connections++
    this.#unknown.set(address, unknown)
    let known = false
    const identified = () => {
      if (known) return
      known = true
      const left = this.#unknown.get(address)! - 1
      if (left === 0) this.#unknown.delete(address)
      else this.#unknown.set(address, left)
    }
    const peer = peerOf(socket)
    this.#identified.set(peer, identified)
    this.#handshaking.set(peer, socket)
    socket.once('close', () => {
      counters.connections--
      this.#handshaking.delete(peer)
      this.#identified.delete(peer)
      identified()
    })
  }

  #secured(socket: TLSSocket): void {
    const { counters, accept } = this.#options
    counters.handshakes++
    if (socket.isSessionReused()) counters.resumed++
    const peer = peerOf(socket)
    this.#handshaking.delete(peer)
    accept(socket, this.#identified.get(peer) ?? (() => {}))
  }
}

const peerOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`
