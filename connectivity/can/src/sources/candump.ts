import { type ChildProcess, spawn } from 'node:child_process'
import type { StatusPort } from '@millwright/connectivity'
import { canErrors } from '../errors.ts'
import type { FrameLine } from './lines.ts'
import type { Bus } from './live.ts'

const MAX_LINE = 4096
const SAID = 400
const FRAME = /^(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(?:R|#[0-9A-Fa-f]?(?:[0-9A-Fa-f]{2}){0,64}|(?:[0-9A-Fa-f]{2}){0,8})$/

export interface CandumpOptions {
  /** `candump`, or another that speaks like it. */
  readonly command: string
  readonly sender: string
  readonly interface: string
  readonly send: boolean
  readonly line: FrameLine
  readonly status: StatusPort
}

/** Throws when a text is no frame for a bus. */
export function checkFrame(frame: unknown): string {
  if (typeof frame !== 'string' || !FRAME.test(frame))
    throw canErrors.sendUnknown({
      what: 'Give frame as identifier#data in hexadecimal digits: 123#DEADBEEF, or 18FEEE00#64FF.',
    })
  return frame
}

/** SocketCAN by can-utils' candump as a child process: Node has no sockets of that family. */
export class CandumpBus implements Bus {
  readonly #options: CandumpOptions
  #child: ChildProcess | undefined

  constructor(options: CandumpOptions) {
    this.#options = options
  }

  async listen(frame: () => void, bad: (text: string) => void, signal: AbortSignal): Promise<void> {
    const { command, line, status } = this.#options
    // No shell, and a name that cannot be an option.
    const child = spawn(command, ['-L', this.#options.interface], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    const ended = Promise.withResolvers<void>()
    // What it still has to say is of no use, and would keep it from closing while we do not read.
    const kill = () => {
      child.kill('SIGKILL')
      child.stdout.destroy()
      ended.resolve()
    }
    signal.addEventListener('abort', kill)
    let said = ''
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      said = (said + text).slice(-SAID)
    })
    // candump says nothing when it begins: what it has not refused at once, it listens to.
    const started = setTimeout(() => status.running(), 200)
    let rest = ''
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
      const text = rest + chunk
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const problem = end - start > MAX_LINE ? 'it is too long' : line.readCandump(text, start, end)
        if (problem === undefined) frame()
        else bad(text.slice(start, Math.min(end, start + MAX_LINE)))
        start = end + 1
      }
      rest = text.slice(start)
      if (rest.length > MAX_LINE) {
        bad(rest)
        rest = ''
      }
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      ended.reject(
        error.code === 'ENOENT'
          ? canErrors.candumpMissing()
          : canErrors.busEnded({ what: error.message, name: this.#options.interface }),
      )
    })
    child.once('close', (code, by) => {
      const what = said.trim().split('\n').at(-1) || (by === null ? `exit code ${code}` : `by ${by}`)
      ended.reject(canErrors.busEnded({ what, name: this.#options.interface }))
    })
    try {
      await ended.promise
    } finally {
      clearTimeout(started)
      signal.removeEventListener('abort', kill)
      this.#child = undefined
    }
  }

  pause(on: boolean): void {
    if (on) this.#child?.stdout?.pause()
    else this.#child?.stdout?.resume()
  }

  async send(frame: string): Promise<void> {
    if (!this.#options.send) throw canErrors.sendNotAllowed()
    const child = spawn(this.#options.sender, [this.#options.interface, checkFrame(frame)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('latin1').on('data', (text: string) => {
      said = (said + text).slice(-SAID)
    })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(canErrors.sendFailed({ what: error.message })))
      child.once('close', resolve)
    })
    if (code !== 0) throw canErrors.sendFailed({ what: said.trim() || `cansend ended with ${code}` })
  }
}
