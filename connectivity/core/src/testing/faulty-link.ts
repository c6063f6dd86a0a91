import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A TCP link in front of a peer that fails as networks do. Real sockets; what passes is byte for byte the peer's. Connect
 * to `port` instead of to the peer.
 *
 * - `pass()` all is well
 * - `hold()` half-open: both sides stay connected, and nothing passes any more (a pulled cable); what came meanwhile is lost
 * - `cut()` every connection is reset, new ones are refused at once
 * - `delay(ms)` everything comes later, in order
 * - `cutAfter(bytes)` the connection that gets so many bytes from the peer next ends there, in the middle of whatever it is
 */
export class FaultyLink {
  readonly port: number
  /** Connections made through it so far. */
  connections = 0
  /** Bytes that came while it was held, and went nowhere. */
  lost = 0
  readonly #server: Server
  readonly #target: { host: string; port: number }
  readonly #open = new Set<Socket>()
  #state: 'pass' | 'hold' | 'cut' = 'pass'
  #delay = 0
  #left: number | undefined

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server
    this.#target = target
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (socket) => this.#join(socket))
  }

  static async to(port: number, host = '127.0.0.1'): Promise<FaultyLink> {
    const server = createServer({ allowHalfOpen: false })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FaultyLink(server, { host, port })
  }

  pass(): void {
    this.#state = 'pass'
    this.#delay = 0
    this.#left = undefined
  }

  hold(): void {
    this.#state = 'hold'
  }

  cut(): void {
    this.#state = 'cut'
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  delay(milliseconds: number): void {
    this.#delay = milliseconds
  }

  cutAfter(bytes: number): void {
    this.#left = bytes
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket): void {
    this.connections++
    if (this.#state === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect(this.#target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(from)
      from.setNoDelay(true)
      from.on('data', (bytes) => this.#carry(bytes, from === far, to))
      from.on('end', () => this.#later(() => to.end()))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.#open.delete(from)
        // A held link does not tell the other side that one has gone.
        if (this.#state !== 'hold') this.#later(() => to.destroy())
      })
    }
  }

  #carry(bytes: Buffer, fromPeer: boolean, to: Socket): void {
    if (this.#state === 'hold') {
      this.lost += bytes.length
      return
    }
    if (!fromPeer || this.#left === undefined) {
      this.#later(() => to.write(bytes))
      return
    }
    const head = bytes.subarray(0, this.#left)
    this.#left -= head.length
    to.write(head)
    if (this.#left > 0) return
    // The one connection that has had its bytes; the link itself goes on.
    this.#left = undefined
    to.end(() => to.destroy())
  }

  #later(work: () => void): void {
    if (this.#delay === 0) work()
    else setTimeout(work, this.#delay)
  }
}
