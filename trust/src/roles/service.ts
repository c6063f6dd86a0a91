import type { Grant, Permission, Role } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { authorize, may, WHOLE_TENANT } from '../access/authorize.ts'
import type { Actor, Place } from '../actor.ts'
import { cleanText } from '../audit/canonical.ts'
import type { AuditLog } from '../audit/model.ts'
import type { Announce } from '../events.ts'
import { idAt } from '../ids.ts'
import type { AssetPaths } from '../ports.ts'
import { userErrors } from '../users/errors.ts'
import { findUser } from '../users/store.ts'
import { roleErrors } from './errors.ts'
import { assertCovers } from './holdings.ts'
import {
  countGrantsOf,
  deleteGrant,
  deleteGrantsAt,
  deleteRole,
  findGrant,
  findRole,
  insertGrant,
  insertRole,
  listGrants,
  listRoles,
  lockAdministrators,
  roleNamed,
  updateRole,
} from './store.ts'

export interface RoleOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly assetPaths: AssetPaths
}

export interface RoleChange {
  readonly name?: string
  readonly description?: string
  readonly permissions?: readonly Permission[]
}

const MOST_ROLES = 200

/** Roles of a tenant, and who has which of them where. */
export class RoleService {
  readonly #o: RoleOptions

  constructor(options: RoleOptions) {
    this.#o = options
  }

  /** Needs `user:read` or `role:write`. */
  async list(actor: Actor): Promise<Role[]> {
    if (!may(actor, 'role:write', whole(actor))) authorize(actor, 'user:read', whole(actor))
    return this.#o.database.tenant(actor.tenant, (sql) => listRoles(sql, actor.tenant))
  }

  /** Needs `role:write`, and every permission that the role is to have. */
  async create(actor: Actor, given: { name: string; description: string; permissions: readonly Permission[] }) {
    authorize(actor, 'role:write', whole(actor))
    assertHolds(actor, given.permissions)
    const id = idAt('rol', this.#o.clock.now())
    const role: Role = { ...given, id, permissions: [...new Set(given.permissions)], builtIn: false, version: 1 }
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const count = (await listRoles(sql, actor.tenant)).length
      if (count >= MOST_ROLES) throw roleErrors.tooMany({ count })
      if (!(await insertRole(sql, actor.tenant, role, null))) {
        throw roleErrors.nameTaken({ name: role.name, path: 'name' })
      }
      const { name, permissions } = role
      await this.#o.audit.record(actor, 'role.create', role.id, { name, permissions }, sql)
    })
    return role
  }

  /** Needs `role:write`, and every permission that the role has or is to have: it acts on all who hold it. */
  async update(actor: Actor, id: string, change: RoleChange, ifMatch?: number): Promise<Role> {
    authorize(actor, 'role:write', whole(actor))
    const changed = await this.#o.database.tenant(actor.tenant, async (sql) => {
      const role = await this.#changeable(sql, actor, id)
      assertHolds(actor, [...role.permissions, ...(change.permissions ?? [])])
      if (change.name !== undefined) {
        const other = await roleNamed(sql, actor.tenant, change.name)
        if (other !== undefined && other !== id) throw roleErrors.nameTaken({ name: change.name, path: 'name' })
      }
      const next: Role = { ...role, ...change, permissions: [...new Set(change.permissions ?? role.permissions)] }
      const saved = await updateRole(sql, actor.tenant, next, ifMatch)
      if (saved === undefined) throw roleErrors.changed({ id })
      await this.#o.audit.record(actor, 'role.update', id, { before: role.permissions, ...change }, sql)
      return saved
    })
    await this.#o.announce('grant.changed', actor.tenant, id)
    return changed
  }

  /** Needs `role:write`. A role that somebody has stays. */
  async delete(actor: Actor, id: string): Promise<void> {
    authorize(actor, 'role:write', whole(actor))
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const role = await this.#changeable(sql, actor, id)
      const count = await countGrantsOf(sql, actor.tenant, id)
      if (count > 0) throw roleErrors.inUse({ name: role.name, count })
      await deleteRole(sql, actor.tenant, id)
      await this.#o.audit.record(actor, 'role.delete', id, { name: role.name }, sql)
    })
  }

  /** Needs `user:read`; without it, one's own grants. */
  async listGrants(
    actor: Actor,
    query: { user?: string; node?: string; cursor?: string; limit?: number },
  ): Promise<{ items: Grant[]; next?: string }> {
    const own = actor.user !== undefined && query.user === actor.user
    if (!own) authorize(actor, 'user:read', whole(actor))
    const limit = query.limit ?? 100
    const [after] = decodeCursor(query.cursor, [''] as const)
    const found = await this.#o.database.tenant(actor.tenant, (sql) =>
      listGrants(sql, actor.tenant, query, cleanText(after), limit + 1),
    )
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return found.length > limit && last !== undefined ? { items, next: encodeCursor([last.id]) } : { items }
  }

  /** Needs `user:write` at the node (null: in the whole tenant), and there every permission that the role has. */
  async grant(actor: Actor, given: { user: string; role: string; node: string | null }): Promise<Grant> {
    const place = await this.#placeOf(actor, given.node)
    authorize(actor, 'user:write', place)
    const now = this.#o.clock.now()
    const grant: Grant = { ...given, id: idAt('grt', now), createdAt: now }
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const role = await findRole(sql, actor.tenant, given.role)
      if (role === undefined) throw roleErrors.notFound({ id: given.role, path: 'role' })
      const user = await findUser(sql, actor.tenant, given.user)
      if (user === undefined) throw userErrors.notFound({ id: given.user, path: 'user' })
      assertCovers(
        actor,
        new Map([[given.node ?? WHOLE_TENANT, new Set(role.permissions)]]),
        new Map([[given.node ?? WHOLE_TENANT, place.path]]),
      )
      if (!(await insertGrant(sql, actor.tenant, grant))) throw roleErrors.grantStands()
      const detail = { user: user.id, email: user.email, role: role.name, node: given.node }
      await this.#o.audit.record(actor, 'grant.create', grant.id, detail, sql)
    })
    await this.#o.announce('grant.changed', actor.tenant, grant.id, { user: grant.user })
    return grant
  }

  /** Needs what `grant` needs. The last active administrator's stays. */
  async takeBack(actor: Actor, id: string): Promise<void> {
    const known = await this.#o.database.tenant(actor.tenant, (sql) => findGrant(sql, actor.tenant, id))
    if (known === undefined) throw roleErrors.grantNotFound({ id })
    const place = await this.#placeOf(actor, known.node, true)
    if (!may(actor, 'user:write', place)) {
      if (!may(actor, 'user:read', whole(actor))) throw roleErrors.grantNotFound({ id })
      authorize(actor, 'user:write', place)
    }
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const administrators = await lockAdministrators(sql, actor.tenant)
      const grant = await findGrant(sql, actor.tenant, id)
      if (grant === undefined) throw roleErrors.grantNotFound({ id })
      const role = await findRole(sql, actor.tenant, grant.role)
      assertCovers(
        actor,
        new Map([[grant.node ?? WHOLE_TENANT, new Set(role?.permissions)]]),
        new Map([[grant.node ?? WHOLE_TENANT, place.path]]),
      )
      await deleteGrant(sql, actor.tenant, id)
      const left = await lockAdministrators(sql, actor.tenant)
      if (administrators.length > 0 && left.length === 0) throw roleErrors.lastAdministrator()
      const detail = { user: grant.user, role: role?.name, node: grant.node }
      await this.#o.audit.record(actor, 'grant.delete', id, detail, sql)
    })
    await this.#o.announce('grant.changed', actor.tenant, id, { user: known.user })
  }

  /** An asset node was removed: what was granted there goes with it. */
  async forgetNode(tenant: string, node: string): Promise<void> {
    const users = await this.#o.database.tenant(tenant, (sql) => deleteGrantsAt(sql, tenant, node))
    for (const user of users) await this.#o.announce('grant.changed', tenant, node, { user })
  }

  async #changeable(sql: Sql, actor: Actor, id: string): Promise<Role> {
    const role = await findRole(sql, actor.tenant, id)
    if (role === undefined) throw roleErrors.notFound({ id })
    if (role.builtIn) throw roleErrors.builtIn({ name: role.name })
    return role
  }

  async #placeOf(actor: Actor, node: string | null, mayBeGone = false): Promise<Place> {
    if (node === null) return whole(actor)
    const found = await this.#o.assetPaths.path(actor.tenant, node)
    if (found === undefined && !mayBeGone) throw roleErrors.nodeNotFound({ node, path: 'node' })
    return { tenant: actor.tenant, path: found?.path ?? [node] }
  }
}

const whole = (actor: Actor): Place => ({ tenant: actor.tenant, path: [] })

function assertHolds(actor: Actor, permissions: readonly Permission[]): void {
  assertCovers(actor, new Map([[WHOLE_TENANT, new Set(permissions)]]), new Map([[WHOLE_TENANT, []]]))
}
