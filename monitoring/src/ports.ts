/** What monitoring asks of the stages below it, as narrow as it needs; `plugs.ts` fits them to `data`. */
import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import type { Micros, Subscription } from '@millwright/foundation'

export interface WatchedSignal {
  readonly key: SignalKey
  readonly id: string
  readonly name: string
  readonly kind: SignalKind
  /** UCUM code; `1` for none. */
  readonly unit: string
  readonly simulated: boolean
}

/** A node of the asset tree with the signals that hang on it. */
export interface Equipment {
  readonly tenant: string
  readonly id: string
  readonly name: string
  readonly equipmentClass: string | null
  /** Node ids and names from the root to this node, this one included. */
  readonly path: readonly string[]
  readonly names: readonly string[]
  readonly signals: readonly WatchedSignal[]
}

/** Answers from memory: asked for thousands of machines at start. Changes are told on the bus. */
export interface EquipmentDirectory {
  one(tenant: string, id: string): Equipment | undefined
  ofClass(tenant: string, equipmentClass: string): Iterable<Equipment>
  /** What a class expects of its machines; undefined when the tenant has no such class. */
  expected(
    tenant: string,
    equipmentClass: string,
  ): Promise<readonly { readonly name: string; readonly kind: SignalKind }[] | undefined>
}

/** Stored readings, for warming windows and for dry runs. */
export interface History {
  /** Readings with from <= time < to in the order of time, as batches to be read before the next is asked for. */
  raw(keys: readonly SignalKey[], from: Micros, to: Micros, signal?: AbortSignal): AsyncIterable<ReadingBatch>
  /** The newest reading of each signal before `before` that is not Bad; signals without one are left out. */
  newest(keys: readonly SignalKey[], before: Micros, signal?: AbortSignal): Promise<ReadingBatch>
}

/** The newest values, from memory: asked while an alarm is raised. */
export interface LatestValues {
  /** For people; null when there is none, it is Bad, or of a kind that has no single value. */
  value(signal: WatchedSignal): number | boolean | string | null
}

/** Readings as they are committed. */
export interface Commits {
  /** @see CommitListener of `@millwright/data`: the batch is reused after the call */
  onCommit(listener: (batch: ReadingBatch) => void): Subscription
}
