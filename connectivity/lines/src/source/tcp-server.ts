import { createServer, type Server, type Socket } from 'node:net'
import { type ConnectionPorts, reconnectWait } from '@millwright/connectivity'
import type { Timer } from '@millwright/foundation'
import { DEFAULTS, type Source } from '../config.ts'
import { bareAddress, listenProblem } from './address.ts'
import type { SourceEvents, TextSource } from './source.ts'

/** Devices that connect to us; those beyond the bound, or not allowed, are turned away at once. */
export class TcpServerSource implements TextSource {
  readonly #config: Extract<Source, { type: 'tcp-server' }>
  readonly #events: SourceEvents
  readonly #ports: Pick<ConnectionPorts, 'clock' | 'random'>
  readonly #sockets = new Set<Socket>()
  readonly #allowed: ReadonlySet<string>
  #server: Server | undefined
  #timer: Timer | undefined
  #stopped = false
  #failures = 0
  #paused = false

  constructor(
    config: Extract<Source, { type: 'tcp-server' }>,
    events: SourceEvents,
    ports: Pick<ConnectionPorts, 'clock' | 'random'>,
  ) {
    this.#config = config
    this.#events = events
    this.#ports = ports
    this.#allowed = new Set(config.allowed)
  }

  start(): void {
    const { port, host = DEFAULTS.listen } = this.#config
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 }, (socket) =>
      this.#accept(socket),
    )
    this.#server = server
    server.on('error', (cause) => {
      if (this.#stopped) return
      this.#events.down(listenProblem(host, port, cause))
      this.#timer = this.#ports.clock.after(reconnectWait(++this.#failures, this.#ports.random), () => this.start())
    })
    server.listen(port, host, () => {
      this.#failures = 0
      this.#events.up()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    for (const socket of this.#sockets) socket.destroy()
    const server = this.#server
    if (server?.listening) await new Promise((resolve) => server.close(resolve))
  }

  pause(): void {
    this.#paused = true
    for (const socket of this.#sockets) socket.pause()
  }

  resume(): void {
    this.#paused = false
    for (const socket of this.#sockets) socket.resume()
  }

  send(bytes: Uint8Array): boolean {
    for (const socket of this.#sockets) socket.write(bytes)
    return this.#sockets.size > 0
  }

  renew(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    const address = bareAddress(socket.remoteAddress)
    socket.on('error', () => socket.destroy())
    const full = this.#sockets.size >= (this.#config.clients ?? DEFAULTS.clients)
    if (full || (this.#allowed.size > 0 && !this.#allowed.has(address))) {
      socket.destroy()
      return
    }
    const peer = `${address}:${socket.remotePort}`
    this.#sockets.add(socket)
    socket.on('data', (bytes) => this.#events.data(peer, bytes))
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#events.end(peer)
    })
    if (this.#paused) socket.pause()
  }
}
