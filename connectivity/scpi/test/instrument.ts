/**
 * A simulated instrument, written from IEEE 488.2 and SCPI-99: there is none on npm or in Debian that answers on a socket.
 * It has an identity, an error queue, an output that can be set, and whatever answers a test gives it; each may come late,
 * in pieces, or never.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

type Answer = string | Buffer | undefined
type Say = (answer: string | Buffer) => void

export class Instrument {
  identity = 'Millwright,Simulated DMM,0001,1.0'
  /** Answers by query; a function may answer later, or never. */
  readonly answers = new Map<string, Answer | ((say: Say, socket: Socket) => void)>()
  readonly heard: string[] = []
  readonly errors: string[] = []
  voltage = 0
  connections = 0
  /** Every answer goes out byte by byte. */
  inPieces = false
  /** Does not answer SYST:ERR?. */
  withoutQueue = false
  port = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#serve(socket))

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Cuts all connections; it can be connected to again. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    let rest = ''
    let turn = Promise.resolve()
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1')
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        const message = rest.slice(0, end).trim()
        rest = rest.slice(end + 1)
        this.heard.push(message)
        // As the standard has it: one after the other, the next when the answer to the one before is out.
        turn = turn.then(() => this.#obey(message, socket))
      }
    })
  }

  async #obey(message: string, socket: Socket): Promise<void> {
    const say: Say = (answer) => {
      const bytes = Buffer.concat([Buffer.from(answer as string, 'latin1'), Buffer.from('\n')])
      if (!this.inPieces) socket.write(bytes)
      else for (const byte of bytes) socket.write(Uint8Array.of(byte))
    }
    const [head = '', argument = ''] = message.toUpperCase().split(' ')
    const known = this.answers.get(message)
    if (typeof known === 'function') {
      await new Promise<void>((resolve) =>
        known((answer) => {
          say(answer)
          resolve()
        }, socket),
      )
    } else if (known !== undefined) say(known)
    else if (head === '*IDN?') say(this.identity)
    else if (head === 'SYST:ERR?') {
      if (!this.withoutQueue) say(this.errors.shift() ?? '0,"No error"')
    } else if (head === 'VOLT?') say(this.voltage.toExponential(6))
    else if (head === 'VOLT') this.#set(Number(argument))
    else if (!['*CLS', '*RST', 'FORM', 'TRIG'].includes(head)) this.errors.push('-113,"Undefined header"')
  }

  #set(volts: number): void {
    if (volts <= 30) this.voltage = volts
    else this.errors.push('-222,"Data out of range"')
  }
}

/** A definite-length block. */
export function block(data: Buffer): Buffer {
  const length = String(data.length)
  return Buffer.concat([Buffer.from(`#${length.length}${length}`), data])
}
