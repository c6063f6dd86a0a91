import { type Bus, type Clock, type Micros, MillwrightError, type Subscription } from '@millwright/foundation'
import { BOUNDS } from '../codecs/bounds.ts'
import { createDecoders } from '../codecs/codecs.ts'
import { MetricRows, ROW } from '../codecs/rows.ts'
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
import { rowPayload, rowsPayload } from './row-payload.ts'

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

/** A message that waits, as a copy. */
interface Waiting {
  readonly session: DeviceSession
  readonly source: string
  readonly receivedAt: Micros
  /** undefined: it came as rows. */
  readonly payload: Uint8Array | undefined
  readonly size: number
  readonly read: () => MetricRows
}

const NO_PAYLOAD = new Uint8Array(0)
const ROW_BYTES = 48
const WIDE_BYTES = 256

/** How often a message is looked at again when signals change while it waits. */
const ATTEMPTS = 5

/** The way of a message: limits, decode (unless it comes as rows), resolve, place, and the promise of the window it went into. */
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
    const { clock, messages } = this.#options
    if (session.closed) return Promise.reject(connectivityErrors.sessionEnded())
    const now = clock.now()
    const state = this.#heard(session.device, now)
    this.counters.bytes += payload.length
    if (payload.length > BOUNDS.payloadBytes) {
      messages.note(session.device, 'in', source, payload)
      const error = connectivityErrors.payloadTooLarge({ path: '/', size: payload.length, limit: BOUNDS.payloadBytes })
      return this.#refuse(session, payload, source, error)
    }
    const busy = this.#overMessages(state, now)
    if (busy !== undefined) return this.#refuse(session, payload, source, busy)
    const rows = this.#rows
    try {
      this.#decoders[format](payload, now, rows)
    } catch (error) {
      messages.note(session.device, 'in', source, payload)
      if (error instanceof MillwrightError) return this.#refuse(session, payload, source, error)
      throw error
    }
    messages.note(session.device, 'in', source, payload, rows.length)
    const full = this.#overPoints(state, rows.length, now)
    if (full !== undefined) return this.#refuse(session, payload, source, full)
    // In order: what comes behind a message that waits, waits too.
    if (state.line.length > 0 || !this.#resolver.known(state, session, rows)) {
      if (!this.#mayWait(state, payload.length)) {
        return this.#refuse(session, payload, source, connectivityErrors.backlog())
      }
      const copy = Buffer.from(payload)
      // The scratch rows are others' meanwhile: the message is read again.
      const read = () => {
        this.#decoders[format](copy, now, this.#rows)
        return this.#rows
      }
      return this.#wait(state, { session, source, receivedAt: now, payload: copy, size: copy.length, read })
    }
    return this.#place(session, rows, payload, source, now)
  }

  acceptRows(session: DeviceSession, rows: MetricRows, source: string): Promise<void> {
    const { clock, messages } = this.#options
    if (session.closed) return Promise.reject(connectivityErrors.sessionEnded())
    if (rows.length === 0) return Promise.resolve()
    const now = clock.now()
    const state = this.#heard(session.device, now)
    for (let row = 0; row < rows.length; row++) if (rows.time[row] === 0) rows.time[row] = now
    // Rows may come by the thousand a second: the message list shows some of them.
    if (state.mayNote(now)) messages.note(session.device, 'in', source, rowsPayload(rows), rows.length)
    const over = this.#overMessages(state, now) ?? this.#overPoints(state, rows.length, now)
    if (over !== undefined) return this.#refuse(session, rowsPayload(rows), source, over)
    if (state.line.length > 0 || !this.#resolver.known(state, session, rows)) {
      const size = bytesOf(rows)
      if (!this.#mayWait(state, size)) {
        return this.#refuse(session, rowsPayload(rows), source, connectivityErrors.backlog())
      }
      const copy = rows.copy()
      return this.#wait(state, { session, source, receivedAt: now, payload: undefined, size, read: () => copy })
    }
    return this.#place(session, rows, undefined, source, now)
  }

  #heard(device: string, now: Micros): DeviceState {
    const state = this.#devices.get(device) ?? this.#meet(device, now)
    state.since(this.#generation)
    this.counters.messages++
    this.#options.connections.heard(device, now)
    return state
  }

  #overMessages(state: DeviceState, now: Micros): MillwrightError | undefined {
    const { messageRate } = this.#options.limits
    return state.messages.take(1, now) ? undefined : connectivityErrors.messageRate({ limit: messageRate })
  }

  #overPoints(state: DeviceState, points: number, now: Micros): MillwrightError | undefined {
    const { pointRate } = this.#options.limits
    return state.points.take(points, now) ? undefined : connectivityErrors.pointRate({ limit: pointRate })
  }

  #meet(device: string, now: Micros): DeviceState {
    const state = new DeviceState(this.#options.limits, now)
    this.#devices.set(device, state)
    return state
  }

  /** Pushes rows into the open window. @param payload as it came; undefined when the rows are all there is */
  #place(
    session: DeviceSession,
    rows: MetricRows,
    payload: Uint8Array | undefined,
    source: string,
    receivedAt: Micros,
  ): Promise<void> {
    const { sink } = this.#options
    const batch = sink.open
    let refused: (MetricRefusal & { payload: Uint8Array })[] | undefined
    for (let row = 0; row < rows.length; row++) {
      const resolution = this.#resolver.resolutions[row]!
      // A connection tells of every node it was pointed at, also of those that have no value yet: that is no fault.
      if ('refused' in resolution && rows.kind[row] === ROW.none && session.owner.connection === true) continue
      const refusal =
        'signal' in resolution
          ? placeRow(rows, row, resolution.signal, receivedAt, batch)
          : { metric: rows.name[row]!, ...resolution.refused }
      if (refusal === undefined) continue
      refused ??= []
      // A letter for each of thousands of refused rows would be thousands of texts: those beyond are alike.
      refused.push({ ...refusal, payload: payload ?? (refused.length < 100 ? rowPayload(rows, row) : NO_PAYLOAD) })
    }
    this.counters.points += rows.length - (refused?.length ?? 0)
    const committed = sink.committed()
    return refused === undefined ? committed : this.#withRefusals(session, source, refused, committed)
  }

  async #withRefusals(
    session: DeviceSession,
    source: string,
    refused: readonly (MetricRefusal & { payload: Uint8Array })[],
    committed: Promise<void>,
  ): Promise<void> {
    this.counters.refusedMetrics += refused.length
    const { tenant, device } = session
    const letters = refused.map(({ code, reason, payload }) =>
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

  #mayWait(state: DeviceState, size: number): boolean {
    const { limits } = this.#options
    return state.line.length < limits.waitingMessages && this.#waitingBytes + size <= limits.waitingBytes
  }

  /** The message waits, as a copy, until those before it are placed and its metrics are known. */
  #wait(state: DeviceState, waiting: Waiting): Promise<void> {
    this.#waitingBytes += waiting.size
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    state.line.add(async () => {
      try {
        const placed = await this.#placeOnceKnown(state, waiting)
        // The next one in line waits for this one's place in the window, not for the window's commit.
        placed.committed.then(resolve, reject)
      } catch (error) {
        reject(error)
      } finally {
        this.#waitingBytes -= waiting.size
      }
    })
    return promise
  }

  async #placeOnceKnown(state: DeviceState, waiting: Waiting): Promise<{ committed: Promise<void> }> {
    const { session, source, payload, receivedAt } = waiting
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const rows = waiting.read()
      state.since(this.#generation)
      const unknown = this.#resolver.unknown(state, session, rows)
      if (unknown.length === 0 && this.#resolver.known(state, session, rows)) {
        return { committed: this.#place(session, rows, payload, source, receivedAt) }
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

/** About what a copy of the rows takes. */
function bytesOf(rows: MetricRows): number {
  let bytes = rows.length * ROW_BYTES
  for (const wide of rows.wide) {
    if (wide?.kind === 'waveform') bytes += wide.samples.byteLength
    else if (wide !== undefined) bytes += WIDE_BYTES
  }
  return bytes
}
