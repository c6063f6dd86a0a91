import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type ConnectionPorts, isRefusal } from '@millwright/connectivity'
import type { Precision } from './protocol/precision.ts'
import { settled } from './receiver/index.ts'
import type { LineStore } from './store.ts'

/** Datagrams whose readings are on their way to storage; what comes beyond is dropped and counted. */
const MAX_WAITING = 2_000

/** Line protocol by datagram: no answer, no second try, all that is lost is counted. */
export class UdpListener {
  readonly counters = { datagrams: 0, datagrams_dropped: 0 }
  readonly #ports: ConnectionPorts
  readonly #store: LineStore
  readonly #precision: Precision
  readonly #waiting = new Set<Promise<void>>()
  #socket: Socket | undefined

  constructor(ports: ConnectionPorts, store: LineStore, precision: Precision) {
    this.#ports = ports
    this.#store = store
    this.#precision = precision
  }

  get port(): number {
    return this.#socket?.address().port ?? 0
  }

  async start(host: string, port: number): Promise<void> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 })
    socket.bind(port, host)
    await once(socket, 'listening')
    socket.on('error', (error) => this.#ports.log.warn({ error }, 'the UDP socket failed'))
    socket.on('message', (message) => this.#take(message))
    this.#socket = socket
  }

  async stop(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    if (socket !== undefined) {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }
    await settled(this.#ports.clock, this.#waiting)
  }

  #take(message: Buffer): void {
    this.counters.datagrams++
    if (this.#waiting.size >= MAX_WAITING || this.#ports.readings.saturated) {
      this.counters.datagrams_dropped++
      return
    }
    const work: Promise<void> = this.#store
      .take(message, this.#precision, 'udp')
      .then(
        () => undefined,
        (error) => {
          this.counters.datagrams_dropped++
          if (!isRefusal(error)) this.#ports.log.warn({ error }, 'a datagram was not stored')
        },
      )
      .finally(() => this.#waiting.delete(work))
    this.#waiting.add(work)
  }
}
