/**
 * One device: reads its ranges at their rates, one after the other, and knows whether it is there. A device that does not
 * answer is left alone for a while that grows with each attempt, so that it costs those on the same line little.
 */
import { type ConnectionPorts, MetricRows, QUALITY, ROW, reconnectWait } from '@millwright/connectivity'
import { MILLISECOND, type Micros, MillwrightError, SECOND, type Timer } from '@millwright/foundation'
import { EXCEPTION } from '../codec/functions.ts'
import { isLineError, type Line } from '../link/line.ts'
import { type ReadRange, splitRange } from '../plan/plan.ts'
import type { Target } from '../plan/program.ts'
import type { Handover } from './handover.ts'
import type { Health } from './health.ts'

export interface RunnerCounters {
  reads: number
  /** Reads left out because the ones before took longer than their interval. */
  overruns: number
}

/** What the devices of a connection have in common. */
export interface RunnerShared {
  readonly ports: ConnectionPorts
  readonly health: Health
  readonly handover: Handover
  readonly counters: RunnerCounters
}

/** What is read at one rate, of this device: refused ranges are split here and not for its likes. */
interface Schedule {
  readonly interval: Micros
  ranges: readonly ReadRange[]
  nextAt: Micros
}

interface Refused {
  /** On the steady clock. */
  readonly until: Micros
  readonly what: string
  /** Asking again at once does not help. */
  readonly lasting: boolean
  /** In a row. */
  readonly times: number
}

/** Single registers that the device refuses are asked for again after a second, and at last this seldom. */
const LONGEST_REFUSED: Micros = 300 * SECOND
/** A dead unit is tried this seldom at last: behind a line that it shares, and on one of its own. */
const LONGEST_ABSENCE = { shared: 120_000_000, own: 30_000_000 } as const

const rows = new MetricRows()

export class DeviceRunner {
  readonly target: Target
  readonly line: Line
  readonly #ports: ConnectionPorts
  readonly #health: Health
  readonly #counters: RunnerCounters
  readonly #handover: Handover
  readonly #source: string
  readonly #schedules: Schedule[]
  readonly #refused = new Map<ReadRange, Refused>()
  /** Metrics that had a value: their signals exist, and are told when there is none any more. */
  readonly #metrics = new Set<string>()
  /** Ranges whose metrics are all among these. */
  readonly #seen = new Set<ReadRange>()
  #state: 'unknown' | 'online' | 'offline' = 'unknown'
  #attempts = 0
  #writing: Promise<unknown> = Promise.resolve()
  #stopped = false
  readonly #stopping = Promise.withResolvers<void>()
  #timer: Timer | undefined
  #wake: (() => void) | undefined
  #done: Promise<void> | undefined

  constructor(target: Target, line: Line, shared: RunnerShared) {
    this.target = target
    this.line = line
    this.#ports = shared.ports
    this.#health = shared.health
    this.#counters = shared.counters
    this.#handover = shared.handover
    this.#source = `${line.peer}/${target.unit}`
    this.#schedules = target.program.rates.map(({ interval, ranges }) => ({
      interval: interval * MILLISECOND,
      ranges,
      nextAt: 0,
    }))
    line.users++
  }

  /** @param phase µs until the first read: devices do not all ask at once */
  start(phase: Micros): void {
    if (this.#schedules.length === 0) return
    const first = this.#ports.clock.steady() + phase
    for (const schedule of this.#schedules) schedule.nextAt = first
    this.#done = this.#run().catch((err: Error) => {
      // A fault of ours: this device is read no more, and the others are.
      this.#ports.log.error(
        { connection: this.#ports.id, device: this.target.name, err },
        'a Modbus device is not read any more',
      )
      this.#health.away(
        this.target.name,
        `${this.target.name} is not read any more because of a fault in this program: ${err.message}`,
      )
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    this.#wake?.()
    this.#stopping.resolve()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const now = this.#ports.clock.steady()
      const nextAt = Math.min(...this.#schedules.map((schedule) => schedule.nextAt))
      if (nextAt > now) await this.#sleep(nextAt - now)
      if (this.#stopped) return
      if (this.#ports.readings.saturated) await Promise.race([this.#ports.readings.drained(), this.#stopping.promise])
      for (const schedule of this.#schedules) {
        if (this.#stopped) return
        if (schedule.nextAt > this.#ports.clock.steady()) continue
        const absent = await this.#poll(schedule)
        if (absent === undefined) this.#advance(schedule)
        else {
          // All its rates wait for it to come back, and are read at once when it does.
          const at = this.#ports.clock.steady() + absent
          for (const each of this.#schedules) each.nextAt = Math.max(each.nextAt, at)
          schedule.nextAt = at
          break
        }
      }
    }
  }

  #sleep(delay: Micros): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#timer = this.#ports.clock.after(delay, resolve)
    })
  }

  #advance(schedule: Schedule): void {
    const now = this.#ports.clock.steady()
    schedule.nextAt += schedule.interval
    if (schedule.nextAt >= now) return
    const missed = Math.ceil((now - schedule.nextAt) / schedule.interval)
    this.#counters.overruns += missed
    schedule.nextAt += missed * schedule.interval
  }

  /** Reads what is due; gives the time to leave the device alone when it is not there. */
  async #poll(schedule: Schedule): Promise<Micros | undefined> {
    const todo = [...schedule.ranges]
    for (let range = todo.shift(); range !== undefined && !this.#stopped; range = todo.shift()) {
      const refused = this.#refused.get(range)
      if (refused !== undefined && this.#ports.clock.steady() < refused.until) continue
      try {
        const data = await this.#read(range)
        this.#there()
        this.hand(range, data)
        this.#see(range)
        if (refused !== undefined) this.#forgive(range)
      } catch (error) {
        if (this.#stopped) return undefined
        if (!(error instanceof MillwrightError)) throw error
        if (isAbsence(error)) return this.#absent(error)
        this.#there()
        todo.unshift(...this.#notThis(schedule, range, error))
      }
    }
    return undefined
  }

  /** A device that was there is asked once more: a frame may have been lost. */
  async #read(range: ReadRange): Promise<Uint8Array> {
    this.#counters.reads++
    try {
      return await this.line.ask(this.target, range.request, range.pdu)
    } catch (error) {
      if (this.#stopped || this.#state !== 'online' || !isAbsence(error)) throw error
      this.#counters.reads++
      return await this.line.ask(this.target, range.request, range.pdu)
    }
  }

  /** One write at a time: two that change bits of the same register must not undo each other. */
  alone<T>(write: () => Promise<T>): Promise<T> {
    const mine = this.#writing.then(write, write)
    // Whoever asked hears of a failure; the next in line goes on.
    this.#writing = mine.catch(() => undefined)
    return mine
  }

  /** Hands over what was read, by a poll or after a write. */
  hand(range: ReadRange, data: Uint8Array): void {
    rows.clear()
    for (const read of range.reads) read(data, rows)
    rows.setTime(0, this.#ports.clock.now())
    this.#handover.accept(rows, this.#source, this.target.name)
  }

  #see(range: ReadRange): void {
    if (this.#seen.has(range)) return
    this.#seen.add(range)
    for (const { name } of range.points) this.#metrics.add(name)
  }

  #there(): void {
    this.#attempts = 0
    if (this.#state === 'online') return
    this.#state = 'online'
    this.#ports.readings.online(this.target.name)
    this.#health.answers(this.target.name)
  }

  #absent(error: MillwrightError): Micros {
    this.#attempts++
    if (this.#state !== 'offline') {
      this.#state = 'offline'
      // It may come back as another: what it refused is tried again.
      this.#replan()
      this.#complain()
      // In this order: readings say that a device is there.
      this.#noValues(this.#metrics, QUALITY.badNoCommunication)
      this.#ports.readings.offline(this.target.name, error.message)
    }
    this.#health.away(this.target.name, error.message)
    if (isLineError(error)) {
      return Math.max(50 * MILLISECOND, this.line.notBefore - this.#ports.clock.steady())
    }
    const longest = this.line.users > 1 ? LONGEST_ABSENCE.shared : LONGEST_ABSENCE.own
    const grown = reconnectWait(this.#attempts, this.#ports.random)
    return Math.min(longest, this.#attempts > 6 ? grown * 2 ** (this.#attempts - 6) : grown)
  }

  /** Nobody knows the values any more. */
  #noValues(metrics: Iterable<string>, quality: number): void {
    rows.clear()
    for (const metric of metrics) rows.push(metric, ROW.none, Number.NaN, quality)
    rows.setTime(0, this.#ports.clock.now())
    if (rows.length > 0) this.#handover.accept(rows, this.#source, this.target.name)
  }

  /** The device is there and refuses a range: a smaller one may do, and one bad register must not hide the others. */
  #notThis(schedule: Schedule, range: ReadRange, error: MillwrightError): readonly ReadRange[] {
    const code = error.details['exceptionCode']
    const divisible = code === EXCEPTION.illegalAddress || code === EXCEPTION.illegalValue
    const parts = divisible ? splitRange(range, this.target.program.limits) : undefined
    if (parts !== undefined) {
      schedule.ranges = schedule.ranges.flatMap((each) => (each === range ? parts : [each]))
      return parts
    }
    // What is not helped by asking again is asked more and more seldom; a busy device is asked as before.
    const lasting = divisible || code === EXCEPTION.illegalFunction
    const times = (this.#refused.get(range)?.times ?? 0) + 1
    const left = lasting ? Math.min(LONGEST_REFUSED, SECOND * 2 ** Math.min(times - 1, 20)) : 0
    const what = `${range.points[0]!.name}: ${error.message}`
    this.#refused.set(range, { until: this.#ports.clock.steady() + left, what, lasting, times })
    this.#complain()
    const known = range.points.map(({ name }) => name).filter((name) => this.#metrics.has(name))
    this.#noValues(known, QUALITY.bad)
    return []
  }

  /** A range that was refused for good is read again: the device has changed, and may take larger ones, too. */
  #forgive(range: ReadRange): void {
    if (this.#refused.get(range)?.lasting) this.#replan()
    this.#refused.delete(range)
    this.#complain()
  }

  #replan(): void {
    this.#schedules.forEach((schedule, at) => {
      schedule.ranges = this.target.program.rates[at]!.ranges
    })
    this.#refused.clear()
  }

  #complain(): void {
    const [first] = this.#refused.values()
    const more = this.#refused.size > 1 ? ` (and ${this.#refused.size - 1} more of its ranges)` : ''
    this.#health.complaint(this.target.name, first === undefined ? undefined : `${first.what}${more}`)
  }
}

/** The device is not there, as opposed to: it refuses something. */
function isAbsence(error: unknown): boolean {
  if (!(error instanceof MillwrightError)) return false
  if (isLineError(error)) return true
  const code = error.details['exceptionCode']
  return error.code === 'MW-MODBUS-0002' || code === EXCEPTION.gatewayPath || code === EXCEPTION.gatewayTarget
}
