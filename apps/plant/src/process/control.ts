import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

/** What `npm run plant -- --fault …` asks of a running plant. */
export type ControlRequest =
  | { readonly action: 'inject' | 'clear'; readonly fault: string; readonly machine?: string | undefined }
  | { readonly action: 'clear-all' }
  | { readonly action: 'list' }

export interface FaultLine {
  readonly machine: string
  readonly fault: string
  readonly description: string
  readonly active: boolean
}

export type ControlReply =
  | { readonly ok: true; readonly faults: readonly FaultLine[] }
  | { readonly ok: false; readonly error: string }

interface Door {
  readonly port: number
  readonly secret: string
}

const FILE = 'control.json'
const LONGEST_LINE = 4_096

/**
 * The door of a running plant for this machine's user: a socket on the loopback address whose port and secret stand in a
 * file only that user may read (a Unix socket's path would be too long in many directories).
 */
export class ControlDoor {
  readonly #directory: string
  readonly #secret = randomBytes(24).toString('hex')
  readonly #handle: (request: ControlRequest) => ControlReply
  #server: Server | undefined

  constructor(directory: string, handle: (request: ControlRequest) => ControlReply) {
    this.#directory = directory
    this.#handle = handle
  }

  async open(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    const door: Door = { port: (server.address() as AddressInfo).port, secret: this.#secret }
    await rm(join(this.#directory, FILE), { force: true })
    await writeFile(join(this.#directory, FILE), JSON.stringify(door), { mode: 0o600 })
  }

  async close(): Promise<void> {
    this.#server?.close()
    await rm(join(this.#directory, FILE), { force: true })
  }

  #serve(socket: Socket): void {
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.length > LONGEST_LINE) socket.destroy()
      else if (text.includes('\n')) socket.end(`${JSON.stringify(this.#answer(text))}\n`)
    })
  }

  #answer(line: string): ControlReply {
    try {
      const { secret, request } = JSON.parse(line) as { secret: string; request: ControlRequest }
      const given = Buffer.from(String(secret))
      const own = Buffer.from(this.#secret)
      if (given.length !== own.length || !timingSafeEqual(given, own)) return { ok: false, error: 'not for you' }
      return this.#handle(request)
    } catch (error) {
      return { ok: false, error: (error as Error).message }
    }
  }
}

/** Asks the plant that runs with this directory. Errors: throws a sentence when none does. */
export async function askPlant(directory: string, request: ControlRequest): Promise<readonly FaultLine[]> {
  const none = `No plant runs with the directory ${directory}. Start one (npm start), or name its directory with --data or --directory.`
  let door: Door
  try {
    door = JSON.parse(await readFile(join(directory, FILE), 'utf8')) as Door
  } catch (cause) {
    throw new Error(none, { cause })
  }
  const socket = connect(door.port, '127.0.0.1')
  socket.setEncoding('utf8')
  let text = ''
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  try {
    await once(socket, 'connect')
    socket.write(`${JSON.stringify({ secret: door.secret, request })}\n`)
    await once(socket, 'close')
  } catch (cause) {
    throw new Error(none, { cause })
  }
  const reply = JSON.parse(text) as ControlReply
  if (!reply.ok) throw new Error(reply.error)
  return reply.faults
}
