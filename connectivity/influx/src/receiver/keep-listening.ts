import { type ConnectionPorts, reconnectWait } from '@millwright/connectivity'
import type { Timer } from '@millwright/foundation'
import { listenText } from './probe.ts'

export interface KeepListeningOptions {
  readonly ports: ConnectionPorts
  readonly address: { readonly host: string; readonly port: number }
  /** Listens; when it rejects, `close` is called before the next attempt. */
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Listens, and tries again while the port is taken: the state says why. */
export class KeepListening {
  readonly #options: KeepListeningOptions
  #failures = 0
  #retry: Timer | undefined
  #attempt: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: KeepListeningOptions) {
    this.#options = options
  }

  start(): Promise<void> {
    this.#attempt = this.#try()
    return this.#attempt
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#retry?.cancel()
    await this.#attempt
    await this.#options.close()
  }

  async #try(): Promise<void> {
    const { ports, address, open, close } = this.#options
    try {
      await open()
      this.#failures = 0
      ports.status.running()
    } catch (error) {
      await close()
      if (this.#stopped) return
      ports.status.waiting(listenText(error, address))
      this.#retry = ports.clock.after(reconnectWait(++this.#failures, ports.random), () => {
        this.#attempt = this.#try()
      })
    }
  }
}
