import type { ApiToken, Permission } from '@millwright/contracts'
import { type Clock, DAY, MINUTE } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Actor } from '../actor.ts'
import type { AuditLog } from '../audit/model.ts'
import type { Announce } from '../events.ts'
import { idAt } from '../ids.ts'
import { hashSecret, isSecret, newSecret } from '../secrets/secret.ts'
import { Cache } from '../sessions/cache.ts'
import { sessionErrors } from '../sessions/errors.ts'
import { loadPrincipal, type Principal } from '../sessions/principal.ts'
import { tokenErrors } from './errors.ts'
import { countInForce, findByHash, insertToken, listTokens, revokeToken, touchToken } from './store.ts'

export interface TokenOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
}

const LONGEST_DAYS = 366
const MOST_PER_USER = 100
const TOUCH_EVERY = MINUTE

interface Known {
  readonly token: ApiToken
  readonly principal: Principal
  usedAt: number
}

/** API tokens: a person's own, for programs that act for them with some of their permissions. */
export class TokenService {
  readonly #o: TokenOptions
  readonly #cache: Cache<Known>

  constructor(options: TokenOptions) {
    this.#o = options
    this.#cache = new Cache(options.clock, 30_000_000, 10_000)
  }

  /** One's own, also those that were revoked or have run out, newest first. */
  async list(actor: Actor): Promise<ApiToken[]> {
    const user = person(actor)
    return this.#o.database.tenant(actor.tenant, (sql) => listTokens(sql, actor.tenant, user))
  }

  /** Only a person in a session makes tokens: a token that could make tokens would outlive its own revocation. */
  async create(
    actor: Actor,
    given: { name: string; permissions: readonly Permission[]; expiresAt: number },
  ): Promise<{ token: ApiToken; secret: string }> {
    const user = person(actor)
    const now = this.#o.clock.now()
    if (given.expiresAt <= now || given.expiresAt > now + LONGEST_DAYS * DAY) {
      throw tokenErrors.badExpiry({ days: LONGEST_DAYS, path: 'expiresAt' })
    }
    const held = new Set([...actor.permissions.values()].flatMap((permissions) => [...permissions]))
    for (const permission of given.permissions) {
      if (!held.has(permission)) throw tokenErrors.tooMuch({ permission, path: 'permissions' })
    }
    const secret = newSecret('mwt')
    const token: ApiToken = {
      id: idAt('tok', now),
      name: given.name,
      permissions: [...new Set(given.permissions)],
      createdAt: now,
      expiresAt: given.expiresAt,
    }
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const count = await countInForce(sql, actor.tenant, user, now)
      if (count >= MOST_PER_USER) throw tokenErrors.tooMany({ count })
      await insertToken(sql, actor.tenant, user, token, hashSecret(secret))
      const { name, permissions, expiresAt } = token
      await this.#o.audit.record(actor, 'token.create', token.id, { name, permissions, expiresAt }, sql)
    })
    return { token, secret }
  }

  /** One's own; and a token may end itself, and no other, so that a program can let go of what it does not need any more. */
  async revoke(actor: Actor, id: string): Promise<void> {
    const itself = actor.kind === 'token' && actor.id === id
    const user = itself && actor.user !== undefined ? actor.user : person(actor)
    await this.#o.database.tenant(actor.tenant, async (sql) => {
      const found = await revokeToken(sql, actor.tenant, user, id, this.#o.clock.now())
      if (found === undefined) throw tokenErrors.notFound({ id })
      await this.#o.audit.record(actor, 'token.revoke', id, { name: found.name }, sql)
    })
    await this.#o.announce('token.revoked', actor.tenant, id, { user })
  }

  /** The token behind a secret, its use noted; throws MW-SESSION-0008 (401) when it is not in force. */
  async resolve(secret: string): Promise<{ token: ApiToken; principal: Principal }> {
    if (!isSecret('mwt', secret)) throw sessionErrors.badToken()
    const { database, clock } = this.#o
    const hash = hashSecret(secret)
    const known = await this.#cache.get(hash, () =>
      database.system(async (sql): Promise<Known | undefined> => {
        const found = await findByHash(sql, hash)
        const principal = found === undefined ? undefined : await loadPrincipal(sql, found.tenant, found.user)
        if (found === undefined || principal === undefined) return undefined
        return { token: found.token, principal, usedAt: found.token.lastUsedAt ?? 0 }
      }),
    )
    const now = clock.now()
    if (known === undefined || known.token.revokedAt !== undefined || known.token.expiresAt <= now) {
      throw sessionErrors.badToken()
    }
    if (now - known.usedAt >= TOUCH_EVERY) {
      known.usedAt = now
      await database.system((sql) => touchToken(sql, hash, now))
    }
    return known
  }

  /** Forgets what is known of tokens that a change concerns. */
  forget(affected: (principal: Principal, token: string) => boolean): void {
    this.#cache.drop((known) => affected(known.principal, known.token.id))
  }
}

function person(actor: Actor): string {
  if (actor.kind !== 'user' || actor.user === undefined) throw sessionErrors.onlyPeople()
  return actor.user
}
