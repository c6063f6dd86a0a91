import type { assetOperations, BodyOf, Signal, SignalKind } from '@millwright/contracts'
import { type Bus, type Clock, decodeCursor, encodeCursor, isUnit, newId } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, may, readScopes } from '@millwright/trust'
import type { AssetService } from '../assets/service.ts'
import type { AssetTree } from '../assets/tree.ts'
import type { SignalCatalogue, SignalFacts } from './catalogue.ts'
import { signalErrors } from './errors.ts'
import { type SignalRow, signalStore } from './store.ts'

export type NewSignal = BodyOf<typeof assetOperations.createSignal>
export type SignalChange = BodyOf<typeof assetOperations.updateSignal>

export interface SignalServiceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly audit: AuditLog
  readonly tree: AssetTree
  readonly assets: AssetService
  readonly catalogue: SignalCatalogue
}

/** Signals as people see and change them. */
export class SignalService {
  readonly #options: SignalServiceOptions

  constructor(options: SignalServiceOptions) {
    this.#options = options
  }

  /** The signal, when the actor may read it; 404 otherwise. */
  facts(actor: Actor, id: string): SignalFacts {
    const facts = this.#options.catalogue.byId(id)
    if (facts === undefined || !this.readable(actor, id)) throw signalErrors.unknown({ id })
    return facts
  }

  /** Whether there is such a signal that the actor may read. */
  readable(actor: Actor, id: string): boolean {
    const facts = this.#options.catalogue.byId(id)
    return facts !== undefined && may(actor, 'signal:read', place(facts))
  }

  /** All signals at and below a node that the actor may read. */
  under(actor: Actor, node: string): SignalFacts[] {
    this.#options.assets.node(actor, node)
    return [...this.#options.catalogue.under(node)].filter((facts) => may(actor, 'signal:read', place(facts)))
  }

  async list(
    actor: Actor,
    query: {
      cursor?: string
      limit?: number
      equipment?: string
      under?: string
      device?: string
      kind?: string
      q?: string
    },
  ): Promise<{ items: Signal[]; next?: string }> {
    const limit = query.limit ?? 100
    const [from, name, id] = decodeCursor(query.cursor, [0, '', ''])
    const items: Signal[] = []
    const scopes = readScopes(actor, 'signal:read')
    for (const [i, scope] of scopes.entries()) {
      if (i < from) continue
      const filter = { ...query, nodes: scope.nodes, names: scope.signals }
      const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
        signalStore.page(sql, filter, i === from ? [name, id] : ['', ''], limit + 1 - items.length),
      )
      let last: [string, string] = i === from ? [name, id] : ['', '']
      for (const row of rows) {
        if (items.length === limit) return { items, next: encodeCursor([i, ...last]) }
        last = [row.name, row.id]
        if (!items.some((seen) => seen.id === row.id)) items.push(this.#seen(row))
      }
    }
    return { items }
  }

  async get(actor: Actor, id: string): Promise<Signal> {
    const facts = this.facts(actor, id)
    const row = await this.#options.database.tenant(facts.tenant, (sql) => signalStore.get(sql, id))
    if (row === undefined) throw signalErrors.unknown({ id })
    return this.#seen(row)
  }

  async create(actor: Actor, body: NewSignal): Promise<Signal> {
    const { database, audit, catalogue, clock } = this.#options
    const equipment = body.equipment === null ? undefined : this.#options.assets.node(actor, body.equipment)
    // Of the equipment's own tenant: a partner's may be seen by a share, and nothing may be hung on it.
    const { tenant, path } = equipment ?? { tenant: actor.tenant, path: [] }
    authorize(actor, 'signal:write', { tenant, path })
    const unit = body.unit ?? '1'
    if (!isUnit(unit)) throw signalErrors.unit({ unit, path: 'unit' })
    const row = await database.tenant(actor.tenant, async (sql) => {
      if (typeof body.device === 'string' && !(await signalStore.deviceThere(sql, body.device))) {
        throw signalErrors.deviceUnknown({ device: body.device, path: 'device' })
      }
      const made = await signalStore.insert(sql, {
        id: newId('sig'),
        tenant: actor.tenant,
        name: body.name,
        kind: body.kind,
        unit,
        description: '',
        equipment: body.equipment,
        device: body.device ?? null,
        min: null,
        max: null,
        simulated: false,
        createdAt: clock.now(),
      })
      if (made === undefined) throw signalErrors.nameTaken({ name: body.name, path: 'name' })
      await audit.record(actor, 'signal.create', made.id, { name: made.name }, sql)
      return made
    })
    catalogue.set(row)
    await this.#tell('millwright.signal.created', row)
    return this.#seen(row)
  }

  /**
   * A signal that the platform computes: it is simulated where what it is made from is. A name that is taken is an error, as
   * in `create`.
   */
  async computed(
    actor: Actor,
    made: { equipment: string; name: string; kind: SignalKind; unit: string; description: string; simulated: boolean },
  ): Promise<SignalFacts> {
    const { database, audit, catalogue, clock } = this.#options
    const { tenant, path } = this.#options.assets.node(actor, made.equipment)
    authorize(actor, 'signal:write', { tenant, path })
    const row = await database.tenant(tenant, async (sql) => {
      const inserted = await signalStore.insert(sql, {
        ...made,
        id: newId('sig'),
        tenant,
        device: null,
        min: null,
        max: null,
        createdAt: clock.now(),
      })
      if (inserted === undefined) throw signalErrors.nameTaken({ name: made.name, path: 'name' })
      await audit.record(actor, 'signal.create', inserted.id, { name: inserted.name }, sql)
      return inserted
    })
    const facts = catalogue.set(row)
    await this.#tell('millwright.signal.created', row)
    return facts
  }

  async update(actor: Actor, id: string, change: SignalChange, ifMatch: number | undefined): Promise<Signal> {
    const { database, audit, catalogue } = this.#options
    const facts = this.facts(actor, id)
    authorize(actor, 'signal:write', place(facts))
    if (change.equipment !== undefined && change.equipment !== null) {
      const target = this.#options.assets.node(actor, change.equipment)
      authorize(actor, 'signal:write', { tenant: target.tenant, path: target.path })
    }
    const row = await database.tenant(facts.tenant, async (sql) => {
      const old = await signalStore.get(sql, id)
      if (old === undefined) throw signalErrors.unknown({ id })
      if (ifMatch !== undefined && ifMatch !== old.version) throw signalErrors.changed({ version: old.version })
      const next: SignalRow = { ...old, ...change }
      check(old, next)
      if (await signalStore.nameTaken(sql, next.equipment, next.device, next.name, id)) {
        throw signalErrors.nameTaken({ name: next.name, path: 'equipment' })
      }
      await signalStore.update(sql, next)
      await audit.record(actor, 'signal.update', id, { ...change }, sql)
      return { ...next, version: old.version + 1 }
    })
    catalogue.set(row)
    await this.#tell('millwright.signal.changed', row)
    return this.#seen(row)
  }

  /** When a device begins to serve equipment, what it sent before goes with it. */
  async adopt(tenant: string, device: string, equipment: string): Promise<void> {
    const rows = await this.#options.database.tenant(tenant, (sql) => signalStore.adopt(sql, device, equipment))
    for (const row of rows) {
      this.#options.catalogue.set(row)
      await this.#tell('millwright.signal.changed', row)
    }
  }

  #seen(row: SignalRow): Signal {
    const { key: _, ...signal } = row
    const equipmentName = row.equipment === null ? undefined : this.#options.tree.get(row.equipment)?.name
    return equipmentName === undefined ? signal : { ...signal, equipmentName }
  }

  async #tell(type: string, row: SignalRow): Promise<void> {
    const { bus, clock } = this.#options
    await bus.publish({
      id: newId('evt'),
      type,
      source: 'data/signals',
      subject: row.id,
      tenant: row.tenant,
      time: clock.now(),
      data: { signal: row.id, equipment: row.equipment, device: row.device, name: row.name },
    })
  }
}

const place = (facts: SignalFacts) => ({ tenant: facts.tenant, path: facts.path, signal: facts.name })

function check(old: SignalRow, next: SignalRow): void {
  if (!isUnit(next.unit)) throw signalErrors.unit({ unit: next.unit, path: 'unit' })
  // A unit says what the stored numbers mean: it may be set where none was, but not changed under the history.
  if (next.unit !== old.unit && old.unit !== '1') {
    throw signalErrors.unitFixed({ unit: next.unit, from: old.unit, path: 'unit' })
  }
  if (next.min !== null && next.max !== null && next.min >= next.max) {
    throw signalErrors.range({ min: next.min, max: next.max, path: 'min' })
  }
}
