import type { Tenant, User } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { authorizePlatform, may } from '../access/authorize.ts'
import { systemActor } from '../access/system-actor.ts'
import type { Actor } from '../actor.ts'
import type { AuditLog } from '../audit/model.ts'
import { idAt } from '../ids.ts'
import { insertBuiltIns, insertGrant, lockAdministrators, syncBuiltIns } from '../roles/store.ts'
import { newEmail } from '../users/email.ts'
import { userErrors } from '../users/errors.ts'
import type { Links } from '../users/links.ts'
import { insertUser } from '../users/store.ts'
import { findFirst, insertTenant, listTenants } from './store.ts'

export interface TenantOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly links: Links
}

export interface FirstStart {
  /** The platform's first tenant. */
  readonly tenant: Tenant
  /** One-time sign-in link for its administrator; undefined when an active administrator is there. */
  readonly link?: string
}

/** Whose platform it is: an organisation, with its people, its plant and its data. */
export class TenantService {
  readonly #o: TenantOptions

  constructor(options: TenantOptions) {
    this.#o = options
  }

  /** One's own; for administrators of the platform all. */
  async list(actor: Actor): Promise<Tenant[]> {
    const all = actor.platform && may(actor, 'tenant:write', { tenant: actor.tenant, path: [] })
    if (all) return this.#o.database.system(listTenants)
    return this.#o.database.tenant(actor.tenant, listTenants)
  }

  /** For administrators of the platform. Written into the audit logs of both tenants. */
  async create(
    actor: Actor,
    given: { name: string; adminEmail: string; adminName: string },
  ): Promise<{ tenant: Tenant; link: string }> {
    authorizePlatform(actor, 'tenant:write')
    return this.#o.database.system(async (sql) => {
      const made = await this.#make(sql, given, false)
      const detail = { name: given.name, administrator: made.user.email }
      // Nobody else can hold the new chain yet, so that the order of locking does not matter.
      await this.#o.audit.record(actor, 'tenant.create', made.tenant.id, detail, sql)
      await this.#o.audit.recordIn(made.tenant.id, actor, 'tenant.create', made.tenant.id, detail, sql)
      return { tenant: made.tenant, link: made.link }
    })
  }

  /**
   * At each start: makes the first tenant and its administrator when there is none, and a new one-time link as long as
   * no administrator is active, so that nobody is locked out of a platform they hold in their hands.
   */
  async firstStart(administrator: { tenant: string; email: string; name: string }): Promise<FirstStart> {
    const { database, audit, links } = this.#o
    return database.system(async (sql) => {
      await syncBuiltIns(sql)
      const tenant = await findFirst(sql)
      if (tenant === undefined) {
        const given = { name: administrator.tenant, adminEmail: administrator.email, adminName: administrator.name }
        const made = await this.#make(sql, given, true)
        await audit.record(systemActor(made.tenant.id), 'tenant.create', made.tenant.id, { name: given.name }, sql)
        return { tenant: made.tenant, link: made.link }
      }
      if ((await lockAdministrators(sql, tenant.id)).length > 0) return { tenant }
      // The one who was invited first; a disabled account is not brought back behind its tenant's back.
      const [invited] = await sql.query<{ id: string }>(
        `select u.id from users u join grants g on g.user_id = u.id and g.node is null
           join roles r on r.id = g.role and r.built_in = 'administrator'
          where u.tenant = $1 and u.state = 'invited' order by u.id limit 1`,
        [tenant.id],
      )
      const user = invited?.id ?? (await this.#addAdministrator(sql, tenant.id, administrator))
      const { link } = await links.make(sql, tenant.id, user)
      await audit.record(systemActor(tenant.id), 'user.link', user, { reason: 'no active administrator' }, sql)
      return { tenant, link }
    })
  }

  async #make(
    sql: Sql,
    given: { name: string; adminEmail: string; adminName: string },
    first: boolean,
  ): Promise<{ tenant: Tenant; user: User; link: string }> {
    const now = this.#o.clock.now()
    const tenant: Tenant = { id: idAt('ten', now), name: given.name, createdAt: now, version: 1 }
    await insertTenant(sql, tenant, first)
    const role = await insertBuiltIns(sql, tenant.id, Math.floor(now / 1000))
    const user = newUser(tenant.id, newEmail(given.adminEmail), given.adminName, now)
    if (!(await insertUser(sql, user))) throw userErrors.emailTaken({ email: user.email, path: 'adminEmail' })
    await this.#grant(sql, tenant.id, user.id, role)
    const { link } = await this.#o.links.make(sql, tenant.id, user.id)
    return { tenant, user, link }
  }

  /** All administrators are gone or disabled: one more, under an address that is free. */
  async #addAdministrator(sql: Sql, tenant: string, given: { email: string; name: string }): Promise<string> {
    const [role] = await sql.query<{ id: string }>(
      `select id from roles where tenant = $1 and built_in = 'administrator'`,
      [tenant],
    )
    const [box = 'admin', domain = 'localhost'] = newEmail(given.email).split('@')
    const now = this.#o.clock.now()
    for (let n = 1; ; n++) {
      const user = newUser(tenant, n === 1 ? `${box}@${domain}` : `${box}+${n}@${domain}`, given.name, now)
      if (!(await insertUser(sql, user))) continue
      await this.#grant(sql, tenant, user.id, role?.id ?? '')
      return user.id
    }
  }

  async #grant(sql: Sql, tenant: string, user: string, role: string): Promise<void> {
    const now = this.#o.clock.now()
    await insertGrant(sql, tenant, { id: idAt('grt', now), user, role, node: null, createdAt: now })
  }
}

const newUser = (tenant: string, email: string, name: string, now: number): User => ({
  id: idAt('usr', now),
  tenant,
  email,
  name,
  state: 'invited',
  createdAt: now,
  version: 1,
})
