/** What connectivity asks of the stages above it; `data` implements these and the server plugs them in. */
import type { SignalKind } from '@millwright/contracts'
import type { ReadingBatch, SignalKey } from './batch.ts'

/**
 * Where decoded readings go. One window is open at a time and shared by all adapters: push a whole message's rows into
 * `open` without awaiting in between, then await `committed()` before acknowledging to the sender.
 */
export interface ReadingSink {
  /** The window now open. Read it anew for each message: it changes when the window closes. */
  readonly open: ReadingBatch
  /**
   * Resolves when everything pushed so far is durable; the same promise for all that share the window. Rejects when the
   * window could not be stored: do not acknowledge, the sender will send again.
   */
  committed(): Promise<void>
  /** True when the disk is behind: stop reading from senders until `committed()` resolves. */
  readonly saturated: boolean
}

/** A metric of a device, resolved. */
export interface ResolvedSignal {
  readonly key: SignalKey
  readonly id: string
  readonly kind: SignalKind
  /** stored = sent * scale + offset, when the sender's unit is another of the same dimension. */
  readonly scale: number
  readonly offset: number
}

export type Resolution =
  | { readonly signal: ResolvedSignal }
  /** Why this metric is not stored: it goes to the dead letters with this code and sentence. */
  | { readonly refused: { readonly code: string; readonly reason: string } }

/** Whose metrics are resolved. */
export interface MetricOwner {
  readonly tenant: string
  readonly device: string
  readonly deviceName: string
  readonly equipment: string | null
  readonly unknownMetrics: 'create' | 'refuse'
  readonly simulated: boolean
  /** It is a connection's, which somebody configured: it may have more metrics than one that just came. */
  readonly connection?: boolean
  /** Stands before the names of its metrics in the names of their signals. */
  readonly prefix?: string
}

/** Turns (device, metric) into a signal. */
export interface SignalDirectory {
  /** From memory; undefined when the metric has not been met since start (then call `resolve`). */
  known(device: string, metric: string): Resolution | undefined
  /** Looks the metric up, creates it where the device may, or refuses it. `unit` as sent, if it was. */
  resolve(owner: MetricOwner, metric: string, kind: SignalKind, unit: string | undefined): Promise<Resolution>
  /**
   * Looks a metric up as `resolve` does, but never creates one and takes any kind: for a reading without a value (Bad quality,
   * null), which says nothing of its kind. Without it, such a reading of a metric not met since start is refused.
   */
  find?(owner: MetricOwner, metric: string): Resolution | undefined
  /** Forget what is known of a device (it was moved, changed or removed). */
  forget(device: string): void
}
