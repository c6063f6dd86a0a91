import type { Diverter } from '@millwright/contracts'
import { type Actor, systemActor } from '@millwright/trust'
import type { Platform } from '../../ports.ts'
import type { LiveService } from '../../scoring/live.ts'
import type { Announcer } from '../../services/announce.ts'
import type { ServiceRow } from '../../services/model.ts'
import type { CommandFact } from '../kind.ts'
import { type DiverterRow, diverterStore } from './diverter-store.ts'

interface DivertersOptions extends Pick<Platform, 'database' | 'clock' | 'log' | 'audit' | 'commands'> {
  readonly announcer: Announcer
}

/** By default, what the device is told. */
const COMMAND = 'divert'

/** Which device takes parts out for which service. Held in memory: a decision must not wait for the database. */
export class Diverters {
  readonly #options: DivertersOptions
  readonly #held = new Map<string, DiverterRow>()

  constructor(options: DivertersOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const row of await this.#options.database.system((sql) => diverterStore.all(sql)))
      this.#held.set(row.service, row)
  }

  of(service: string): Diverter | null {
    const row = this.#held.get(service)
    return row === undefined ? null : shown(row)
  }

  /** @throws when the actor may not send commands to the device */
  async set(
    actor: Actor,
    row: ServiceRow,
    wanted: { readonly device: string; readonly command?: string | undefined } | null,
  ): Promise<Diverter | null> {
    const { database, audit, clock, commands, announcer } = this.#options
    const device = wanted === null ? undefined : await commands.seen(actor, wanted.device)
    const made: DiverterRow | undefined =
      wanted === null
        ? undefined
        : {
            service: row.id,
            tenant: row.tenant,
            device: wanted.device,
            deviceName: device!.name,
            command: wanted.command ?? COMMAND,
            setBy: actor.name,
            setAt: clock.now(),
          }
    await database.tenant(row.tenant, async (sql) => {
      if (made === undefined) await diverterStore.remove(sql, row.id)
      else await diverterStore.put(sql, made)
      await audit.record(
        actor,
        'service.diverter',
        row.id,
        { device: made?.device ?? null, command: made?.command },
        sql,
      )
    })
    if (made === undefined) this.#held.delete(row.id)
    else this.#held.set(row.id, made)
    await announcer.changed(row.tenant, row.id, 'changed', actor.id)
    return this.of(row.id)
  }

  forget(service: string): void {
    this.#held.delete(service)
  }

  /** Sends what a service decided; how it ended stands in the device's command history. */
  act({ id, tenant }: Pick<LiveService, 'id' | 'tenant'>, facts: readonly CommandFact[]): void {
    const row = this.#held.get(id)
    if (row === undefined) return
    const { commands, log } = this.#options
    for (const { params } of facts) {
      commands
        .send(systemActor(tenant, 'AI services'), row.device, { name: row.command, params })
        .catch((error: unknown) => log.warn({ err: error, service: id, device: row.device }, 'a part was not diverted'))
    }
  }
}

const shown = ({ device, deviceName, command, setBy, setAt }: DiverterRow): Diverter => ({
  device,
  deviceName,
  command,
  setBy,
  setAt,
})
