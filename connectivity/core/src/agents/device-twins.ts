import type { Bus, Log, PlatformEvent, Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { systemActor } from '@millwright/trust'
import { isObject } from '../codecs/json/document.ts'
import { connectionStore } from '../connections/store.ts'
import type { DeviceCache } from '../devices/cache.ts'
import { deviceStore } from '../devices/store.ts'
import { deviceOf } from '../events.ts'
import type { TwinService } from '../twins/service.ts'

export interface DeviceTwinOptions {
  readonly database: Database
  readonly bus: Bus
  readonly log: Log
  readonly cache: DeviceCache
  readonly twins: TwinService
}

/**
 * Desired values of devices that stand behind an edge agent: what people desire of the device is desired of its agent, which
 * keeps it and writes it when it can, under `devices/<connection>/<name>` of its own twin.
 */
export class AgentDeviceTwins {
  readonly #options: DeviceTwinOptions
  #events: Subscription[] = []

  constructor(options: DeviceTwinOptions) {
    this.#options = options
  }

  start(): void {
    const { bus } = this.#options
    this.#events = [
      bus.subscribe('millwright.twin.desired-changed', (event) => this.#quietly(this.#tell(deviceOf(event)))),
      // It may run at another agent now.
      bus.subscribe('millwright.connection.changed', (event) => this.#quietly(this.#tellAll(event))),
    ]
  }

  stop(): void {
    for (const subscription of this.#events) subscription.cancel()
  }

  async #tellAll({ tenant, data }: PlatformEvent): Promise<void> {
    const { connection } = data as { connection: string }
    const devices = await this.#options.database.tenant(tenant, (sql) => deviceStore.desiring(sql, connection))
    for (const device of devices) await this.#tell(device)
  }

  async #tell(device: string): Promise<void> {
    const { cache, database, twins } = this.#options
    const row = await cache.get(device)
    if (row === undefined || row.ofConnection === null) return
    const { tenant, ofConnection: id } = row
    const connection = await database.tenant(tenant, (sql) => connectionStore.get(sql, id))
    if (connection === undefined || connection.agent === null) return
    const name = row.behindName ?? ''
    const wanted = valuesOf(await twins.lastDesired(tenant, device))
    const told = valuesOf(at(await twins.lastDesired(tenant, connection.agent), ['devices', id, name]))
    const patch: Record<string, unknown> = {}
    for (const metric of Object.keys(told)) if (!Object.hasOwn(wanted, metric)) patch[metric] = null
    for (const [metric, value] of Object.entries(wanted)) if (told[metric] !== value) patch[metric] = value
    if (Object.keys(patch).length === 0) return
    const desired = { devices: { [id]: { [name]: patch } } }
    await twins.patchDesired(systemActor(tenant, 'edge agents'), connection.agent, desired, undefined)
  }

  async #quietly(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) =>
      this.#options.log.error({ err: error }, 'an edge agent was not told what is desired of a device behind it'),
    )
  }
}

/** What field protocols know: values, no documents. */
export function valuesOf(document: unknown): Record<string, unknown> {
  if (!isObject(document)) return {}
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null && typeof value !== 'object'))
}

/** The part of a document below a path. */
export function at(document: unknown, path: readonly string[]): unknown {
  let place = document
  for (const key of path) place = isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined
  return place
}
