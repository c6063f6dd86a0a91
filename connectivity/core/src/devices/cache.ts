import type { Bus, Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { deviceOf } from '../events.ts'
import type { DeviceRow } from './model.ts'
import { deviceStore } from './store.ts'

const MOST = 200_000

/**
 * Devices by id, in memory: connecting, access checks and intake ask for them all the time. Loaded when first asked for,
 * dropped when an event says that the device changed.
 */
export class DeviceCache {
  readonly #database: Database
  readonly #rows = new Map<string, DeviceRow>()
  readonly #changes: Subscription
  /** Counts the drops: a row read before a drop must not be kept after it. */
  #drops = 0
  #loading: Promise<void> | undefined

  constructor(database: Database, bus: Bus) {
    this.#database = database
    this.#changes = bus.subscribe('millwright.device.*', (event) => {
      if (event.type === 'millwright.device.changed' || event.type === 'millwright.device.removed') {
        this.drop(deviceOf(event))
      }
    })
  }

  /** From memory alone. */
  peek(device: string): DeviceRow | undefined {
    return this.#rows.get(device)
  }

  async get(device: string): Promise<DeviceRow | undefined> {
    const held = this.#rows.get(device)
    if (held !== undefined) return held
    this.#loading ??= this.#loadAll()
    await this.#loading
    return this.#rows.get(device) ?? this.#load(device)
  }

  async #load(device: string): Promise<DeviceRow | undefined> {
    const drops = this.#drops
    const row = await this.#database.system((sql) => deviceStore.get(sql, device))
    if (row !== undefined && drops === this.#drops) {
      if (this.#rows.size >= MOST) this.#rows.delete(this.#rows.keys().next().value!)
      this.#rows.set(device, row)
    }
    return row
  }

  /** All at once when the first is asked for: after a restart they come back by the thousand. */
  async #loadAll(): Promise<void> {
    const drops = this.#drops
    try {
      const rows = await this.#database.system((sql) => deviceStore.all(sql, MOST))
      if (drops === this.#drops) for (const row of rows) this.#rows.set(row.id, row)
    } catch (error) {
      this.#loading = undefined
      throw error
    }
  }

  drop(device: string): void {
    this.#drops++
    this.#rows.delete(device)
  }

  close(): void {
    this.#changes.cancel()
  }
}
