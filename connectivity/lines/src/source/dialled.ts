import { type ConnectionPorts, openSerial, openTcp, reconnectWait, unreachable } from '@millwright/connectivity'
import type { Timer } from '@millwright/foundation'
import type { Source } from '../config.ts'
import { linesErrors } from '../errors.ts'
import type { SourceEvents, TextSource } from './source.ts'

/** ms to open a TCP connection. */
const CONNECT_WITHIN = 10_000

/** An open way to one device. */
interface Way {
  write(bytes: Uint8Array): void
  pause(): void
  resume(): void
  close(): Promise<void>
}
type Open = (data: (bytes: Uint8Array) => void, lost: (error: Error) => void, signal: AbortSignal) => Promise<Way>

/** One device that we go to; when it is lost, it is tried again after waits that grow. */
export class DialledSource implements TextSource {
  readonly #peer: string
  readonly #open: Open
  readonly #events: SourceEvents
  readonly #ports: Pick<ConnectionPorts, 'clock' | 'random'>
  readonly #stopping = new AbortController()
  #way: Way | undefined
  #timer: Timer | undefined
  #failures = 0
  #paused = false

  constructor(peer: string, open: Open, events: SourceEvents, ports: Pick<ConnectionPorts, 'clock' | 'random'>) {
    this.#peer = peer
    this.#open = open
    this.#events = events
    this.#ports = ports
  }

  start(): void {
    let way: Way | undefined
    const lost = (error: Error) => {
      if (way !== undefined && way === this.#way) this.#lost(error)
    }
    const data = (bytes: Uint8Array) => {
      if (way === undefined || way !== this.#way) return
      this.#failures = 0
      this.#events.data(this.#peer, bytes)
    }
    this.#open(data, lost, this.#stopping.signal).then(
      (opened) => {
        if (this.#stopping.signal.aborted) return void opened.close()
        way = opened
        this.#way = opened
        if (this.#paused) opened.pause()
        this.#events.up()
      },
      (error: Error) => this.#again(error),
    )
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#timer?.cancel()
    await this.#way?.close()
    this.#way = undefined
  }

  pause(): void {
    this.#paused = true
    this.#way?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#way?.resume()
  }

  send(bytes: Uint8Array): boolean {
    this.#way?.write(bytes)
    return this.#way !== undefined
  }

  renew(): void {
    const way = this.#way
    if (way === undefined) return
    this.#way = undefined
    this.#events.end(this.#peer)
    // A serial port can be opened again when it is closed, and not before.
    void way.close().then(() => {
      if (!this.#stopping.signal.aborted) this.start()
    })
  }

  #lost(error: Error): void {
    void this.#way?.close()
    this.#way = undefined
    this.#events.end(this.#peer)
    this.#again(error)
  }

  #again(error: Error): void {
    if (this.#stopping.signal.aborted) return
    this.#events.down(error)
    const wait = reconnectWait(++this.#failures, this.#ports.random)
    this.#timer = this.#ports.clock.after(wait, () => this.start())
  }
}

export function openTcpWay({ host, port }: Extract<Source, { type: 'tcp-client' }>): Open {
  const peer = `${host}:${port}`
  return async (data, lost, signal) => {
    const socket = await openTcp(host, port, CONNECT_WITHIN, signal)
    socket.on('data', data)
    socket.on('error', (cause) => lost(unreachable(peer, cause)))
    socket.on('close', () => lost(linesErrors.closed({ peer })))
    return {
      write: (bytes) => {
        socket.write(bytes)
      },
      pause: () => {
        socket.pause()
      },
      resume: () => {
        socket.resume()
      },
      close: async () => {
        socket.destroy()
      },
    }
  }
}

export const openSerialWay =
  (source: Extract<Source, { type: 'serial' }>): Open =>
  (data, lost) =>
    openSerial(source, { data, lost })
