import type { Twin } from '@millwright/contracts'
import type { Subscription } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { DeviceSession } from '../sessions/model.ts'

export type JsonObject = Record<string, unknown>

/** The desired state, as pushed to a device. */
export interface DesiredState {
  readonly version: number
  readonly document: JsonObject
}

/** A change of the desired state: what it is now, and the merge patch (RFC 7396) that led there. */
export interface DesiredChange extends DesiredState {
  readonly patch: JsonObject
}

export interface Twins {
  /** For adapters: what the device asks with `twin/get`. */
  desired(session: DeviceSession): Promise<DesiredState>
  /** For adapters: what the device last reported. */
  reported(session: DeviceSession): Promise<DesiredState>
  /**
   * For adapters: the device reports, as a merge patch (RFC 7396). Resolves when durable; rejects with a refusal when the
   * patch or the document it makes is out of bounds. @param desiredVersion the desired version this reports on
   */
  report(session: DeviceSession, patch: JsonObject, desiredVersion?: number): Promise<void>
  /** For adapters: called with each change of the desired state while the session lives. */
  watch(session: DeviceSession, listener: (change: DesiredChange) => void): Subscription

  get(actor: Actor, device: string): Promise<Twin>
  patchDesired(actor: Actor, device: string, patch: JsonObject, ifMatch: number | undefined): Promise<Twin>
}
