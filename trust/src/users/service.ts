import type { User } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { authorize, may } from '../access/authorize.ts'
import type { Actor, Place } from '../actor.ts'
import { cleanText } from '../audit/canonical.ts'
import type { AuditLog } from '../audit/model.ts'
import type { Announce } from '../events.ts'
import { idAt } from '../ids.ts'
import type { AssetPaths } from '../ports.ts'
import { roleErrors } from '../roles/errors.ts'
import { assertCovers, holdingsOf, pathsOf } from '../roles/holdings.ts'
import { lockAdministrators } from '../roles/store.ts'
import { newEmail } from './email.ts'
import { userErrors } from './errors.ts'
import type { Links } from './links.ts'
import { dropLinks, findUser, insertUser, listUsers, readPassword, updateUser } from './store.ts'

export interface UserOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly assetPaths: AssetPaths
  readonly links: Links
}

/** The people of a tenant. */
export class UserService {
  readonly #o: UserOptions

  constructor(options: UserOptions) {
    this.#o = options
  }

  /** Needs `user:read`. */
  async list(
    actor: Actor,
    query: { q?: string; cursor?: string; limit?: number },
  ): Promise<{ items: User[]; next?: string }> {
    authorize(actor, 'user:read', whole(actor))
    const limit = query.limit ?? 100
    const [name, id] = decodeCursor(query.cursor, ['', ''] as const)
    const found = await this.#o.database.tenant(actor.tenant, (sql) =>
      listUsers(
        sql,
        actor.tenant,
        query.q === undefined ? undefined : cleanText(query.q),
        [cleanText(name), cleanText(id)],
        limit + 1,
      ),
    )
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return found.length > limit && last !== undefined ? { items, next: encodeCursor([last.name, last.id]) } : { items }
  }

  /** Needs `user:read`, except for oneself. */
  async get(actor: Actor, id: string): Promise<User> {
    if (actor.user !== id && !may(actor, 'user:read', whole(actor))) throw userErrors.notFound({ id })
    const user = await this.#o.database.tenant(actor.tenant, (sql) => findUser(sql, actor.tenant, id))
    if (user === undefined) throw userErrors.notFound({ id })
    return user
  }

  /** Needs `user:write`. The new user may do nothing until a role is granted. @returns the link is not shown again */
  async invite(actor: Actor, given: { email: string; name: string }): Promise<{ user: User; link: string }> {
    authorize(actor, 'user:write', whole(actor))
    const now = this.#o.clock.now()
    const user: User = {
      id: idAt('usr', now),
      tenant: actor.tenant,
      email: newEmail(given.email),
      name: given.name,
      state: 'invited',
      createdAt: now,
      version: 1,
    }
    const { link } = await this.#o.database.tenant(actor.tenant, async (sql) => {
      if (!(await insertUser(sql, user))) throw userErrors.emailTaken({ email: user.email, path: 'email' })
      await this.#o.audit.record(actor, 'user.invite', user.id, { email: user.email, name: user.name }, sql)
      return this.#o.links.make(sql, actor.tenant, user.id)
    })
    await this.#o.announce('user.changed', actor.tenant, user.id)
    return { user, link }
  }

  /** Needs `user:write` and all that the user may do; a name of one's own anybody may change. */
  async update(
    actor: Actor,
    id: string,
    change: { name?: string; state?: 'active' | 'disabled' },
    ifMatch?: number,
  ): Promise<User> {
    const own = actor.kind === 'user' && actor.user === id && change.state === undefined
    const assertMay = own ? undefined : await this.#mayManage(actor, id)
    const saved = await this.#o.database.tenant(actor.tenant, async (sql) => {
      const administrators = await lockAdministrators(sql, actor.tenant)
      const user = await findUser(sql, actor.tenant, id)
      if (user === undefined) throw userErrors.notFound({ id })
      assertMay?.(await holdingsOf(sql, actor.tenant, id))
      const state = await this.#nextState(sql, user, change.state)
      const next = await updateUser(sql, actor.tenant, id, { name: change.name ?? user.name, state }, ifMatch)
      if (next === undefined) throw userErrors.changed({ id })
      if (state === 'disabled') {
        if (administrators.length === 1 && administrators[0] === id) throw roleErrors.lastAdministrator()
        await sql.query('delete from sessions where tenant = $1 and user_id = $2', [actor.tenant, id])
        await dropLinks(sql, actor.tenant, id)
      }
      await this.#o.audit.record(actor, 'user.update', id, { ...change }, sql)
      return next
    })
    await this.#o.announce('user.changed', actor.tenant, id)
    if (saved.state === 'disabled') await this.#o.announce('session.revoked', actor.tenant, id, { user: id })
    return saved
  }

  /** Needs `user:write` and all that the user may do: whoever has the link signs in as that user. */
  async signInLink(actor: Actor, id: string): Promise<{ link: string; expiresAt: number }> {
    const assertMay = await this.#mayManage(actor, id)
    return this.#o.database.tenant(actor.tenant, async (sql) => {
      const user = await findUser(sql, actor.tenant, id)
      if (user === undefined) throw userErrors.notFound({ id })
      assertMay(await holdingsOf(sql, actor.tenant, id))
      if (user.state === 'disabled') throw userErrors.disabled({ id })
      await this.#o.audit.record(actor, 'user.link', id, { email: user.email }, sql)
      return this.#o.links.make(sql, actor.tenant, id)
    })
  }

  async #nextState(sql: Parameters<typeof readPassword>[0], user: User, wanted?: 'active' | 'disabled') {
    if (wanted === undefined || wanted === user.state) return user.state
    if (wanted === 'disabled') return wanted
    // Enabled again without ever having had a password: still an invitation.
    if ((await readPassword(sql, user.tenant, user.id)) !== null) return 'active'
    if (user.state === 'invited') throw userErrors.noPassword({ id: user.id, path: 'state' })
    return 'invited'
  }

  /** Looks the places up before the transaction, which then judges what the user holds by that time. */
  async #mayManage(actor: Actor, id: string) {
    if (!may(actor, 'user:write', whole(actor)) && !may(actor, 'user:read', whole(actor))) {
      throw userErrors.notFound({ id })
    }
    authorize(actor, 'user:write', whole(actor))
    const held = await this.#o.database.tenant(actor.tenant, (sql) => holdingsOf(sql, actor.tenant, id))
    const paths = await pathsOf(this.#o.assetPaths, actor.tenant, held.keys())
    return (now: typeof held) => assertCovers(actor, now, paths)
  }
}

const whole = (actor: Actor): Place => ({ tenant: actor.tenant, path: [] })
