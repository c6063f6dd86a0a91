import type { MetricRows } from '../codecs/rows.ts'
import type { DeviceSession } from '../sessions/model.ts'

/** Telemetry payloads the platform reads. */
export type TelemetryFormat = 'millwright+json' | 'senml+json' | 'senml+cbor' | 'thingsboard+json'

export interface IntakeCounters {
  readonly messages: number
  readonly points: number
  readonly bytes: number
  /** Messages refused as a whole. */
  readonly refusedMessages: number
  /** Metrics refused for a reason of their own, of messages otherwise stored. */
  readonly refusedMetrics: number
}

/** From payload bytes to committed readings. */
export interface Intake {
  /**
   * Takes one telemetry message. The payload is read before the call returns (nothing keeps it), unless metrics must
   * first be resolved; then it is copied.
   *
   * Resolves when all of it is durable: acknowledge (PUBACK, 204) then. Mostly this is the one promise shared by all
   * messages of the historian's window: group acknowledgements by promise identity instead of one `then` per message.
   *
   * Rejects with a `MillwrightError`:
   * - `isRefusal(error)`: the payload cannot be taken, ever. Its dead letter is durable: acknowledge what a protocol
   *   cannot refuse (MQTT), answer `error.status` where it can (HTTP).
   * - otherwise (rate limits, storage): do not acknowledge; the device sends again.
   *
   * @param source as `mqtt:mw/v1/telemetry`, for dead letters and the message list
   */
  accept(session: DeviceSession, format: TelemetryFormat, payload: Uint8Array, source: string): Promise<void>
  /**
   * Takes rows that an adapter has decoded itself, on the same way and with the same promise as `accept`. The caller may
   * clear and use them again when the call returns: they are copied when they must wait. Rows with time 0 get the time of
   * their arrival; a row that cannot be believed (its name, its time) is refused alone.
   *
   * @param source as `modbus:unit 7`
   */
  acceptRows(session: DeviceSession, rows: MetricRows, source: string): Promise<void>
  /** True when storage is behind: stop reading from senders until the last `accept` resolves. */
  readonly saturated: boolean
  readonly counters: IntakeCounters
}
