import type { ReplyOf, Service, serviceOperations } from '@millwright/contracts'
import { decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import { type Actor, readScopes } from '@millwright/trust'
import { serviceErrors } from '../errors.ts'
import type { ServiceKind } from '../kinds/kind.ts'
import { allKinds, kindOf } from '../kinds/kinds.ts'
import { checkedSettings } from '../kinds/settings.ts'
import type { OutputSignals } from '../outputs/signals.ts'
import type { Platform } from '../ports.ts'
import type { InputCheck } from '../training/input-check.ts'
import { removeUnused } from '../training/version-end.ts'
import { versionStore } from '../versions/store.ts'
import type { ServiceAccess } from './access.ts'
import type { Announcer } from './announce.ts'
import type { NewService, ServiceChange, ServiceRow } from './model.ts'
import type { ServiceShower } from './show.ts'
import { serviceStore } from './store.ts'

/** Services of one tenant: a bound on what one tenant can ask of the machine it runs on. */
const MOST_SERVICES = 2000

export interface ServiceServiceOptions extends Platform {
  readonly access: ServiceAccess
  readonly announcer: Announcer
  readonly outputs: OutputSignals
  readonly inputs: InputCheck
  readonly shower: ServiceShower
  /** Before a service goes: ends what it does. */
  readonly end: (row: ServiceRow) => Promise<void>
  /** Its choice of alarm is another now. */
  readonly alarmChanged: (row: ServiceRow) => Promise<void>
}

type Query = { cursor?: string; limit?: number; q?: string; kind?: string; under?: string; state?: string }

/** AI services as people make them. */
export class ServiceService {
  readonly #options: ServiceServiceOptions

  constructor(options: ServiceServiceOptions) {
    this.#options = options
  }

  kinds(): ReplyOf<typeof serviceOperations.listServiceKinds> {
    return { items: allKinds().map(describedKind) }
  }

  async list(actor: Actor, query: Query): Promise<{ items: Service[]; next?: string }> {
    const { database, shower } = this.#options
    const limit = query.limit ?? 100
    const after = decodeCursor(query.cursor, ['', ''] as [string, string])
    const [scope] = readScopes(actor, 'service:read')
    if (scope === undefined) return { items: [] }
    return database.tenant(scope.tenant, async (sql) => {
      const rows = await serviceStore.page(sql, { ...query, nodes: scope.nodes }, after, limit + 1)
      const items = await shower.shown(sql, rows.slice(0, limit))
      const last = rows[limit - 1]
      return rows.length > limit && last !== undefined ? { items, next: encodeCursor([last.name, last.id]) } : { items }
    })
  }

  async get(actor: Actor, id: string): Promise<Service> {
    return this.#options.shower.one(await this.#options.access.service(actor, id, 'service:read'))
  }

  async create(actor: Actor, body: NewService): Promise<Service> {
    const { database, clock, audit, access, outputs, inputs, announcer, shower } = this.#options
    access.equipment(actor, body.equipment, 'service:write')
    const kind = knownKind(body.kind)
    const settings = checkedSettings(kind, body.settings)
    const now = clock.now()
    const row: ServiceRow = {
      id: newId('svc', Math.floor(now / 1000)),
      tenant: actor.tenant,
      name: body.name,
      description: body.description ?? '',
      kind: kind.id,
      equipment: body.equipment,
      settings: { ...settings },
      state: 'draft',
      fault: null,
      faultSince: null,
      liveVersion: null,
      alarm: body.alarm ?? null,
      rule: null,
      createdAt: now,
      version: 1,
    }
    checkAlarm(kind, row)
    await inputs.check(row, kind, settings)
    outputs.checkFree(row, kind.outputs(settings))
    await database.tenant(actor.tenant, async (sql) => {
      if ((await serviceStore.count(sql)) >= MOST_SERVICES) throw serviceErrors.tooMany({ limit: MOST_SERVICES })
      if (await serviceStore.nameTaken(sql, row)) throw serviceErrors.nameTaken({ name: row.name, path: 'name' })
      await serviceStore.insert(sql, row)
      const detail = { name: row.name, kind: row.kind, equipment: row.equipment }
      await audit.record(actor, 'service.create', row.id, detail, sql)
    })
    await announcer.changed(row.tenant, row.id, 'created', actor.name)
    return shower.one(row)
  }

  async update(actor: Actor, id: string, change: ServiceChange, ifMatch?: number): Promise<Service> {
    const { database, audit, access, inputs, announcer, shower, alarmChanged } = this.#options
    const before = await access.service(actor, id, 'service:write')
    const kind = knownKind(before.kind)
    const settings = change.settings === undefined ? before.settings : checkedSettings(kind, change.settings)
    const merged: ServiceRow = {
      ...before,
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      settings: { ...settings },
      alarm: change.alarm === undefined ? before.alarm : change.alarm,
    }
    checkAlarm(kind, merged)
    if (change.settings !== undefined) await inputs.check(merged, kind, settings)
    const after = await database.tenant(actor.tenant, async (sql) => {
      const now = await serviceStore.lock(sql, id)
      if (now === undefined) throw serviceErrors.unknown({ id })
      if ((ifMatch ?? before.version) !== now.version) throw serviceErrors.changed({ version: now.version })
      if (await serviceStore.nameTaken(sql, merged)) throw serviceErrors.nameTaken({ name: merged.name, path: 'name' })
      await serviceStore.update(sql, merged)
      await audit.record(actor, 'service.update', id, { ...change }, sql)
      return { ...merged, version: now.version + 1 }
    })
    if (change.alarm !== undefined && after.state === 'live') await alarmChanged(after)
    await announcer.changed(after.tenant, id, 'changed', actor.name)
    return shower.one((await database.tenant(actor.tenant, (sql) => serviceStore.get(sql, id))) ?? after)
  }

  async remove(actor: Actor, id: string, ifMatch?: number): Promise<void> {
    const { database, audit, access, outputs, announcer, end } = this.#options
    const row = await access.service(actor, id, 'service:write')
    if (ifMatch !== undefined && ifMatch !== row.version) throw serviceErrors.changed({ version: row.version })
    await end(row)
    const models = await database.tenant(actor.tenant, async (sql) => {
      const held = await versionStore.artifacts(sql, id)
      await serviceStore.remove(sql, id)
      await audit.record(actor, 'service.delete', id, { name: row.name, kind: row.kind }, sql)
      return held
    })
    outputs.forget(id)
    await removeUnused(this.#options, models)
    await announcer.changed(row.tenant, id, 'deleted', actor.name)
  }
}

/** @throws MW-SERVICE-0003 */
export function knownKind(id: string): ServiceKind {
  const kind = kindOf(id)
  if (kind === undefined) throw serviceErrors.kindUnknown({ kind: id, path: 'kind' })
  return kind
}

function checkAlarm(kind: ServiceKind, { alarm, settings }: ServiceRow): void {
  if (alarm !== null && kind.alarm?.(settings) === undefined)
    throw serviceErrors.noAlarms({ kind: kind.name, path: 'alarm' })
}

function describedKind(kind: ServiceKind) {
  return {
    id: kind.id,
    name: kind.name,
    summary: kind.summary,
    trains: kind.trains,
    alarms: kind.alarm !== undefined,
    episodes: kind.episodes,
    settingsSchema: kind.settings,
    outputs: kind.outputs(checkedSettings(kind, kind.example ?? {})).map((output) => ({ ...output })),
  }
}
