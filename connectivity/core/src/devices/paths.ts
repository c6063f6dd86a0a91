import type { Bus, Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { AssetPaths } from '@millwright/trust'
import type { Announce } from '../events.ts'
import type { DeviceCache } from './cache.ts'
import { deviceStore } from './store.ts'

export interface PathOptions {
  readonly database: Database
  readonly bus: Bus
  readonly assetPaths: AssetPaths
  readonly cache: DeviceCache
  readonly announce: Announce
}

/**
 * Keeps each device's path in step with the asset tree. Events bring a move over at once; a look through all of them at
 * start catches what happened while the platform was down or between two commits.
 */
export class DevicePaths {
  readonly #options: PathOptions
  #events: Subscription[] = []

  constructor(options: PathOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { bus, database } = this.#options
    this.#events = ['millwright.asset.changed', 'millwright.asset.removed'].map((type) =>
      bus.subscribe(type, async (event) => {
        await this.#follow(await database.system((sql) => deviceStore.under(sql, event.subject)))
      }),
    )
    await this.#follow(await database.system((sql) => deviceStore.placed(sql)))
  }

  stop(): void {
    for (const subscription of this.#events) subscription.cancel()
  }

  async #follow(
    devices: readonly { id: string; tenant: string; equipment: string | null; path: string[] }[],
  ): Promise<void> {
    const { assetPaths, cache, database, announce } = this.#options
    for (const device of devices) {
      if (device.equipment === null) continue
      const found = await assetPaths.path(device.tenant, device.equipment)
      const path = found?.path ?? []
      if (path.join() === device.path.join()) continue
      const equipment = found === undefined ? null : device.equipment
      await database.system((sql) => deviceStore.setPath(sql, device.id, equipment, path))
      cache.drop(device.id)
      await announce('device.changed', device.tenant, device.id)
    }
  }
}
