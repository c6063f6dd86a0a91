/**
 * A conversation with one instrument: one question at a time. After an answer that did not come in time the next one could
 * be taken for another's; so the instrument is asked who it is, and everything before that answer is dropped. When it does
 * not say, the connection is made anew: closing it is the device clear of a raw socket.
 */
import type { Socket } from 'node:net'
import { openTcp, unreachable } from '@millwright/connectivity'
import { type Clock, MILLISECOND, MillwrightError, type Timer } from '@millwright/foundation'
import { AnswerReader } from '../codec/reader.ts'
import { scpiErrors } from '../errors.ts'
import { Turn } from './turn.ts'

export interface SessionOptions {
  readonly host: string
  readonly port: number
  /** ms. */
  readonly timeout: number
  /** Bytes of an answer. */
  readonly longest: number
  readonly terminator: string
  readonly clock: Clock
  readonly counters: SessionCounters
}

export interface SessionCounters {
  queries: number
  timeouts: number
  strays: number
  resyncs: number
}

interface Awaited {
  readonly command: string
  readonly done: (answer: Buffer) => void
  readonly failed: (error: Error) => void
  readonly timer: Timer
  /** Whether an answer is the one; those that are not are late ones to somebody else, and passed over. */
  readonly fits: (answer: Buffer) => boolean
  passedOver: number
}

/** Answers that nobody asked for, without one that somebody did: a flood. */
const FLOOD = 1_000
/** Late answers that are passed over on the way back into step. */
const LATE_ANSWERS = 20

export class Session {
  identity = ''
  readonly #options: SessionOptions
  readonly #peer: string
  readonly #socket: Socket
  readonly #reader: AnswerReader
  readonly #turn = new Turn()
  readonly #closed = Promise.withResolvers<Error>()
  #awaited: Awaited | undefined
  #error: Error | undefined
  #outOfStep = false
  #strays = 0

  /** Connects and asks the instrument who it is. Rejects with a MillwrightError. */
  static async open(options: SessionOptions, signal: AbortSignal): Promise<Session> {
    const socket = await openTcp(options.host, options.port, Math.min(options.timeout, 10_000), signal)
    const session = new Session(options, socket)
    try {
      session.identity = await session.#identify()
      return session
    } catch (error) {
      session.close()
      throw error
    }
  }

  private constructor(options: SessionOptions, socket: Socket) {
    this.#options = options
    this.#peer = `${options.host}:${options.port}`
    this.#socket = socket
    this.#reader = new AnswerReader(options.longest)
    socket.on('data', (bytes) => this.#received(bytes))
    socket.on('error', (cause) => this.#end(unreachable(this.#peer, cause)))
    socket.on('close', () => this.#end(scpiErrors.closed({ peer: this.#peer, why: 'the instrument closed it' })))
  }

  /** Resolves with the reason when the connection has ended. */
  get ended(): Promise<Error> {
    return this.#closed.promise
  }

  /** Nothing else is said to the instrument while `work` goes on. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn.take(work)
  }

  /** Sends what has no answer. To be called within `alone`. */
  async tell(command: string): Promise<void> {
    if (this.#outOfStep) await this.#resync()
    this.#write(command)
  }

  /** The answer to a query, without its end. To be called within `alone`. @param timeout ms */
  async ask(command: string, timeout = this.#options.timeout): Promise<Buffer> {
    if (this.#outOfStep) await this.#resync()
    return await this.#exchange(command, timeout)
  }

  close(): void {
    this.#end(scpiErrors.closed({ peer: this.#peer, why: 'we closed it' }))
  }

  #exchange(command: string, timeout: number, fits: (answer: Buffer) => boolean = anything): Promise<Buffer> {
    this.#options.counters.queries++
    return new Promise((done, failed) => {
      if (this.#error !== undefined) return failed(this.#error)
      const timer = this.#options.clock.after(timeout * MILLISECOND, () => {
        this.#awaited = undefined
        this.#outOfStep = true
        this.#options.counters.timeouts++
        failed(scpiErrors.timeout({ command, timeout }))
      })
      this.#awaited = { command, done, failed, timer, fits, passedOver: 0 }
      this.#write(command)
    })
  }

  #write(command: string): void {
    if (this.#error !== undefined) throw this.#error
    this.#socket.write(command + this.#options.terminator, 'latin1')
  }

  /** IEEE 488.2, 10.14: four fields with commas between. A late answer to somebody before us is none. */
  async #identify(): Promise<string> {
    let said = 'nothing'
    const fits = (answer: Buffer) => {
      const text = answer.toString('latin1').trim()
      said = JSON.stringify(text.slice(0, 80))
      return text.includes(',') && text.length <= 400
    }
    try {
      return (await this.#exchange('*IDN?', this.#options.timeout, fits)).toString('latin1').trim()
    } catch (cause) {
      if (!isTimeout(cause) && this.#error !== cause) throw cause
      throw said === 'nothing' && !isTimeout(cause)
        ? cause
        : scpiErrors.notIdentified({ peer: this.#peer, said, cause })
    }
  }

  async #resync(): Promise<void> {
    this.#options.counters.resyncs++
    try {
      const fits = (answer: Buffer) => answer.toString('latin1').trim() === this.identity
      await this.#exchange('*IDN?', this.#options.timeout, fits)
      this.#outOfStep = false
    } catch (error) {
      if (!isTimeout(error)) throw error
      const lost = scpiErrors.outOfStep({ peer: this.#peer, cause: error })
      this.#end(lost)
      throw lost
    }
  }

  #received(bytes: Uint8Array): void {
    for (const received of this.#reader.push(bytes)) {
      if (received.kind === 'too-long') {
        const command = this.#awaited?.command ?? 'nothing'
        this.#end(scpiErrors.tooLong({ command, limit: this.#options.longest }))
        return
      }
      this.#answered(received.bytes)
      if (this.#error !== undefined) return
    }
  }

  #answered(answer: Buffer): void {
    const awaited = this.#awaited
    if (awaited !== undefined && !awaited.fits(answer)) {
      if (++awaited.passedOver > LATE_ANSWERS) this.#end(scpiErrors.outOfStep({ peer: this.#peer }))
      return
    }
    if (awaited !== undefined) {
      this.#awaited = undefined
      this.#strays = 0
      awaited.timer.cancel()
      awaited.done(answer)
      return
    }
    this.#options.counters.strays++
    // What comes unasked may be followed by more of it, before the next true answer.
    this.#outOfStep = this.identity !== ''
    if (++this.#strays > FLOOD) this.#end(scpiErrors.flood({ peer: this.#peer }))
  }

  #end(error: Error): void {
    if (this.#error !== undefined) return
    this.#error = error
    this.#socket.destroy()
    const awaited = this.#awaited
    this.#awaited = undefined
    awaited?.timer.cancel()
    awaited?.failed(error)
    this.#closed.resolve(error)
  }
}

const anything = () => true

export const isTimeout = (error: unknown): boolean => error instanceof MillwrightError && error.code === 'MW-SCPI-0010'
