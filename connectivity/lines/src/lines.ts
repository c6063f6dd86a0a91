/** Bytes of many peers, into rows handed over and dead letters. */
import { type ConnectionPorts, MetricRows } from '@millwright/connectivity'
import { type Micros, MillwrightError, SECOND } from '@millwright/foundation'
import { DEFAULTS, type LinesConfig } from './config.ts'
import { linesErrors } from './errors.ts'
import { controlText } from './framing/escapes.ts'
import { createSplitter, type Splitter } from './framing/splitter.ts'
import { compilePatterns, type ReadLine } from './patterns/reader.ts'

export interface LineCounters {
  lines: number
  unmatched: number
  tooLong: number
  notStored: number
}

export interface LinesEvents {
  /** A line was read, or was not and why. */
  read(): void
  unread(line: string, error: MillwrightError): void
}

/** Dead letters a second; more is only counted: a device that sends noise must not fill the disk. */
const REFUSALS_PER_SECOND = 20
const MOST_DEVICES = 1_000
/** What a peer of datagrams may leave open at once. */
const MOST_PEERS = 10_000

export class Lines {
  readonly counters: LineCounters = { lines: 0, unmatched: 0, tooLong: 0, notStored: 0 }
  readonly #ports: Pick<ConnectionPorts, 'clock' | 'log' | 'readings' | 'id'>
  readonly #config: LinesConfig
  readonly #events: LinesEvents
  readonly #read: ReadLine
  readonly #delimiter: Uint8Array | number
  readonly #encoding: 'utf8' | 'latin1'
  /** Of the piece at hand: its lines came at once. */
  #now: Micros = 0
  readonly #splitters = new Map<string, Splitter>()
  readonly #rows = new Map<string | undefined, MetricRows>()
  /** Devices that have rows of the piece at hand. */
  readonly #filled = new Set<string | undefined>()
  readonly #open = new Set<Promise<void>>()
  #second = 0
  #refused = 0

  /** Throws a MillwrightError with `path` when the configuration cannot be meant. */
  constructor(
    config: LinesConfig,
    ports: Pick<ConnectionPorts, 'clock' | 'log' | 'readings' | 'id'>,
    events: LinesEvents,
  ) {
    this.#ports = ports
    this.#config = config
    this.#events = events
    this.#read = compilePatterns(config)
    this.#delimiter = delimiterOf(config)
    this.#encoding = config.encoding === 'latin1' ? 'latin1' : 'utf8'
  }

  push(peer: string, bytes: Uint8Array): void {
    this.#now = this.#ports.clock.now()
    this.#splitter(peer).push(bytes)
    this.#flush(peer)
  }

  end(peer: string): void {
    const splitter = this.#splitters.get(peer)
    if (splitter === undefined) return
    this.#now = this.#ports.clock.now()
    splitter.end()
    this.#splitters.delete(peer)
    this.#flush(peer)
  }

  /** Resolves when all is settled, or after 3 s. */
  async settled(): Promise<void> {
    if (this.#open.size === 0) return
    const late = Promise.withResolvers<void>()
    const timer = this.#ports.clock.after(3 * SECOND, late.resolve)
    await Promise.race([Promise.all(this.#open), late.promise])
    timer.cancel()
  }

  #splitter(peer: string): Splitter {
    let splitter = this.#splitters.get(peer)
    if (splitter === undefined) {
      if (this.#splitters.size >= MOST_PEERS) this.#splitters.clear()
      const longest = this.#config.longest ?? DEFAULTS.longest
      splitter = createSplitter(this.#delimiter, longest, {
        line: (line) => this.#line(peer, line),
        tooLong: (head) => {
          this.counters.tooLong++
          this.#refuse(peer, head, linesErrors.tooLong({ limit: longest }))
        },
      })
      this.#splitters.set(peer, splitter)
    }
    return splitter
  }

  #line(peer: string, bytes: Buffer): void {
    this.counters.lines++
    const line = bytes.toString(this.#encoding).trim()
    if (line === '') return
    try {
      this.#read(line, this.#now, this.#rowsOf)
      this.#events.read()
    } catch (cause) {
      const error = cause instanceof MillwrightError ? cause : this.#fault(cause as Error)
      this.counters.unmatched++
      this.#events.unread(line, error)
      if (this.#config.unmatched !== 'ignore') this.#refuse(peer, bytes, error)
    }
  }

  /** A line that finds a fault of ours must not end the process; it must be seen. */
  #fault(err: Error): MillwrightError {
    this.#ports.log.error({ connection: this.#ports.id, err }, 'a line could not be read')
    return linesErrors.fault({ what: err.message, cause: err })
  }

  readonly #rowsOf = (device: string | undefined): MetricRows => {
    let rows = this.#rows.get(device)
    if (rows === undefined) {
      if (this.#rows.size > MOST_DEVICES) throw linesErrors.tooManyDevices({ limit: MOST_DEVICES })
      rows = new MetricRows()
      this.#rows.set(device, rows)
    }
    this.#filled.add(device)
    return rows
  }

  #flush(peer: string): void {
    for (const device of this.#filled) {
      const rows = this.#rows.get(device)!
      if (rows.length > 0) this.#track(this.#ports.readings.accept(rows, peer, device))
      rows.clear()
    }
    this.#filled.clear()
  }

  #refuse(peer: string, bytes: Buffer, error: MillwrightError): void {
    const second = Math.floor(this.#ports.clock.steady() / SECOND)
    if (second !== this.#second) {
      this.#second = second
      this.#refused = 0
    }
    if (this.#refused++ < REFUSALS_PER_SECOND) this.#track(this.#ports.readings.refuse(Buffer.from(bytes), peer, error))
  }

  #track(work: Promise<void>): void {
    const settled: Promise<void> = work
      .catch((err: Error) => {
        this.counters.notStored++
        this.#ports.log.warn({ connection: this.#ports.id, err }, 'lines were not stored')
      })
      .finally(() => this.#open.delete(settled))
    this.#open.add(settled)
  }
}

function delimiterOf({ delimiter }: LinesConfig): Uint8Array | number {
  if (delimiter === undefined || delimiter.type === 'newline') return Buffer.from('\n')
  return delimiter.type === 'fixed'
    ? delimiter.length
    : Buffer.from(controlText(delimiter.text, '/delimiter/text'), 'latin1')
}
