/**
 * Events between stages: CloudEvents 1.0 on named subjects. The in-process bus stands behind the same port that a
 * networked one implements; so events are data (no functions, no shared objects), and a subscriber may see one twice.
 */
import type { Micros } from './time.ts'

/** A CloudEvents 1.0 event; `type` is also the bus subject (`millwright.device.connected`). */
export interface PlatformEvent<T = unknown> {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject: string
  readonly tenant: string
  readonly time: Micros
  readonly data: T
}

export interface Subscription {
  cancel(): void
}

export interface Bus {
  /** Resolves when the event is accepted (in-process: when every handler has been called). */
  publish(event: PlatformEvent): Promise<void>
  /** `pattern`: a type, or a prefix ending in `.*`. A handler that throws is logged and does not stop the others. */
  subscribe(pattern: string, handler: (event: PlatformEvent) => void | Promise<void>): Subscription
  close(): Promise<void>
}
