import { createSocket, type Socket } from 'node:dgram'
import { type ConnectionPorts, reconnectWait } from '@millwright/connectivity'
import type { Timer } from '@millwright/foundation'
import { DEFAULTS, type Source } from '../config.ts'
import { bareAddress, listenProblem } from './address.ts'
import type { SourceEvents, TextSource } from './source.ts'

/** Datagrams: each holds whole lines. What comes while storage is behind is lost, as datagrams are, and counted. */
export class UdpSource implements TextSource {
  lost = 0
  readonly #config: Extract<Source, { type: 'udp' }>
  readonly #events: SourceEvents
  readonly #ports: Pick<ConnectionPorts, 'clock' | 'random'>
  readonly #allowed: ReadonlySet<string>
  #socket: Socket | undefined
  #timer: Timer | undefined
  #stopped = false
  #failures = 0
  #paused = false

  constructor(
    config: Extract<Source, { type: 'udp' }>,
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
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    this.#socket = socket
    socket.on('error', (cause) => {
      socket.removeAllListeners()
      socket.close()
      if (this.#socket === socket) this.#socket = undefined
      if (this.#stopped) return
      this.#events.down(listenProblem(host, port, cause))
      this.#timer = this.#ports.clock.after(reconnectWait(++this.#failures, this.#ports.random), () => this.start())
    })
    socket.on('message', (bytes, from) => {
      const address = bareAddress(from.address)
      if (this.#allowed.size > 0 && !this.#allowed.has(address)) return
      if (this.#paused) {
        this.lost++
        return
      }
      this.#events.data(address, bytes)
      this.#events.end(address)
    })
    socket.bind(port, host, () => {
      this.#failures = 0
      this.#events.up()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    const socket = this.#socket
    this.#socket = undefined
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(resolve))
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
  }

  send(): boolean {
    return false
  }

  renew(): void {
    // Nothing is connected: there is nothing to make anew.
  }
}
