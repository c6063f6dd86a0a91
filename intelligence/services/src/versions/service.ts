import type { ServiceVersion } from '@millwright/contracts'
import { decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import { serviceErrors } from '../errors.ts'
import type { Platform } from '../ports.ts'
import type { ServiceAccess } from '../services/access.ts'
import type { Announcer } from '../services/announce.ts'
import { type ServiceRow, shownVersion, type VersionRow } from '../services/model.ts'
import { knownKind } from '../services/service.ts'
import { trainingId } from '../services/show.ts'
import type { WorkQueue } from '../training/queue.ts'
import type { Span } from '../training/survey.ts'
import type { Training } from '../training/training.ts'
import { type Upload, uploadJob } from '../training/upload.ts'
import { versionStore } from './store.ts'

/** Trainings and recomputations of one tenant that may wait. */
export const MOST_WAITING = 50

export interface VersionServiceOptions extends Platform {
  readonly access: ServiceAccess
  readonly announcer: Announcer
  readonly queue: WorkQueue
  readonly training: Training
}

/** Versions of services: trained, uploaded, looked at, cancelled. */
export class VersionService {
  readonly #options: VersionServiceOptions

  constructor(options: VersionServiceOptions) {
    this.#options = options
  }

  async list(actor: Actor, id: string, query: { cursor?: string; limit?: number }) {
    const row = await this.#options.access.service(actor, id, 'service:read')
    const limit = query.limit ?? 100
    const [before] = decodeCursor(query.cursor, [Number.MAX_SAFE_INTEGER])
    const rows = await this.#options.database.tenant(row.tenant, (sql) =>
      versionStore.page(sql, id, Math.min(before, 2 ** 31 - 1), limit + 1),
    )
    const items = rows.slice(0, limit).map((version) => this.#shown(row, version))
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.number]) } : { items }
  }

  async get(actor: Actor, id: string, number: number): Promise<ServiceVersion> {
    const row = await this.#options.access.service(actor, id, 'service:read')
    return this.#shown(row, await this.#version(row, number))
  }

  async train(actor: Actor, id: string, asked: Partial<Span>): Promise<ServiceVersion> {
    const { access, training } = this.#options
    const row = await access.service(actor, id, 'service:train')
    const kind = knownKind(row.kind)
    if (!kind.trains) throw serviceErrors.notTrained({ kind: kind.name })
    for (const node of kind.machines?.(row.settings) ?? []) access.equipment(actor, node, 'signal:read')
    const span = training.span(kind, row.settings, asked)
    // What is wrong with the settings is told at once, not after it has waited.
    access.inputs(actor, row.equipment, training.inputs(row, kind))
    const version = await this.#add(actor, row, { origin: 'training', ...span })
    this.#options.queue.add(training.job(row, version, kind))
    return this.#shown(row, version)
  }

  async upload(actor: Actor, id: string, given: Upload): Promise<ServiceVersion> {
    const row = await this.#options.access.service(actor, id, 'service:train')
    const kind = knownKind(row.kind)
    if (kind.trains) throw serviceErrors.notUploaded({ kind: kind.name })
    const version = await this.#add(actor, row, { origin: 'upload', from: null, to: null })
    this.#options.queue.add(uploadJob(this.#options, row, version, kind, given))
    return this.#shown(row, version)
  }

  async cancel(actor: Actor, id: string, number: number): Promise<ServiceVersion> {
    const { access, queue, audit, database } = this.#options
    const row = await access.service(actor, id, 'service:train')
    const version = await this.#version(row, number)
    if (version.state !== 'waiting' && version.state !== 'running')
      throw serviceErrors.notUnderWay({ state: version.state })
    await queue.cancel(trainingId(id, number))
    await database.tenant(row.tenant, (sql) => audit.record(actor, 'service.cancel', id, { number }, sql))
    return this.#shown(row, await this.#version(row, number))
  }

  async #add(
    actor: Actor,
    row: ServiceRow,
    made: { origin: VersionRow['origin']; from: number | null; to: number | null },
  ): Promise<VersionRow> {
    const { database, clock, queue, audit, announcer } = this.#options
    if (queue.waitingOf(row.tenant) >= MOST_WAITING) throw serviceErrors.queueFull({ limit: MOST_WAITING })
    const version = await database.tenant(row.tenant, async (sql) => {
      const [open] = await versionStore.open(sql, [row.id])
      if (open !== undefined) throw serviceErrors.training({ number: open.number })
      const inserted = await versionStore.insert(sql, {
        ...made,
        service: row.id,
        tenant: row.tenant,
        settings: row.settings,
        createdAt: clock.now(),
        createdBy: actor.name,
      })
      const detail = { number: inserted.number, from: made.from, to: made.to }
      await audit.record(actor, `service.${made.origin === 'training' ? 'train' : 'upload'}`, row.id, detail, sql)
      return inserted
    })
    await announcer.changed(row.tenant, row.id, 'training', actor.name)
    return version
  }

  async #version(row: ServiceRow, number: number): Promise<VersionRow> {
    const version = await this.#options.database.tenant(row.tenant, (sql) => versionStore.get(sql, row.id, number))
    if (version === undefined) throw serviceErrors.versionUnknown({ number, path: 'number' })
    return version
  }

  #shown(row: ServiceRow, version: VersionRow): ServiceVersion {
    const live = row.state === 'live' && row.liveVersion === version.number
    return shownVersion(version, live, this.#options.queue.progress(trainingId(row.id, version.number)))
  }
}
