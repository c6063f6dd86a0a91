import type { Bus } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { DevicePlaces } from '@millwright/trust'
import { DeviceCache } from './cache.ts'

/** Which devices there are and where they hang, for trust: made before trust, which connectivity itself needs. */
export function createDevicePlaces(options: { database: Database; bus: Bus }): DevicePlaces {
  const cache = new DeviceCache(options.database, options.bus)
  return {
    async place(device) {
      const row = await cache.get(device)
      if (row === undefined) return undefined
      const { tenant, name, path, state } = row
      return { tenant, name, place: { tenant, path }, disabled: state === 'disabled' }
    },
  }
}
