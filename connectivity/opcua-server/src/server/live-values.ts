import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import type { Subscription } from '@millwright/foundation'
import type { BaseNode, UAVariable } from 'node-opcua-address-space'
import type { DataValue } from 'node-opcua-data-value'
import { PermissionType } from 'node-opcua-types'
import type { OpcuaPorts } from '../ports.ts'
import type { Access } from './access.ts'
import { dataValueOf } from './data-values.ts'

/** A monitored item, as far as the library declares it and beyond. */
export interface WatchedItem {
  readonly node: BaseNode | null
  getSessionContext(): { readonly session?: object } | null
  /** How it takes a change that its node tells of. */
  _on_value_changed_exception_based(value: DataValue, indexRange: unknown): void
  /** Puts a change into its queue. */
  _on_value_changed(value: DataValue, indexRange: unknown): void
}

interface Watched {
  readonly variable: UAVariable
  readonly kind: Parameters<typeof dataValueOf>[0]
  items: number
}

/**
 * Brings committed readings to the monitored items that want each of them (those without a sampling interval; for the
 * others the library looks by itself). What nobody watches costs nothing.
 */
export class LiveValues {
  readonly #ports: Pick<OpcuaPorts, 'tree' | 'values'>
  readonly #watched = new Map<SignalKey, Watched>()
  #commits: Subscription | undefined
  readonly #access: Access

  constructor(ports: Pick<OpcuaPorts, 'tree' | 'values'>, access: Access) {
    this.#ports = ports
    this.#access = access
  }

  watch(item: WatchedItem): void {
    const signal = this.#signal(item)
    if (signal === undefined) return
    this.#guard(item)
    const held = this.#watched.get(signal.key)
    if (held === undefined) {
      this.#watched.set(signal.key, { variable: item.node as UAVariable, kind: signal.kind, items: 1 })
    } else {
      held.items++
    }
    this.#commits ??= this.#ports.values.onCommit((batch) => this.#take(batch))
  }

  unwatch(item: WatchedItem): void {
    const signal = this.#signal(item)
    const held = signal === undefined ? undefined : this.#watched.get(signal.key)
    if (signal === undefined || held === undefined) return
    held.items--
    if (held.items <= 0) this.#watched.delete(signal.key)
    if (this.#watched.size === 0) this.stop()
  }

  stop(): void {
    this.#commits?.cancel()
    this.#commits = undefined
  }

  /** The node tells all its items alike: each of them takes what its own session may see. */
  #guard(item: WatchedItem): void {
    item._on_value_changed_exception_based = (value, indexRange) => {
      const session = item.getSessionContext()?.session
      if (item.node === null || !this.#access.allows(session, item.node, PermissionType.Read)) return
      // Past the library's gathering of changes that come within 50 ms: each reading has a time stamp of its own.
      item._on_value_changed(value, indexRange)
    }
  }

  #signal({ node }: WatchedItem) {
    const stands = node === null ? undefined : this.#access.standsFor(node)
    return stands?.kind === 'signal' ? this.#ports.tree.signal(stands.id) : undefined
  }

  #take(batch: ReadingBatch): void {
    const { signal, length, time, value, quality, wide } = batch
    for (let row = 0; row < length; row++) {
      const watched = this.#watched.get(signal[row]!)
      if (watched === undefined) continue
      tell(watched, { time: time[row]!, quality: quality[row]!, value: value[row]!, wide: undefined })
    }
    for (const row of wide) {
      const watched = this.#watched.get(row.signal)
      if (watched !== undefined) tell(watched, { ...row, value: Number.NaN, wide: row.value })
    }
  }
}

function tell({ variable, kind }: Watched, reading: Parameters<typeof dataValueOf>[1]): void {
  if (variable.listenerCount('value_changed') > 0) variable.emit('value_changed', dataValueOf(kind, reading))
}
