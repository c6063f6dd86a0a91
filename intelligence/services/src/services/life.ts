import { buffer } from 'node:stream/consumers'
import type { Service } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import { type Actor, systemActor } from '@millwright/trust'
import { episodeStore } from '../episodes/store.ts'
import { serviceErrors } from '../errors.ts'
import { filledSettings } from '../kinds/settings.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { LiveScoring, LiveService } from '../scoring/live.ts'
import { storableText } from '../training/storable.ts'
import { versionStore } from '../versions/store.ts'
import type { ServiceAccess } from './access.ts'
import type { ServiceAlarm } from './alarm.ts'
import type { Announcer } from './announce.ts'
import type { ServiceRow, VersionRow } from './model.ts'
import { knownKind } from './service.ts'
import type { ServiceShower } from './show.ts'
import { type ServiceState, serviceStore } from './store.ts'

export interface ServiceLifeOptions extends Platform {
  readonly access: ServiceAccess
  readonly announcer: Announcer
  readonly outputs: OutputSignals
  readonly scoring: LiveScoring
  readonly alarm: ServiceAlarm
  readonly shower: ServiceShower
}

/** Services going live, stopping and failing. */
export class ServiceLife {
  readonly #options: ServiceLifeOptions
  #noting: Promise<void> = Promise.resolve()

  constructor(options: ServiceLifeOptions) {
    this.#options = options
  }

  /** After a start: whatever was live goes on. */
  async start(): Promise<void> {
    const { database, scoring } = this.#options
    for (const row of await database.system((sql) => serviceStore.live(sql))) {
      try {
        const version = await this.#version(row, row.liveVersion ?? 0)
        scoring.set(await this.liveService(row, version))
      } catch (error) {
        this.failed(row, error instanceof Error ? error.message : String(error))
      }
    }
  }

  async publish(actor: Actor, id: string, number: number | undefined, ifMatch?: number): Promise<Service> {
    const { access, audit, outputs, scoring, alarm, announcer } = this.#options
    const row = await access.service(actor, id, 'service:train')
    if (ifMatch !== undefined && ifMatch !== row.version) throw serviceErrors.changed({ version: row.version })
    const version = await this.ready(row, number)
    const kind = knownKind(row.kind)
    const inputs = this.#facts(version)
    await outputs.make(
      row,
      kind.outputs(version.settings),
      inputs.some((facts) => facts?.simulated),
    )
    const service = await this.liveService(row, version)
    const rule = await alarm.put(row, service.settings)
    const after = await this.#set(
      row,
      { state: 'live', fault: null, faultSince: null, liveVersion: version.number, rule },
      (sql) => audit.record(actor, 'service.publish', id, { number: version.number, before: row.liveVersion }, sql),
    )
    scoring.set(service)
    await announcer.changed(row.tenant, id, 'published', actor.name)
    return this.#options.shower.one(after)
  }

  async stop(actor: Actor, id: string): Promise<Service> {
    const { access, audit, scoring, alarm, announcer } = this.#options
    const row = await access.service(actor, id, 'service:train')
    if (row.state !== 'live' && row.state !== 'fault') throw serviceErrors.notLive()
    scoring.remove(id)
    await alarm.disable(row)
    const after = await this.#set(row, { ...row, state: 'stopped', fault: null, faultSince: null }, (sql) =>
      audit.record(actor, 'service.stop', id, {}, sql),
    )
    await this.endEpisodes(row)
    await announcer.changed(row.tenant, id, 'stopped', actor.name)
    return this.#options.shower.one(after)
  }

  /** The choice of alarm of a live service is another now. */
  async alarmChanged(row: ServiceRow): Promise<void> {
    const rule = await this.#options.alarm.put(row)
    if (rule !== row.rule) await this.#set(row, { ...row, rule })
  }

  /** It failed while it ran. Returns at once; `settled` resolves when it is written down. */
  failed(row: Pick<ServiceRow, 'id' | 'tenant'>, reason: string): void {
    const { database, clock, log, audit, announcer } = this.#options
    log.error({ service: row.id, reason }, 'an AI service failed and is off')
    this.#noting = this.#noting
      .then(async () => {
        await database.tenant(row.tenant, async (sql) => {
          const now = await serviceStore.lock(sql, row.id)
          if (now?.state !== 'live') return
          const fault = storableText(reason).slice(0, 1000)
          await serviceStore.setState(sql, row.id, { ...now, state: 'fault', fault, faultSince: clock.now() })
          await audit.record(systemActor(row.tenant, 'AI services'), 'service.fault', row.id, { reason: fault }, sql)
        })
        await announcer.changed(row.tenant, row.id, 'failed', 'the platform')
      })
      .catch((error: unknown) =>
        log.error({ err: error, service: row.id }, 'the fault of a service could not be written down'),
      )
  }

  /** What went on is over: it is not scored any more, or nothing goes on after a new start. */
  async endEpisodes({ id, tenant }: Pick<ServiceRow, 'id' | 'tenant'>): Promise<void> {
    const { database, clock } = this.#options
    await database.tenant(tenant, (sql) => episodeStore.endOpen(sql, id, clock.now()))
  }

  settled(): Promise<void> {
    return this.#noting
  }

  /** All that scoring needs of a version. @throws when its model is missing or damaged */
  async liveService(row: ServiceRow, version: VersionRow): Promise<LiveService> {
    const { artifacts, outputs } = this.#options
    const kind = knownKind(row.kind)
    const settings = filledSettings(kind, version.settings)
    const written = kind.outputs(settings)
    return {
      id: row.id,
      tenant: row.tenant,
      equipment: row.equipment,
      number: version.number,
      kind,
      settings,
      plan: version.plan!,
      model: new Uint8Array(await buffer(artifacts.get(version.sha256!))),
      outputs: written,
      signals: written.map(({ name }) => outputs.of(row.id, name)),
      facts: this.#facts(version),
    }
  }

  /** The version asked for, or the newest that is ready. */
  async ready(row: ServiceRow, number: number | undefined): Promise<VersionRow> {
    const { database } = this.#options
    if (number === undefined) {
      const newest = await database.tenant(row.tenant, (sql) => versionStore.newestReady(sql, row.id))
      if (newest === undefined) throw serviceErrors.nothingToPublish()
      return newest
    }
    const version = await this.#version(row, number)
    if (version.state !== 'ready') throw serviceErrors.versionNotReady({ number, state: version.state })
    return version
  }

  async #version({ id, tenant }: ServiceRow, number: number): Promise<VersionRow> {
    const version = await this.#options.database.tenant(tenant, (sql) => versionStore.get(sql, id, number))
    if (version === undefined) throw serviceErrors.versionUnknown({ number, path: 'number' })
    return version
  }

  #facts(version: VersionRow) {
    return (version.plan?.inputs ?? []).map(({ signal }) => this.#options.plant.catalogue.byId(signal))
  }

  async #set(row: ServiceRow, state: ServiceState, also: (sql: Sql) => Promise<unknown> = async () => undefined) {
    return this.#options.database.tenant(row.tenant, async (sql) => {
      const now = await serviceStore.lock(sql, row.id)
      if (now === undefined) throw serviceErrors.unknown({ id: row.id })
      await serviceStore.setState(sql, row.id, state)
      await also(sql)
      return (await serviceStore.get(sql, row.id))!
    })
  }
}
