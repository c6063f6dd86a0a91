import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'

/** A plain MQTT broker on the loopback interface, as a controller brings one along. */
export class Broker {
  readonly #broker: Aedes
  readonly #server: Server

  private constructor(broker: Aedes, server: Server) {
    this.#broker = broker
    this.#server = server
  }

  /** @param port 0: any that is free. Errors: EADDRINUSE. */
  static async start(port: number): Promise<Broker> {
    const broker = await Aedes.createBroker()
    const server = createServer(broker.handle)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return new Broker(broker, server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  publish(topic: string, payload: string): void {
    this.#broker.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false },
      // What a broker in the same process cannot deliver, nobody has subscribed to.
      () => undefined,
    )
  }

  async stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#broker.close(() => resolve())
    await promise
    this.#server.close()
  }
}
