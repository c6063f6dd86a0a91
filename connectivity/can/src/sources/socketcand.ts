import type { Socket } from 'node:net'
import { openTcp, type StatusPort } from '@millwright/connectivity'
import { canErrors } from '../errors.ts'
import { checkFrame } from './candump.ts'
import type { FrameLine } from './lines.ts'
import type { Bus } from './live.ts'

const MAX_ELEMENT = 4096
const CONNECT = 5_000
const ANSWER = 5_000

export interface SocketcandOptions {
  readonly host: string
  readonly port: number
  readonly interface: string
  readonly send: boolean
  readonly line: FrameLine
  readonly status: Pick<StatusPort, 'running'>
}

/** A bus behind socketcand (TCP, elements as `< frame 123 23.424242 11 22 >`), in its raw mode. */
export class SocketcandBus implements Bus {
  readonly #options: SocketcandOptions
  #socket: Socket | undefined

  constructor(options: SocketcandOptions) {
    this.#options = options
  }

  async listen(frame: () => void, bad: (text: string) => void, signal: AbortSignal): Promise<void> {
    const { host, port, line, status } = this.#options
    const peer = `${host}:${port}`
    const socket = await openTcp(host, port, CONNECT, signal)
    this.#socket = socket
    socket.setEncoding('latin1')
    const ended = Promise.withResolvers<void>()
    const fail = (what: string) => ended.reject(canErrors.daemon({ peer, what }))
    // It greets, opens the bus, and goes over to frames: each step within its time.
    const steps = [`< open ${this.#options.interface} >`, '< rawmode >']
    const late = setTimeout(() => fail('does not answer as socketcand does'), ANSWER)
    const stop = () => fail('was left')
    signal.addEventListener('abort', stop)
    const element = (text: string) => {
      if (text.startsWith('frame ')) {
        const problem = readElement(line, text, this.#options.interface)
        if (problem) frame()
        else bad(`< ${text} >`)
      } else if (text === 'hi' || text === 'ok') {
        const next = steps.shift()
        if (next !== undefined) socket.write(next)
        else {
          clearTimeout(late)
          status.running()
        }
      } else if (text.startsWith('error')) fail(`says: ${text.slice(0, 100)}`)
    }
    let rest = ''
    socket.on('data', (chunk: string) => {
      rest += chunk
      for (let open = rest.indexOf('<'); open >= 0; open = rest.indexOf('<')) {
        const close = rest.indexOf('>', open)
        if (close < 0) break
        element(rest.slice(open + 1, close).trim())
        rest = rest.slice(close + 1)
      }
      if (rest.length > MAX_ELEMENT) fail('sends what is no element of its protocol')
    })
    socket.once('error', (error) => fail(`broke off (${error.message})`))
    socket.once('close', () => fail('closed the connection'))
    try {
      await ended.promise
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      this.#socket = undefined
      socket.destroy()
    }
  }

  pause(on: boolean): void {
    if (on) this.#socket?.pause()
    else this.#socket?.resume()
  }

  async send(frame: string): Promise<void> {
    if (!this.#options.send) throw canErrors.sendNotAllowed()
    const [id, data] = checkFrame(frame).split('#') as [string, string]
    if (this.#socket === undefined) throw canErrors.sendFailed({ what: 'socketcand is not connected' })
    if (frame.includes('##') || data === 'R')
      throw canErrors.sendUnknown({ what: 'socketcand sends classic data frames only.' })
    const bytes = data.match(/../g) ?? []
    this.#socket.write(`< send ${id} ${bytes.length} ${bytes.join(' ')} >`)
  }
}

/** `frame 123 23.424242 11 22 33`; newer versions leave out the spaces between bytes. */
function readElement(line: FrameLine, text: string, bus: string): boolean {
  const match = /^frame ([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8}) (\d{1,12}\.\d{1,9}) ?((?:[0-9A-Fa-f]{2} ?){0,64})$/.exec(text)
  if (match === null) return false
  const frame = `(${match[2]}) ${bus} ${match[1]}#${match[3]!.replaceAll(' ', '')}`
  return line.readCandump(frame, 0, frame.length) === undefined
}
