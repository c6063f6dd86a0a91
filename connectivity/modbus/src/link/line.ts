/**
 * One way to one or more devices, and the queue before it. Modbus has one request out at a time; a device that does not
 * answer costs the others its timeout and no more. The connection is made when it is needed, and made anew when the peer
 * went away, hangs in the middle of a frame, or is only half there.
 */
import { reconnectWait } from '@millwright/connectivity'
import { type Clock, MILLISECOND, type Micros, MillwrightError, type Timer } from '@millwright/foundation'
import { type Framing, FramingError } from '../codec/framing.ts'
import { exceptionText } from '../codec/functions.ts'
import { type Answer, decodeAnswer, describeRequest, type Request } from '../codec/pdu.ts'
import { modbusErrors } from '../errors.ts'
import type { Asking, Job } from './job.ts'
import { JobQueue } from './queue.ts'
import type { OpenWire, Wire } from './wire.ts'

export interface LineOptions {
  /** As people know it: `10.0.0.5:502`, `/dev/ttyUSB0`. */
  readonly peer: string
  readonly open: OpenWire
  readonly framing: () => Framing
  readonly clock: Clock
  readonly random: () => number
  /** µs of rest between an answer and the next request. */
  readonly rest: Micros
  /** A connection that can be made anew: late answers die with it. */
  readonly connection: boolean
  readonly counters: LineCounters
}

export interface LineCounters {
  requests: number
  timeouts: number
  exceptions: number
  strays: number
  connects: number
}

/** More than these frames or bytes that nobody asked for, without one answer: a flood. */
const FLOOD = { frames: 200, bytes: 16_384 } as const

export class Line {
  /** Devices that use it: a single silent one is the line's own silence. */
  users = 0
  readonly #options: LineOptions
  readonly #jobs = new JobQueue()
  readonly #stopping = new AbortController()
  #wire: Wire | undefined
  #framing: Framing
  #connecting = false
  #current: Job | undefined
  #timer: Timer | undefined
  #resting = false
  #held: Timer | undefined
  /** Timeouts in a row in which not a byte came. */
  #silent = 0
  #heard = false
  /** Dropped since the last answer. */
  #strays = 0
  #failures = 0
  #notBefore: Micros = 0
  #lastError: Error | undefined

  constructor(options: LineOptions) {
    this.#options = options
    this.#framing = options.framing()
  }

  get peer(): string {
    return this.#options.peer
  }

  /** From when on it makes sense to try again, on the steady clock. */
  get notBefore(): Micros {
    return this.#notBefore
  }

  /**
   * The data of the answer; rejects with a MillwrightError.
   * @param command goes before what waits, and is not sent any more once it is aborted
   */
  ask(asking: Asking, request: Request, pdu: Uint8Array, command?: AbortSignal): Promise<Uint8Array> {
    const urgent = command !== undefined
    return new Promise((done, failed) => {
      if (this.#stopping.signal.aborted) return failed(this.#closed('we stopped'))
      if (this.#wire === undefined && !this.#connecting && this.#options.clock.steady() < this.#notBefore && !urgent) {
        return failed(this.#lastError ?? this.#closed('it is made anew in a moment'))
      }
      if (!this.#jobs.add({ asking, request, pdu, done, failed, command }, urgent)) {
        return failed(modbusErrors.overloaded({ peer: this.peer, limit: JobQueue.most }))
      }
      this.#next()
    })
  }

  /** Resolves when the connection or port is closed. */
  close(): Promise<void> {
    this.#stopping.abort()
    this.#held?.cancel()
    const closed = this.#drop()
    this.#failAll(this.#closed('we stopped'))
    return closed
  }

  #next(): void {
    if (this.#current !== undefined || this.#resting || this.#jobs.empty) return
    if (this.#wire === undefined) this.#connect()
    else this.#sendNext(this.#wire)
  }

  #sendNext(wire: Wire): void {
    const now = this.#options.clock.steady()
    let job = this.#jobs.take(now)
    // Nobody waits for it any more: a late write would be a surprise.
    for (; job?.command?.aborted; job = this.#jobs.take(now)) job.failed(modbusErrors.tooLate({ peer: this.peer }))
    if (job === undefined) {
      if (!this.#jobs.empty) this.#waitForHeld(this.#jobs.readyAt - now)
    } else this.#send(job, wire)
  }

  /** All that waits is for units whose late answers may still come; what is asked of others meanwhile goes at once. */
  #waitForHeld(delay: Micros): void {
    this.#held ??= this.#options.clock.after(delay, () => {
      this.#held = undefined
      this.#next()
    })
  }

  #send(job: Job, wire: Wire): void {
    const { clock, counters } = this.#options
    this.#current = job
    this.#heard = false
    counters.requests++
    const { unit, timeout } = job.asking
    this.#timer = clock.after(timeout * MILLISECOND, () => this.#timedOut(job))
    wire.write(this.#framing.send({ unit, request: job.request }, job.pdu))
  }

  #connect(): void {
    if (this.#connecting || this.#stopping.signal.aborted) return
    this.#connecting = true
    this.#options.counters.connects++
    const framing = this.#options.framing()
    let wire: Wire | undefined
    const mine = () => wire !== undefined && wire === this.#wire
    const events = {
      data: (bytes: Uint8Array) => {
        if (mine()) this.#received(bytes)
      },
      closed: (error: Error) => {
        if (mine()) this.#lost(error)
      },
    }
    this.#options.open(events, this.#stopping.signal).then(
      (opened) => {
        this.#connecting = false
        if (this.#stopping.signal.aborted) return void opened.close()
        wire = opened
        this.#wire = opened
        this.#framing = framing
        this.#silent = 0
        this.#strays = 0
        this.#next()
      },
      (error: Error) => {
        this.#connecting = false
        this.#unreachable(error)
      },
    )
  }

  #received(bytes: Uint8Array): void {
    this.#heard = true
    const before = this.#framing.dropped
    let answer: Uint8Array | undefined
    try {
      answer = this.#framing.receive(bytes)
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      this.#lost(modbusErrors.frame({ peer: this.peer, what: error.message }))
      return
    }
    const { dropped, numbered } = this.#framing
    this.#options.counters.strays += dropped - before
    this.#strays = answer === undefined ? this.#strays + dropped - before : 0
    if (answer !== undefined) this.#answered(answer)
    else if (this.#strays > (numbered ? FLOOD.frames : FLOOD.bytes)) this.#lost(modbusErrors.flood({ peer: this.peer }))
  }

  #answered(pdu: Uint8Array): void {
    const job = this.#current
    if (job === undefined) return
    this.#finish()
    this.#silent = 0
    this.#failures = 0
    this.#settle(job, decodeAnswer(job.request, pdu))
    this.#restUntil(Math.max(this.#options.rest, job.asking.pause * MILLISECOND))
  }

  #settle(job: Job, answer: Answer): void {
    if (answer.kind === 'data') job.done(answer.data)
    else job.failed(this.#refusal(job, answer))
  }

  #refusal({ asking, request: asked }: Job, answer: Exclude<Answer, { kind: 'data' }>): MillwrightError {
    const device = asking.name
    const request = describeRequest(asked)
    if (answer.kind === 'malformed') return modbusErrors.malformed({ device, request, what: answer.what })
    this.#options.counters.exceptions++
    const [name, advice] = exceptionText(answer.code)
    return modbusErrors.exception({ device, request, name, advice, exceptionCode: answer.code })
  }

  #timedOut(job: Job): void {
    if (this.#current !== job) return
    const { clock, counters, connection } = this.#options
    this.#finish()
    counters.timeouts++
    const { name: device, timeout, unit } = job.asking
    const cut = this.#framing.giveUp()
    job.failed(modbusErrors.timeout({ device, request: describeRequest(job.request), timeout }))
    this.#silent = this.#heard ? 0 : this.#silent + 1
    if (!this.#framing.numbered) {
      // Its late answer could be taken for that to the next request.
      if (connection) void this.#drop()
      else this.#jobs.hold(unit, clock.steady() + timeout * MILLISECOND)
    } else if (cut || this.#silent >= (this.users > 1 ? 4 : 2)) void this.#drop()
    this.#next()
  }

  #finish(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#current = undefined
  }

  #restUntil(delay: Micros): void {
    this.#resting = delay > 0
    if (!this.#resting) this.#next()
    else {
      this.#options.clock.after(delay, () => {
        this.#resting = false
        this.#next()
      })
    }
  }

  /** The connection is of no use any more; what waits goes over the next one. */
  async #drop(): Promise<void> {
    const wire = this.#wire
    this.#wire = undefined
    await wire?.close()
  }

  /** The peer went away, or lies: what is out fails; it is tried again at once if it had answered before. */
  #lost(error: Error): void {
    const job = this.#current
    void this.#drop()
    if (job === undefined) return
    this.#finish()
    job.failed(error)
    if (this.#failures > 0) this.#unreachable(error)
    else {
      this.#failures++
      this.#next()
    }
  }

  #unreachable(error: Error): void {
    const { clock, random } = this.#options
    this.#lastError = error
    this.#notBefore = clock.steady() + reconnectWait(++this.#failures, random)
    this.#failAll(error)
  }

  #failAll(error: Error): void {
    const job = this.#current
    this.#finish()
    job?.failed(error)
    for (const waiting of this.#jobs.clear()) waiting.failed(error)
  }

  #closed(why: string): MillwrightError {
    return modbusErrors.closed({ peer: this.peer, why })
  }
}

/** True when no device answers over this line now: it is not one device's own fault. */
export const isLineError = (error: unknown): boolean =>
  error instanceof MillwrightError && /^MW-(PEER-|SERIAL-|MODBUS-000[4-6])/.test(error.code)
