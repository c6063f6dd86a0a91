import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { TelemetryMessage } from '@millwright/sdk/device'
import type { Listening, Receivers, Speaker, SpeakerOptions } from '../speaker.ts'
import { WATCHED } from './connections.ts'
import { remoteWrite } from './remote-write.ts'
import { Telegraf } from './telegraf.ts'

/** Watchers of computers: they send to whoever listens, and do not listen themselves. */
export class HostsSpeaker implements Speaker {
  readonly #options: SpeakerOptions
  readonly #telegraf = new Telegraf()
  #receivers: Receivers | undefined
  /** What is on its way; while something is, the next is left out: a receiver that is away must not pile it up. */
  readonly #busy = new Set<string>()

  constructor(options: SpeakerOptions) {
    this.#options = options
  }

  /** Nothing listens here: says where connections could, so that what this machine runs already is not disturbed. */
  async start(): Promise<Listening> {
    const { port } = this.#options
    const influx = await freePort(port)
    const receivers = { influx, influxUdp: await freeUdpPort(port), prometheus: await freePort(port + 1) }
    return { port: influx, receivers }
  }

  sendTo(receivers: Receivers): void {
    this.#receivers = receivers
  }

  show(machine: string, messages: readonly TelemetryMessage[]): void {
    const to = this.#receivers
    if (to === undefined || this.#busy.has(machine)) return
    const sending =
      machine === WATCHED.telegraf
        ? this.#telegraf.send(machine, messages, { port: to.influx, udp: to.influxUdp })
        : remoteWrite(machine, messages, to.prometheus)
    this.#busy.add(machine)
    // Nobody listens yet, or no more: the connection's page says so.
    void sending.catch(() => undefined).finally(() => this.#busy.delete(machine))
  }

  async stop(): Promise<void> {
    this.#telegraf.stop()
  }
}

/** @returns `wanted`, or any port that is free when that is another's */
async function freePort(wanted: number): Promise<number> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return freePort(0)
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function freeUdpPort(wanted: number): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(wanted, '127.0.0.1')
  try {
    await once(socket, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    socket.close()
    return freeUdpPort(0)
  }
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
