import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PeerCertificate, SignalKind } from '@millwright/contracts'
import { type Clock, createLog, type Log, type Micros, type MillwrightError, systemClock } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { rowValue } from '../codecs/row-value.ts'
import { kindOf, type MetricRows } from '../codecs/rows.ts'
import type { ConnectionPorts, ProbePorts, ReadingsPort, StatusPort } from '../connections/adapter.ts'
import type { SignalFeed } from '../connections/feed.ts'

/** A reading as the connection handed it over. */
export interface CollectedRow {
  /** undefined: of the connection's own device. */
  readonly device: string | undefined
  readonly source: string
  readonly metric: string
  readonly kind: SignalKind | 'none'
  /** As given; 0 ("now") is replaced by the clock's time. */
  readonly time: Micros
  /** Number, boolean, text of a state, document, `{ latitude, longitude, altitude? }`, `{ sampleRate, samples }`; null: none. */
  readonly value: unknown
  readonly quality: number
  readonly unit: string | undefined
}

export interface CollectedRefusal {
  readonly device: string | undefined
  readonly source: string
  readonly code: string
  readonly reason: string
  readonly payload: Buffer
}

export interface CollectedStatus {
  readonly state: 'running' | 'degraded' | 'waiting' | 'failed'
  readonly reason: string | undefined
}

export interface TestPortsOptions {
  readonly clock?: Clock
  readonly log?: Log
  readonly random?: () => number
  readonly purpose?: 'run' | 'preview'
  readonly feed?: SignalFeed
  /** Folders to use again, as after a restart: those of the ports before. */
  readonly keep?: TestPorts
}

/**
 * What a connection is given, for the tests of adapters: keeps all that it hands over. Storage can be made to lag
 * (`saturate`), to hold its acknowledgements (`hold`), and to fail (`failing`).
 */
export class TestPorts implements ConnectionPorts {
  readonly id = 'cnx_01test00000000000000000000'
  readonly name = 'Test connection'
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly purpose: 'run' | 'preview'
  readonly directory: string
  readonly identity: string
  readonly feed: SignalFeed | undefined
  readonly readings: ReadingsPort
  readonly status: StatusPort

  readonly rows: CollectedRow[] = []
  readonly refused: CollectedRefusal[] = []
  readonly statuses: CollectedStatus[] = []
  /** Devices behind the connection that were named, and whether they are there. */
  readonly devices = new Map<string, { online: boolean; reason: string | undefined }>()
  /** What stands to be accepted or rejected. */
  certificates: readonly PeerCertificate[] = []
  /** How often rows were handed over: how well they are batched. */
  accepts = 0
  /** `accept` rejects with this, and keeps nothing. */
  failing: Error | undefined
  /** Rows are counted (`count`) but not kept: for load. */
  counting = false
  count = 0
  readonly #root: string
  #drained: PromiseWithResolvers<void> | undefined
  #held: PromiseWithResolvers<void> | undefined

  constructor(options: TestPortsOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.log = options.log ?? createLog({ level: 'silent' })
    this.random = options.random ?? Math.random
    this.purpose = options.purpose ?? 'run'
    this.feed = options.feed
    this.#root = options.keep?.root ?? mkdtempSync(join(tmpdir(), 'millwright-ports-'))
    this.directory = join(this.#root, 'connection')
    this.identity = join(this.#root, 'identity')
    mkdirSync(this.directory, { recursive: true })
    mkdirSync(this.identity, { recursive: true })
    this.readings = this.#readings()
    this.status = this.#status()
  }

  /** The folder that holds `directory` and `identity`. */
  get root(): string {
    return this.#root
  }

  /** The state last said; undefined: none yet. */
  get state(): CollectedStatus | undefined {
    return this.statuses.at(-1)
  }

  /** The readings of one device; without a name: of the connection's own. */
  of(device?: string): CollectedRow[] {
    return this.rows.filter((row) => row.device === device)
  }

  /** The values of a metric in the order of their coming. */
  values(metric: string, device?: string): unknown[] {
    return this.of(device)
      .filter((row) => row.metric === metric)
      .map(({ value }) => value)
  }

  /** The last reading of a metric. */
  last(metric: string, device?: string): CollectedRow | undefined {
    return this.rows.findLast((row) => row.metric === metric && row.device === device)
  }

  /**
   * Waits until `predicate` holds, polled in real time.
   * @param deadline ms
   */
  until<T>(predicate: () => T | Promise<T>, deadline = 60_000): Promise<NonNullable<T>> {
    return eventually(predicate, deadline)
  }

  /** Storage is behind from now on, until `drain`. */
  saturate(): void {
    this.#drained ??= Promise.withResolvers<void>()
  }

  drain(): void {
    this.#drained?.resolve()
    this.#drained = undefined
  }

  /** `accept` does not resolve from now on, until `release`: nothing is durable. */
  hold(): void {
    this.#held ??= Promise.withResolvers<void>()
  }

  /** @param error what was held was not stored */
  release(error?: Error): void {
    if (error === undefined) this.#held?.resolve()
    else this.#held?.reject(error)
    this.#held = undefined
  }

  /** Ports for `test` and `browse` with the same identity. */
  probe(signal: AbortSignal = AbortSignal.timeout(10_000)): ProbePorts {
    return { clock: this.clock, log: this.log, identity: this.identity, signal }
  }

  /** Removes the folders. */
  close(): void {
    rmSync(this.#root, { recursive: true, force: true })
  }

  #readings(): ReadingsPort {
    const ports = this
    return {
      async accept(rows, source, device) {
        ports.accepts++
        if (ports.failing !== undefined) throw ports.failing
        ports.count += rows.length
        if (!ports.counting) ports.#collect(rows, source, device)
        if (device !== undefined) ports.devices.set(device, { online: true, reason: undefined })
        await ports.#held?.promise
      },
      async refuse(payload: Uint8Array, source: string, error: MillwrightError, device?: string) {
        const { code, message } = error
        ports.refused.push({ device, source, code, reason: message, payload: Buffer.from(payload) })
        await ports.#held?.promise
      },
      online(device) {
        ports.devices.set(device, { online: true, reason: undefined })
      },
      offline(device, reason) {
        ports.devices.set(device, { online: false, reason })
      },
      get saturated() {
        return ports.#drained !== undefined
      },
      async drained() {
        await ports.#drained?.promise
      },
    }
  }

  #status(): StatusPort {
    const said = (state: CollectedStatus['state']) => (reason?: string) => {
      this.statuses.push({ state, reason })
    }
    return {
      running: said('running'),
      degraded: said('degraded'),
      waiting: said('waiting'),
      failed: said('failed'),
      certificates: (unknown) => {
        this.certificates = unknown
      },
    }
  }

  #collect(rows: MetricRows, source: string, device: string | undefined): void {
    for (let row = 0; row < rows.length; row++) {
      this.rows.push({
        device,
        source,
        metric: rows.name[row]!,
        kind: kindOf(rows.kind[row]!) ?? 'none',
        time: rows.time[row]! === 0 ? this.clock.now() : rows.time[row]!,
        value: rowValue(rows, row),
        quality: rows.quality[row]!,
        unit: rows.hasUnits ? rows.unit[row] : undefined,
      })
    }
  }
}
