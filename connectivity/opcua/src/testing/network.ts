import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A network between client and server that can be cut, and that can swallow what is sent. */
export class Network {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #cut = false
  #swallows = false
  readonly port: number

  private constructor(server: Server, target: number) {
    this.#server = server
    this.port = (server.address() as { port: number }).port
    server.on('connection', (near) => {
      if (this.#cut) return near.destroy()
      const far = connect(target, '127.0.0.1')
      this.#join(near, far)
      this.#join(far, near)
    })
  }

  static async to(port: number): Promise<Network> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Network(server, port)
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.port}`
  }

  /** All connections break, and no new ones come. */
  cut(): void {
    this.#cut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Connections stay, but nothing gets through: as when a cable is pulled. */
  swallow(): void {
    this.#swallows = true
  }

  mend(): void {
    this.#cut = false
    this.#swallows = false
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.on('data', (bytes) => {
      if (!this.#swallows) to.write(bytes)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
