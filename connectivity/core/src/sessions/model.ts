import type { Micros, Subscription } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import type { MetricOwner } from '../ports.ts'

/** Who is on the line, as trust proved it from the certificate or token; never from a payload. */
export interface DeviceIdentity {
  readonly tenant: string
  readonly device: string
  /** Serial of the certificate, lower-case hex; absent when it came with a token. (Trust's `IdentifiedDevice` fits.) */
  readonly serial?: string | undefined
  /** For the log; the serial says the same. */
  readonly credential?: 'certificate' | 'token' | undefined
}

/** Why the platform ends a session. */
export interface Cut {
  readonly code: 'certificate-revoked' | 'token-revoked' | 'device-disabled' | 'device-removed' | 'platform-stopping'
  /** In words, for the device's page and for protocols that can carry a reason. */
  readonly reason: string
}

/** One live connection of one device. A device may hold several; it is online while at least one is open. */
export interface DeviceSession {
  /** Unique in this process. */
  readonly id: number
  readonly tenant: string
  readonly device: string
  readonly name: string
  readonly gateway: boolean
  readonly protocol: string
  readonly address: string
  readonly openedAt: Micros
  /** Follows changes of the device (equipment, policy) while the session lives. */
  readonly owner: MetricOwner
  readonly closed: boolean
  /** The platform ends this session: drop the connection now. Called at most once, also when it was cut before. */
  onCut(listener: (cut: Cut) => void): void
  /** The connection is gone; `reason` in words, as "connection lost" or the last will's. Idempotent. */
  close(reason: string): void
}

export interface DeviceSessions {
  /**
   * Opens a session for a proved identity. Rejects with a MillwrightError when the device is unknown, disabled, or its
   * tenant has too many connections: refuse the connection with the error's sentence.
   * @param protocol the adapter's id @param address of the peer, for people
   */
  open(identity: DeviceIdentity, protocol: string, address: string): Promise<DeviceSession>
  /** The live sessions of a device, oldest first. */
  of(device: string): readonly DeviceSession[]
  /** How many are open, on the whole platform. */
  readonly count: number
  /** `count` by protocol. */
  countOf(protocol: string): number
}

/** Told of each session's beginning and end (commands, twins, connection state hang on this). */
export interface SessionEvents {
  opened(listener: (session: DeviceSession) => void): Subscription
  closed(listener: (session: DeviceSession, reason: string) => void): Subscription
}

/** Throws when the platform ended this session: what was still on its way is neither taken nor acknowledged. */
export function checkOpen(session: DeviceSession): void {
  if (session.closed) throw connectivityErrors.sessionEnded()
}
