import type { DeadLetter } from '@millwright/contracts'
import type { Actor } from '@millwright/trust'

/** Something that could not be stored. */
export interface Refused {
  readonly tenant: string
  readonly device: string
  /** As `mqtt:v1/devices/me/telemetry`. */
  readonly source: string
  /** `MW-CONNECTIVITY-0007`. */
  readonly code: string
  readonly reason: string
  /** As received; the first 4 KiB are kept (copied before the call returns). */
  readonly payload: Uint8Array
  /** Bytes as received, where `payload` is not all of them. */
  readonly size?: number
}

export interface DeadLetters {
  /** Resolves when it is durable. Alike ones (device, source, code) within a minute are counted, not repeated. */
  record(refused: Refused): Promise<void>
  list(
    actor: Actor,
    query: { cursor?: string; limit?: number; device?: string; code?: string },
  ): Promise<{ items: DeadLetter[]; next?: string }>
}
