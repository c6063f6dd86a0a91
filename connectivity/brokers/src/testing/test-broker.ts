import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'

/** An MQTT broker that we did not write, on a port of its own; it can die and come back. */
export class TestBroker {
  port = 0
  #aedes: Aedes | undefined
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()

  static async start(): Promise<TestBroker> {
    const broker = new TestBroker()
    await broker.revive()
    return broker
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  get broker(): Aedes {
    return this.#aedes!
  }

  /** Comes back on the same port, remembering nothing. */
  async revive(): Promise<void> {
    const aedes = await Aedes.createBroker()
    const server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      aedes.handle(socket)
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as AddressInfo).port
    this.#aedes = aedes
    this.#server = server
  }

  /** Dies: its connections break, nothing listens any more. */
  async die(): Promise<void> {
    const closed = this.#server === undefined ? undefined : once(this.#server, 'close')
    this.#server?.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
    await new Promise<void>((resolve) => (this.#aedes === undefined ? resolve() : this.#aedes.close(resolve)))
    this.#server = undefined
    this.#aedes = undefined
  }

  /** Publishes as the broker itself. */
  publish(topic: string, payload: Buffer, retain = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload, qos: 0, retain, dup: false } as const
      this.broker.publish(packet, (error) => (error ? reject(error) : resolve()))
    })
  }
}
