import type { assetOperations, BodyOf, EquipmentClass } from '@millwright/contracts'
import { type Bus, type Clock, decodeCursor, encodeCursor, isUnit, newId } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, may } from '@millwright/trust'
import { assetErrors } from './errors.ts'
import { classStore } from './store.ts'
import type { AssetTree } from './tree.ts'

export type NewClass = BodyOf<typeof assetOperations.createClass>
export type ClassChange = BodyOf<typeof assetOperations.updateClass>

export interface ClassServiceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly audit: AuditLog
  readonly tree: AssetTree
}

/** Equipment classes: what a kind of machine is expected to have. They belong to a tenant as a whole. */
export class ClassService {
  readonly #options: ClassServiceOptions

  constructor(options: ClassServiceOptions) {
    this.#options = options
  }

  async list(
    actor: Actor,
    query: { cursor?: string; limit?: number },
  ): Promise<{ items: EquipmentClass[]; next?: string }> {
    if (!readsClasses(actor)) return { items: [] }
    const limit = query.limit ?? 100
    const [after] = decodeCursor(query.cursor, [''])
    const rows = await this.#options.database.tenant(actor.tenant, (sql) => classStore.page(sql, after, limit + 1))
    const items = rows.slice(0, limit)
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.id]) } : { items }
  }

  /** The class, when the actor may read it; undefined otherwise. */
  async find(actor: Actor, id: string): Promise<EquipmentClass | undefined> {
    if (!readsClasses(actor)) return undefined
    return this.#options.database.tenant(actor.tenant, (sql) => classStore.get(sql, id))
  }

  async get(actor: Actor, id: string): Promise<EquipmentClass> {
    const found = await this.find(actor, id)
    if (found === undefined) throw assetErrors.classUnknown({ id })
    return found
  }

  async create(actor: Actor, body: NewClass): Promise<EquipmentClass> {
    authorize(actor, 'asset:write', { tenant: actor.tenant, path: [] })
    return this.#options.database.tenant(actor.tenant, async (sql) => {
      const made = await this.insert(sql, actor.tenant, body)
      await this.#options.audit.record(actor, 'class.create', made.id, { name: made.name }, sql)
      return made
    })
  }

  /** Writes a new class within a transaction, its signals checked. */
  async insert(sql: Sql, tenant: string, body: NewClass): Promise<EquipmentClass> {
    checkSignals(body.signals)
    if ((await classStore.byName(sql, body.name)) !== undefined)
      throw assetErrors.classNameTaken({ name: body.name, path: 'name' })
    const row: EquipmentClass = {
      id: newId('cls'),
      name: body.name,
      description: body.description ?? '',
      signals: body.signals,
      createdAt: this.#options.clock.now(),
      version: 1,
    }
    await classStore.insert(sql, tenant, row)
    return row
  }

  async update(actor: Actor, id: string, change: ClassChange, ifMatch: number | undefined): Promise<EquipmentClass> {
    authorize(actor, 'asset:write', { tenant: actor.tenant, path: [] })
    if (change.signals !== undefined) checkSignals(change.signals)
    const changed = await this.#options.database.tenant(actor.tenant, async (sql) => {
      const old = await classStore.get(sql, id)
      if (old === undefined) throw assetErrors.classUnknown({ id })
      if (ifMatch !== undefined && ifMatch !== old.version) throw assetErrors.changed({ version: old.version })
      const next = { ...old, ...change }
      const named = await classStore.byName(sql, next.name)
      if (named !== undefined && named.id !== id) throw assetErrors.classNameTaken({ name: next.name, path: 'name' })
      await classStore.update(sql, next)
      await this.#options.audit.record(actor, 'class.update', id, { name: next.name }, sql)
      return { ...next, version: old.version + 1 }
    })
    await this.#tellUsers(actor.tenant, id)
    return changed
  }

  async remove(actor: Actor, id: string): Promise<void> {
    authorize(actor, 'asset:write', { tenant: actor.tenant, path: [] })
    await this.#options.database.tenant(actor.tenant, async (sql) => {
      const old = await classStore.get(sql, id)
      if (old === undefined) throw assetErrors.classUnknown({ id })
      const count = await classStore.uses(sql, id)
      if (count > 0) throw assetErrors.classInUse({ name: old.name, count })
      await classStore.remove(sql, id)
      await this.#options.audit.record(actor, 'class.delete', id, { name: old.name }, sql)
    })
  }

  /** What equipment of a changed class is expected to have has changed with it. */
  async #tellUsers(tenant: string, id: string): Promise<void> {
    const { bus, clock, tree } = this.#options
    for (const node of tree.ofClass(tenant, id)) {
      await bus.publish({
        id: newId('evt'),
        type: 'millwright.asset.changed',
        source: 'data/classes',
        subject: node.id,
        tenant,
        time: clock.now(),
        data: { asset: node.id },
      })
    }
  }
}

/** Whoever may read any node of the tenant may read its classes: they hold no plant data. */
const readsClasses = (actor: Actor): boolean =>
  [...actor.permissions.keys()].some((node) => may(actor, 'asset:read', { tenant: actor.tenant, path: [node] }))

/** Refuses a signal named twice and units that are not UCUM. */
export function checkSignals(signals: EquipmentClass['signals']): void {
  const names = new Set<string>()
  for (const [i, { name, unit }] of signals.entries()) {
    if (names.has(name)) throw assetErrors.classSignalTwice({ name, path: `signals/${i}/name` })
    if (!isUnit(unit)) throw assetErrors.classUnit({ unit, path: `signals/${i}/unit` })
    names.add(name)
  }
}
