import { type Clock, type Log, MILLISECOND, type Timer } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { EquipmentDirectory } from '../ports.ts'
import { alarmStore } from './store.ts'

/** Nodes change by the thousand when a plant is imported: look once for all. */
const WAIT = 100 * MILLISECOND

/** Keeps the path that alarms carry (who may see them, what they stand under) in step with the asset tree. */
export class AlarmPlaces {
  readonly #options: { database: Database; directory: EquipmentDirectory; clock: Clock; log: Log }
  readonly #moved = new Map<string, Set<string>>()
  #timer: Timer | undefined

  constructor(options: { database: Database; directory: EquipmentDirectory; clock: Clock; log: Log }) {
    this.#options = options
  }

  /** A node changed and may have moved, and with it all below. */
  nodeChanged(tenant: string, node: string): void {
    this.#moved.set(tenant, (this.#moved.get(tenant) ?? new Set()).add(node))
    this.#timer ??= this.#options.clock.after(WAIT, () => void this.#settle())
  }

  stop(): void {
    this.#timer?.cancel()
  }

  async #settle(): Promise<void> {
    const { database, directory, log } = this.#options
    this.#timer = undefined
    const moved = [...this.#moved]
    this.#moved.clear()
    for (const [tenant, nodes] of moved) {
      try {
        await database.tenant(tenant, async (sql) => {
          for (const equipment of await alarmStore.equipmentUnder(sql, [...nodes])) {
            const path = directory.one(tenant, equipment)?.path
            if (path !== undefined) await alarmStore.relocate(sql, equipment, path)
          }
        })
      } catch (error) {
        log.error({ err: error, tenant }, 'alarms could not follow moved equipment')
      }
    }
  }
}
