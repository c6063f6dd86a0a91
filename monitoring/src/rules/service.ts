import type { BodyOf, monitoringOperations, Rule, SignalKind } from '@millwright/contracts'
import { type Bus, type Clock, decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, authorizeSeen, may, type Place, readScopes } from '@millwright/trust'
import { compileRule, RuleExpressionError } from '../expression/rule-program.ts'
import type { EquipmentDirectory } from '../ports.ts'
import type { RuleRunner } from '../watch/rule-runner.ts'
import { ruleErrors } from './errors.ts'
import { placesOf } from './message-places.ts'
import { completed, type NewRule, type RuleChange, type RuleRow, shownRule } from './model.ts'
import { ruleStore } from './store.ts'
import { type RuleTarget, signalKinds } from './target.ts'

/** Rules of one tenant: a bound on what one tenant can ask of the machine it runs on. */
const MOST_RULES = 5000

/** What decides whether a message can be filled. */
const MESSAGE_DEPENDS_ON = ['message', 'condition', 'equipment', 'equipmentClass'] as const

/** Kinds whose value can stand in a sentence. */
const SINGLE_VALUED: ReadonlySet<SignalKind> = new Set(['number', 'boolean', 'state'])

export interface RuleServiceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly audit: AuditLog
  readonly directory: EquipmentDirectory
  /** What runs a rule now. */
  readonly runner: (rule: string) => RuleRunner | undefined
  /** How many machines a rule just taken up watches as soon as they are put together. */
  readonly fits: (rule: string) => number
}

/** What happened to a rule, on the bus as `millwright.rule.changed`. */
export interface RuleChanged {
  readonly rule: string
  readonly change: 'created' | 'changed' | 'disabled' | 'deleted'
  /** Who did it. */
  readonly by: string
}

/** Rules as people write them. */
export class RuleService {
  readonly #options: RuleServiceOptions

  constructor(options: RuleServiceOptions) {
    this.#options = options
  }

  async list(
    actor: Actor,
    query: { cursor?: string; limit?: number; q?: string },
  ): Promise<{ items: Rule[]; next?: string }> {
    const limit = query.limit ?? 100
    let after = decodeCursor(query.cursor, ['', ''] as [string, string])
    const seen: RuleRow[] = []
    if (readScopes(actor, 'rule:read').length === 0) return { items: [] }
    // Where a rule's equipment hangs is known in memory, not in its table: read on until the page is full.
    while (seen.length <= limit) {
      const rows = await this.#options.database.tenant(actor.tenant, (sql) =>
        ruleStore.page(sql, query.q, after, limit + 1),
      )
      seen.push(...rows.filter((row) => this.#sees(actor, row)))
      const last = rows.at(-1)
      if (rows.length <= limit || last === undefined) break
      after = [last.name, last.id]
    }
    const items = seen.slice(0, limit).map((row) => this.#shown(row))
    const last = seen[limit - 1]
    return seen.length > limit && last !== undefined ? { items, next: encodeCursor([last.name, last.id]) } : { items }
  }

  async get(actor: Actor, id: string): Promise<Rule> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => ruleStore.get(sql, id))
    if (row === undefined || !this.#sees(actor, row)) throw ruleErrors.unknown({ id })
    return this.#shown(row)
  }

  async create(actor: Actor, body: NewRule): Promise<Rule> {
    const { database, clock, audit } = this.#options
    const now = clock.now()
    const row: RuleRow = {
      ...completed(body),
      id: newId('rul', Math.floor(now / 1000)),
      tenant: actor.tenant,
      createdAt: now,
      version: 1,
    }
    await this.#checkTarget(actor, row)
    await this.#checkExpressions(row)
    await this.#checkMessage(row)
    await database.tenant(actor.tenant, async (sql) => {
      if ((await ruleStore.count(sql)) >= MOST_RULES) throw ruleErrors.tooMany({ limit: MOST_RULES })
      if (await ruleStore.nameTaken(sql, row)) throw ruleErrors.nameTaken({ name: row.name, path: 'name' })
      await ruleStore.insert(sql, row)
      await audit.record(actor, 'rule.create', row.id, { name: row.name, condition: row.condition }, sql)
    })
    await this.#announce(actor, row.id, 'created')
    return this.#taken(row)
  }

  async update(actor: Actor, id: string, change: RuleChange, ifMatch?: number): Promise<Rule> {
    const { database, audit } = this.#options
    const before = await this.#writable(actor, id)
    const merged: RuleRow = { ...before, ...completed({ ...before, ...given(change) }) }
    await this.#checkTarget(actor, merged)
    await this.#checkExpressions(merged)
    // A rule whose signals have gone since can still be switched off.
    if (MESSAGE_DEPENDS_ON.some((field) => merged[field] !== before[field])) await this.#checkMessage(merged)
    const after = await database.tenant(actor.tenant, async (sql) => {
      const now = await ruleStore.lock(sql, id)
      if (now === undefined) throw ruleErrors.unknown({ id })
      // Without If-Match the last one wins, but never over a rule that was moved elsewhere meanwhile.
      if ((ifMatch ?? before.version) !== now.version) throw ruleErrors.changed({ version: now.version })
      if (await ruleStore.nameTaken(sql, merged)) throw ruleErrors.nameTaken({ name: merged.name, path: 'name' })
      await ruleStore.update(sql, merged)
      await audit.record(actor, 'rule.update', id, { ...change }, sql)
      return { ...merged, version: now.version + 1 }
    })
    await this.#announce(actor, id, before.enabled && !after.enabled ? 'disabled' : 'changed')
    return this.#taken(after)
  }

  async remove(actor: Actor, id: string, ifMatch?: number): Promise<void> {
    const { database, audit } = this.#options
    const row = await this.#writable(actor, id)
    if (ifMatch !== undefined && ifMatch !== row.version) throw ruleErrors.changed({ version: row.version })
    await database.tenant(actor.tenant, async (sql) => {
      await ruleStore.remove(sql, id)
      await audit.record(actor, 'rule.delete', id, { name: row.name, condition: row.condition }, sql)
    })
    await this.#announce(actor, id, 'deleted')
  }

  /** What a person is told while writing: whether it can be used, what it reads, which names are not known there. */
  async check(actor: Actor, body: BodyOf<typeof monitoringOperations.checkExpression>) {
    const target = {
      tenant: actor.tenant,
      equipmentClass: body.equipmentClass ?? null,
      equipment: body.equipment ?? null,
    }
    const anywhere = target.equipmentClass === null && target.equipment === null
    if (!anywhere) this.#checkReadable(actor, target)
    const kinds = anywhere ? undefined : await signalKinds(this.#options.directory, target)
    try {
      const { program, unknown } = compileRule({ condition: body.condition, clearCondition: null }, (name) =>
        kinds?.get(name),
      )
      return { ok: true, signals: [...program.signals], unknown: anywhere ? [] : [...unknown] }
    } catch (error) {
      if (!(error instanceof RuleExpressionError)) throw error
      return { ok: false, error: error.message, position: error.position, signals: [], unknown: [] }
    }
  }

  /** A rule that is not stored, checked as if it were to be; for the dry run. */
  async draft(actor: Actor, body: NewRule): Promise<RuleRow> {
    const row: RuleRow = { ...completed(body), id: newId('rul'), tenant: actor.tenant, createdAt: 0, version: 0 }
    this.#expectOneTarget(row)
    this.#checkReadable(actor, row)
    await this.#checkExpressions(row)
    return row
  }

  /** The equipment is gone: so are its own rules. */
  async equipmentRemoved(tenant: string, equipment: string): Promise<void> {
    const rows = await this.#options.database.tenant(tenant, async (sql) => {
      const own = await ruleStore.ofEquipment(sql, equipment)
      for (const { id } of own) await ruleStore.remove(sql, id)
      return own
    })
    for (const { id } of rows)
      await this.#publish(tenant, { rule: id, change: 'deleted', by: 'the removal of its equipment' })
  }

  async #writable(actor: Actor, id: string): Promise<RuleRow> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => ruleStore.get(sql, id))
    if (row === undefined || !this.#sees(actor, row)) throw ruleErrors.unknown({ id })
    authorize(actor, 'rule:write', this.#place(row))
    return row
  }

  /** A class's rules are seen by whoever reads rules anywhere in the tenant: they may fire on that person's machines. */
  #sees(actor: Actor, row: RuleTarget): boolean {
    if (row.equipmentClass !== null) return readScopes(actor, 'rule:read').length > 0
    return may(actor, 'rule:read', this.#place(row))
  }

  #place({ tenant, equipment }: RuleTarget): Place {
    const path = equipment === null ? undefined : this.#options.directory.one(tenant, equipment)?.path
    return { tenant, path: path ?? [] }
  }

  async #checkTarget(actor: Actor, row: RuleRow): Promise<void> {
    this.#expectOneTarget(row)
    const place = this.#place(row)
    if (row.equipment !== null) {
      const unknown = () => ruleErrors.equipmentUnknown({ id: row.equipment, path: 'equipment' })
      if (place.path.length === 0) throw unknown()
      authorizeSeen(actor, 'rule:write', 'asset:read', place, unknown)
      return
    }
    authorize(actor, 'rule:write', place)
    if ((await this.#options.directory.expected(row.tenant, row.equipmentClass!)) === undefined) {
      throw ruleErrors.classUnknown({ id: row.equipmentClass, path: 'equipmentClass' })
    }
  }

  #expectOneTarget({ equipment, equipmentClass }: RuleTarget): void {
    if ((equipment === null) === (equipmentClass === null)) throw ruleErrors.target({ path: 'equipment' })
  }

  #checkReadable(actor: Actor, target: RuleTarget): void {
    if (target.equipment === null) {
      if (!this.#sees(actor, target)) authorize(actor, 'rule:read', { tenant: actor.tenant, path: [] })
      return
    }
    const place = this.#place(target)
    const unknown = () => ruleErrors.equipmentUnknown({ id: target.equipment, path: 'equipment' })
    if (place.path.length === 0) throw unknown()
    authorizeSeen(actor, 'rule:read', 'asset:read', place, unknown)
  }

  async #checkExpressions(row: RuleRow): Promise<void> {
    const kinds = await signalKinds(this.#options.directory, row)
    try {
      compileRule(row, (name): SignalKind | undefined => kinds.get(name))
    } catch (error) {
      if (!(error instanceof RuleExpressionError)) throw error
      const { field, message, position } = error
      throw ruleErrors.expression({ field, reason: message, position, path: field })
    }
  }

  /** Each place must be fillable: by a signal that the condition reads, or one that is known at the target. */
  async #checkMessage(row: RuleRow): Promise<void> {
    const places = placesOf(row.message)
    if (places.size === 0) return
    const kinds = await signalKinds(this.#options.directory, row)
    const read = compileRule(row, (name) => kinds.get(name)).program.signals
    for (const name of places.difference(new Set(read))) {
      const kind = kinds.get(name)
      if (kind === undefined) throw ruleErrors.place({ name, path: 'message' })
      if (!SINGLE_VALUED.has(kind)) throw ruleErrors.placeKind({ name, kind, path: 'message' })
    }
  }

  /** Just taken up: its machines are put together within milliseconds, and are told of already. */
  #taken(row: RuleRow): Rule {
    return { ...this.#shown(row), watches: row.enabled ? this.#options.fits(row.id) : 0 }
  }

  #shown(row: RuleRow): Rule {
    return shownRule(row, this.#options.runner(row.id))
  }

  #announce(actor: Actor, rule: string, change: RuleChanged['change']): Promise<void> {
    return this.#publish(actor.tenant, { rule, change, by: actor.name })
  }

  #publish(tenant: string, data: RuleChanged): Promise<void> {
    const { bus, clock } = this.#options
    const time = clock.now()
    const event = {
      type: 'millwright.rule.changed',
      source: 'monitoring/rules',
      subject: data.rule,
      tenant,
      time,
      data,
    }
    return bus.publish({ id: newId('evt', Math.floor(time / 1000)), ...event })
  }
}

/** Without the fields that were not given: `undefined` must not overwrite. */
function given(change: RuleChange): RuleChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as RuleChange
}
