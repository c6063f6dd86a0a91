import type { SignalKind } from '@millwright/contracts'
import type { Micros, Subscription } from '@millwright/foundation'

/** The platform's own signals for sinks (a unified namespace, a Sparkplug host elsewhere). `data` implements it. */
export interface SignalFeed {
  /** The signals at and below the connection's node. */
  signals(): Promise<readonly FedSignal[]>
  /** Called after each commit with what is newest of the feed's signals; must not block. */
  readings(listener: (readings: readonly FedReading[]) => void): Subscription
  /** The set of signals changed: ask again. */
  changed(listener: () => void): Subscription
}

export interface FedSignal {
  readonly id: string
  readonly name: string
  readonly kind: SignalKind
  /** UCUM. */
  readonly unit: string | undefined
  /** Names from the root (enterprise) down to the equipment. */
  readonly path: readonly string[]
  readonly latest: FedReading | undefined
}

export interface FedReading {
  readonly signal: string
  readonly time: Micros
  readonly value: unknown
  /** OPC UA status code. */
  readonly quality: number
}
