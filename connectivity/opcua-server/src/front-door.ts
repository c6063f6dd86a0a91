import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { SECOND } from '@millwright/foundation'
import { saidHello } from './hello.ts'
import type { OpcuaServerOptions } from './options.ts'

/** What the platform shows of the server. */
export interface OpcuaServer {
  /** Listens; resolves when clients can connect. Throws when the port is in use. */
  start(): Promise<void>
  stop(): Promise<void>
  /** The port it listens on. */
  readonly port: number
  readonly sessions: number
}

/** Connections that have not said Hello yet. */
const SILENT = 200
const HELLO_WITHIN = 10 * SECOND

/**
 * Listens, and does nothing else until somebody connects: the OPC UA machinery (100 MB, most of a second) is loaded for
 * the first client, which waits that long.
 */
export function createOpcuaServer(options: OpcuaServerOptions): OpcuaServer {
  const { log, clock } = options
  const door = createServer({ pauseOnConnect: true })
  let machinery: Promise<import('./server/machinery.ts').Machinery> | undefined
  let running: import('./server/machinery.ts').Machinery | undefined
  const silent = new Set<Socket>()
  let port = options.port

  async function load() {
    const { startMachinery } = await import('./server/machinery.ts')
    running = await startMachinery(options, port)
    return running
  }

  async function admit(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy())
    // The oldest who has not said anything yet makes room.
    if (silent.size >= SILENT) silent.values().next().value?.destroy()
    silent.add(socket)
    const hello = await saidHello(socket, clock, HELLO_WITHIN)
    silent.delete(socket)
    if (!hello) {
      socket.destroy()
      return
    }
    try {
      machinery ??= load()
      const { admit } = await machinery
      if (!socket.destroyed) admit(socket)
    } catch (error) {
      machinery = undefined
      log.error({ err: error }, 'the OPC UA server could not be started')
      socket.destroy()
    }
  }

  return {
    async start() {
      door.on('connection', (socket) => void admit(socket))
      door.listen({ port: options.port, host: options.host ?? '::' })
      await once(door, 'listening')
      const address = door.address()
      if (typeof address === 'object' && address !== null) port = address.port
    },
    async stop() {
      const closed = new Promise((resolve) => door.close(resolve))
      for (const socket of silent) socket.destroy()
      const held = await machinery?.catch(() => undefined)
      await held?.stop()
      await closed
    },
    get port() {
      return port
    },
    get sessions() {
      return running?.sessions ?? 0
    },
  }
}
