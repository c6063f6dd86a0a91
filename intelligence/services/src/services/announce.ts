import { type Bus, type Clock, newId } from '@millwright/foundation'
import type { ServiceChanged } from './model.ts'

/** How far work has come, on the bus as `millwright.service.progress`. */
export interface ServiceProgress {
  readonly service: string
  /** Number of the version, or id of the job. */
  readonly of: number | string
  readonly fraction: number
  readonly stage: string
}

/** Tells the rest of the platform, and whoever watches live. */
export class Announcer {
  readonly #bus: Bus
  readonly #clock: Clock

  constructor({ bus, clock }: { readonly bus: Bus; readonly clock: Clock }) {
    this.#bus = bus
    this.#clock = clock
  }

  changed(tenant: string, service: string, change: ServiceChanged['change'], by: string): Promise<void> {
    return this.#publish('millwright.service.changed', tenant, { service, change, by } satisfies ServiceChanged)
  }

  progress(tenant: string, data: ServiceProgress): Promise<void> {
    return this.#publish('millwright.service.progress', tenant, data)
  }

  #publish(type: string, tenant: string, data: ServiceChanged | ServiceProgress): Promise<void> {
    const time = this.#clock.now()
    const id = newId('evt', Math.floor(time / 1000))
    return this.#bus.publish({ id, type, source: 'intelligence/services', subject: data.service, tenant, time, data })
  }
}
