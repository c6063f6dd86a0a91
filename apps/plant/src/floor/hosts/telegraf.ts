import { createSocket } from 'node:dgram'
import type { TelemetryMessage } from '@millwright/sdk/device'

/** Of the readings, what a small program of its own sends as datagrams. */
const BY_UDP = new Set(['temperature'])

/**
 * What Telegraf does on a computer: InfluxDB line protocol, one line a reading's moment, to the write API over HTTP; the
 * thermometer's over UDP. What cannot be sent is lost, as when Telegraf's buffer is full.
 */
export class Telegraf {
  readonly #socket = createSocket('udp4')

  constructor() {
    this.#socket.on('error', () => undefined)
    this.#socket.unref()
  }

  async send(host: string, messages: readonly TelemetryMessage[], to: { port: number; udp: number }): Promise<void> {
    const http: string[] = []
    for (const { time, values } of messages) {
      // Nanoseconds, as senders of line protocol count by default.
      const stamp = `${time}000`
      const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number')
      const fields = numbers.filter(([name]) => !BY_UDP.has(name)).map(([name, value]) => `${name}=${value}`)
      if (fields.length > 0) http.push(`system,host=${host} ${fields.join(',')} ${stamp}`)
      for (const [name, value] of numbers) {
        if (!BY_UDP.has(name) || to.udp === 0) continue
        this.#socket.send(`sensors,host=${host} ${name}=${value} ${stamp}\n`, to.udp, '127.0.0.1')
      }
    }
    if (http.length === 0) return
    await fetch(`http://127.0.0.1:${to.port}/api/v2/write?org=works&bucket=hosts`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `${http.join('\n')}\n`,
      signal: AbortSignal.timeout(5_000),
    })
  }

  stop(): void {
    this.#socket.close()
  }
}
