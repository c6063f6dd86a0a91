import { type Bus, type Clock, type Micros, MillwrightError, type Subscription } from '@millwright/foundation'
import { BOUNDS } from '../codecs/bounds.ts'
import { createDecoders } from '../codecs/codecs.ts'
import { MetricRows } from '../codecs/rows.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import type { Connections } from '../devices/connections.ts'
import { connectivityErrors } from '../errors.ts'
import { deviceOf } from '../events.ts'
import type { Limits } from '../limits/limits.ts'
import type { MessageRing } from '../messages/ring.ts'
import type { ReadingSink, SignalDirectory } from '../ports.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { DeviceState } from './device-state.ts'
import type { Intake, TelemetryFormat } from './model.ts'
import { type MetricRefusal, placeRow } from './place-rows.ts'
import { MetricResolver } from './resolver.ts'

export interface IntakeOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly sink: ReadingSink
  readonly signals: SignalDirectory
  readonly deadLetters: DeadLetters
  readonly messages: MessageRing
  readonly connections: Connections
  readonly limits: Limits
}

/** How often a message is looked at again when signals change while it waits. */
const ATTEMPTS = 5

/** The way of a message: limits, decode, resolve, place, and the promise of the window it went into. */
export class IntakeService implements Intake {
  readonly #options: IntakeOptions
  readonly #decoders = createDecoders()
  readonly #rows = new MetricRows()
  readonly #resolver: MetricResolver
  readonly #devices = new Map<string, DeviceState>()
  #waitingBytes = 0
  /** Goes up when signals or equipment change: what devices' states hold of them is then too old. */
  #generation = 0
  #events: Subscription[] = []
  readonly counters = { messages: 0, points: 0, bytes: 0, refusedMessages: 0, refusedMetrics: 0 }

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#resolver = new MetricResolver(options)
  }

  start(): void {
    const { bus } = this.#options
    const forgetAll = () => {
      this.#generation++
    }
    this.#events = [
      bus.subscribe('millwright.signal.changed', forgetAll),
      bus.subscribe('millwright.asset.changed', forgetAll),
      bus.subscribe('millwright.asset.removed', forgetAll),
      bus.subscribe('millwright.device.removed', (event) => {
        this.#devices.delete(deviceOf(event))
      }),
    ]
  }

  /** The device was changed: its metrics may be other signals now. */
  forget(device: string): void {
    this.#devices.get(device)?.forget()
  }

  /** Resolves when no message waits any more. */
  async stop(): Promise<void> {
    for (const subscription of this.#events) subscription.cancel()
    await Promise.all([...this.#devices.values()].map((state) => state.line.empty()))
  }

  get saturated(): boolean {
    return this.#options.sink.saturated || this.#waitingBytes >= this.#options.limits.waitingBytes
  }

  accept(session: DeviceSession, format: TelemetryFormat, payload: Uint8Array, source: string): Promise<void> {
    const { clock, connections, messages, limits } = this.#options
    if (session.closed) return Promise.reject(connectivityErrors.sessionEnded())
    const now = clock.now()
    const { counters } = this
    const state = this.#devices.get(session.device) ?? this.#meet(session.device, now)
    state.since(this.#generation)
    counters.messages++
    counters.bytes += payload.length
    connections.heard(session.device, now)
    if (payload.length > BOUNDS.payloadBytes) {
      messages.note(session.device, 'in', source, payload)
      const error = connectivityErrors.payloadTooLarge({ path: '/', size: payload.length, limit: BOUNDS.payloadBytes })
      return this.#refuse(session, payload, source, error)
    }
    if (!state.messages.take(1, now)) {
      return this.#refuse(session, payload, source, connectivityErrors.messageRate({ limit: limits.messageRate }))
    }
    const rows = this.#rows
    try {
      this.#decoders[format](payload, now, rows)
    } catch (error) {
      messages.note(session.device, 'in', source, payload)
      if (error instanceof MillwrightError) return this.#refuse(session, payload, source, error)
      throw error
    }
    messages.note(session.device, 'in', source, payload, rows.length)
    if (!state.points.take(rows.length, now)) {
      return this.#refuse(session, payload, source, connectivityErrors.pointRate({ limit: limits.pointRate }))
    }
    // In order: what comes behind a message that waits, waits too.
    if (state.line.length > 0 || !this.#resolver.known(state, session.device, rows)) {
      return this.#wait(state, session, format, payload, source, now)
    }
    return this.#place(session, payload, source, now)
  }

  #meet(device: string, now: Micros): DeviceState {
    const state = new DeviceState(this.#options.limits, now)
    this.#devices.set(device, state)
    return state
  }

  /** Pushes `#rows` into the open window. */
  #place(session: DeviceSession, payload: Uint8Array, source: string, receivedAt: Micros): Promise<void> {
    const { sink } = this.#options
    const batch = sink.open
    const rows = this.#rows
    let refused: MetricRefusal[] | undefined
    for (let row = 0; row < rows.length; row++) {
      const resolution = this.#resolver.resolutions[row]!
      const refusal =
        'signal' in resolution
          ? placeRow(rows, row, resolution.signal, receivedAt, batch)
          : { metric: rows.name[row]!, ...resolution.refused }
      if (refusal === undefined) continue
      refused ??= []
      refused.push(refusal)
    }
    this.counters.points += rows.length - (refused?.length ?? 0)
    const committed = sink.committed()
    return refused === undefined ? committed : this.#withRefusals(session, payload, source, refused, committed)
  }

  async #withRefusals(
    session: DeviceSession,
    payload: Uint8Array,
    source: string,
    refused: readonly MetricRefusal[],
    committed: Promise<void>,
  ): Promise<void> {
    this.counters.refusedMetrics += refused.length
    const { tenant, device } = session
    const letters = refused.map(({ code, reason }) =>
      this.#options.deadLetters.record({ tenant, device, source, code, reason, payload }),
    )
    await Promise.all([committed, ...letters])
  }

  /** The whole message is refused: its dead letter first, then the error. */
  async #refuse(session: DeviceSession, payload: Uint8Array, source: string, error: MillwrightError): Promise<never> {
    this.counters.refusedMessages++
    const { tenant, device } = session
    await this.#options.deadLetters.record({ tenant, device, source, code: error.code, reason: error.message, payload })
    throw error
  }

  /** The message waits, as a copy, until those before it are placed and its metrics are known. */
  #wait(
    state: DeviceState,
    session: DeviceSession,
    format: TelemetryFormat,
    payload: Uint8Array,
    source: string,
    receivedAt: Micros,
  ): Promise<void> {
    const { limits } = this.#options
    if (state.line.length >= limits.waitingMessages || this.#waitingBytes + payload.length > limits.waitingBytes) {
      return this.#refuse(session, payload, source, connectivityErrors.backlog())
    }
    const copy = Buffer.from(payload)
    this.#waitingBytes += copy.length
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    state.line.add(async () => {
      try {
        const placed = await this.#placeOnceKnown(state, session, format, copy, source, receivedAt)
        // The next one in line waits for this one's place in the window, not for the window's commit.
        placed.committed.then(resolve, reject)
      } catch (error) {
        reject(error)
      } finally {
        this.#waitingBytes -= copy.length
      }
    })
    return promise
  }

  async #placeOnceKnown(
    state: DeviceState,
    session: DeviceSession,
    format: TelemetryFormat,
    payload: Buffer,
    source: string,
    receivedAt: Micros,
  ): Promise<{ committed: Promise<void> }> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // The scratch rows were others' meanwhile: the message is read again.
      this.#decoders[format](payload, receivedAt, this.#rows)
      state.since(this.#generation)
      const unknown = this.#resolver.unknown(state, session.device, this.#rows)
      if (unknown.length === 0 && this.#resolver.known(state, session.device, this.#rows)) {
        return { committed: this.#place(session, payload, source, receivedAt) }
      }
      const { owner } = session
      await this.#resolver.ask(state, owner, unknown)
      if (session.owner === owner) continue
      // The device was moved meanwhile: what was answered is of its old place.
      this.#options.signals.forget(session.device)
      state.forget()
    }
    throw connectivityErrors.notStored()
  }
}
