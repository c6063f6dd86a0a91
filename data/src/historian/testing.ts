/** A historian on a real engine with plain signals, for the tests of this package. */
import type { SignalKind } from '@millwright/contracts'
import { createBus, createLog, HOUR, MILLISECOND, type Micros, newId } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Telemetry } from '@millwright/storage'
import { temporaryTelemetry } from '@millwright/storage/testing'
import type { Actor } from '@millwright/trust'
import type { SignalFacts } from '../signals/catalogue.ts'
import { createHistorian, type Historian, type HistorianOptions } from './historian.ts'
import type { HistorianSignals } from './ports.ts'

export const TENANT = newId('ten')
export const NODE = newId('ast')

/** 2026-11-02 00:00 UTC, a Monday. */
export const START: Micros = Date.UTC(2026, 10, 2) * 1000

/** Signals in memory; `add` announces one. */
export class PlainSignals implements HistorianSignals {
  readonly #byKey = new Map<number, SignalFacts>()
  readonly #byId = new Map<string, SignalFacts>()

  add(facts: Partial<SignalFacts> & { readonly kind?: SignalKind } = {}): SignalFacts {
    const made: SignalFacts = {
      key: this.#byKey.size + 1,
      id: newId('sig'),
      tenant: TENANT,
      path: [NODE],
      name: `signal ${this.#byKey.size + 1}`,
      kind: 'number',
      unit: '1',
      equipment: null,
      device: null,
      min: null,
      max: null,
      maxRate: null,
      staleAfter: null,
      flatAfter: null,
      retention: 'standard',
      simulated: false,
      ...facts,
    }
    this.#byKey.set(made.key, made)
    this.#byId.set(made.id, made)
    return made
  }

  byKey(key: number): SignalFacts | undefined {
    return this.#byKey.get(key)
  }

  byId(id: string): SignalFacts | undefined {
    return this.#byId.get(id)
  }

  *under(node: string): Generator<SignalFacts> {
    for (const facts of this.#byId.values()) if (facts.path.includes(node)) yield facts
  }

  *ofTenant(tenant: string): Generator<SignalFacts> {
    for (const facts of this.#byId.values()) if (facts.tenant === tenant) yield facts
  }
}

/** Somebody of the tenant who may do all of it. */
export const somebody = (changes: Partial<Actor> = {}): Actor => ({
  kind: 'user',
  id: newId('usr'),
  name: 'Ada',
  tenant: TENANT,
  permissions: new Map([['*', new Set(['signal:read', 'reading:write'] as const)]]),
  shares: [],
  platform: false,
  ...changes,
})

export interface TestHistorian {
  readonly historian: Historian
  readonly signals: PlainSignals
  readonly clock: VirtualClock
  readonly telemetry: Telemetry
  /** Pushes numbers of a signal and waits until they are durable. */
  write(facts: SignalFacts, rows: readonly (readonly [time: Micros, value: number, quality?: number])[]): Promise<void>
  /** The same engine with a new historian, at a later time if given; unless it was stopped, as after a crash. */
  again(options?: Partial<HistorianOptions>, at?: Micros): Promise<Historian>
  close(): Promise<void>
}

/** Moves virtual time on until the promise settles: enough to close a window, then only while the engine is idle. */
export async function passing<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false
  const settle = () => {
    settled = true
  }
  promise.then(settle, settle)
  while (!settled) {
    await clock.advance(60 * MILLISECOND)
    const end = performance.now() + 200
    while (!settled && performance.now() < end) await new Promise((resolve) => setImmediate(resolve))
  }
  return promise
}

export async function testHistorian(options: Partial<HistorianOptions> = {}): Promise<TestHistorian> {
  const telemetry = options.telemetry ?? (await temporaryTelemetry())
  let clock = new VirtualClock(START + 12 * HOUR)
  const signals = new PlainSignals()
  const log = createLog({ level: 'silent' })
  const make = async (changes: Partial<HistorianOptions> = {}, on = clock) => {
    const made = createHistorian({ telemetry, bus: createBus(log), clock: on, log, signals, ...options, ...changes })
    await made.start()
    return made
  }
  let historian = await make()
  return {
    get historian() {
      return historian
    },
    signals,
    get clock() {
      return clock
    },
    telemetry,
    async write(facts, rows) {
      for (const [time, value, quality] of rows) historian.sink.open.push(facts.key, time, value, quality ?? 0)
      await passing(clock, historian.sink.committed())
    },
    async again(changes, at) {
      // A clock of its own: nothing of the historian before runs on, as after a crash.
      const next = new VirtualClock(at ?? clock.now())
      historian = await make(changes, next)
      clock = next
      return historian
    },
    async close() {
      await passing(clock, historian.stop())
      await telemetry.close()
    },
  }
}
