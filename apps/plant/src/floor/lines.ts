import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Listening, Speaker, SpeakerOptions } from './speaker.ts'

/** A listener that is this far behind is dropped. */
const MOST_WAITING = 1 << 20

/** A gauge's printer port behind a serial server: a line `time=…;name=value;…` for each reading, to whoever listens. */
export class LinesSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #listeners = new Set<Socket>()
  readonly #server: Server

  constructor(options: SpeakerOptions) {
    this.#options = options
    this.#server = createServer((socket) => {
      this.#listeners.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#listeners.delete(socket))
      socket.resume()
    })
  }

  async start(): Promise<Listening> {
    this.#server.listen(this.#options.port, '127.0.0.1')
    await once(this.#server, 'listening')
    return { port: (this.#server.address() as AddressInfo).port }
  }

  show(_machine: string, messages: readonly TelemetryMessage[]): void {
    for (const { time, values } of messages) {
      const line = [`time=${time}`, ...Object.entries(values).map(([name, value]) => `${name}=${String(value)}`)]
      for (const socket of this.#listeners) {
        if (socket.writableLength > MOST_WAITING) socket.destroy()
        else socket.write(`${line.join(';')}\r\n`)
      }
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#listeners) socket.destroy()
    this.#server.close()
  }
}
