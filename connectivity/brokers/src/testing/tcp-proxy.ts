import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and its broker: cuts the wire, or holds it half open (bytes vanish, nobody is told). */
export class TcpProxy {
  readonly #server: Server
  readonly #pairs = new Set<{ client: Socket; upstream: Socket }>()
  #frozen = false
  connections = 0

  private constructor(target: () => number) {
    this.#server = createServer((client) => {
      this.connections++
      const upstream = connect(target(), '127.0.0.1')
      const pair = { client, upstream }
      this.#pairs.add(pair)
      const over = () => {
        this.#pairs.delete(pair)
        client.destroy()
        upstream.destroy()
      }
      client.on('error', over).on('close', over)
      upstream.on('error', over).on('close', over)
      client.on('data', (chunk) => this.#frozen || upstream.write(chunk))
      upstream.on('data', (chunk) => this.#frozen || client.write(chunk))
    })
  }

  static async to(target: () => number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Half open: connections stay, bytes get lost both ways. */
  freeze(): void {
    this.#frozen = true
  }

  thaw(): void {
    this.#frozen = false
  }

  /** Breaks all connections. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
  }

  async close(): Promise<void> {
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}
