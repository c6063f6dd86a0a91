import type { Permission, Session } from '@millwright/contracts'
import { type Clock, DAY, HOUR, MINUTE } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import type { AuditLog } from '../audit/model.ts'
import type { Announce } from '../events.ts'
import { idAt } from '../ids.ts'
import { hashPassword, isOutdated, verifyPassword } from '../passwords/argon2id.ts'
import { checkNewPassword } from '../passwords/policy.ts'
import { csrfToken, hashSecret, isSecret, newSecret } from '../secrets/secret.ts'
import { findFirst } from '../tenants/store.ts'
import { callerOf } from '../throttle/address.ts'
import type { Bucket, Throttle } from '../throttle/throttle.ts'
import { normalEmail } from '../users/email.ts'
import { consumeLink, dropLinks, findAccount, noteSignIn, readPassword, writePassword } from '../users/store.ts'
import { userActor } from './actors.ts'
import { Cache } from './cache.ts'
import { sessionErrors } from './errors.ts'
import { loadPrincipal, type Principal } from './principal.ts'
import { Refusals } from './refusals.ts'
import {
  deleteEnded,
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  isKnownAddress,
  knowAddress,
  type SessionRow,
  touchSession,
} from './store.ts'

export interface SessionOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly throttle: Throttle
}

/** A session just opened; `secret` goes into the cookie and is kept nowhere. */
export interface Opened {
  readonly secret: string
  readonly session: Session
}

export interface LiveSession {
  readonly id: string
  readonly principal: Principal
  readonly mustSetPassword: boolean
  readonly csrf: string
  readonly expiresAt: number
}

/** Unused for so long, a session ends. */
const IDLE = 8 * HOUR
/** However much it is used, it ends after this. */
const ABSOLUTE = 7 * DAY
/** After a one-time link, time enough to think of a password. */
const LINK_SESSION = 30 * MINUTE
/** Use is written down at most so often. */
const TOUCH_EVERY = MINUTE
const CACHE_FOR = 30_000_000
const CACHE_MOST = 10_000

interface Known {
  readonly row: SessionRow
  readonly principal: Principal
  seenAt: number
}

/** People signing in and out, and what they are known by in between. */
export class SessionService {
  readonly #o: SessionOptions
  readonly #cache: Cache<Known>
  readonly #refusals: Refusals

  constructor(options: SessionOptions) {
    this.#o = options
    this.#cache = new Cache(options.clock, CACHE_FOR, CACHE_MOST)
    this.#refusals = new Refusals(options.audit, options.clock)
  }

  /** Throws MW-SESSION-0002 (401) without saying which of the two is wrong, MW-THROTTLE-0001 (429) when tried too often. */
  async signIn(given: {
    email: string
    password: string
    address: string
    previous?: string | undefined
  }): Promise<Opened> {
    const { database, clock, throttle } = this.#o
    const email = normalEmail(given.email).replaceAll('\u0000', '')
    const caller = callerOf(given.address)
    // The same steps for an account that exists and for one that does not: the time taken tells nothing.
    const { account, known, first } = await database.system(async (sql) => {
      const found = await findAccount(sql, email)
      return {
        account: found,
        known: await isKnownAddress(sql, found?.id ?? '', caller),
        first: await findFirst(sql),
      }
    })
    const buckets: Bucket[] = [
      { pace: 'address', name: caller },
      known ? { pace: 'owner', name: `${email} ${caller}` } : { pace: 'account', name: email },
    ]
    const attempt = await throttle.begin(buckets)
    const fits = await verifyPassword(account?.password, given.password)
    if (account === undefined || !fits || account.state !== 'active') {
      const reason = account === undefined ? 'unknown account' : fits ? account.state : 'password'
      const tenant = account?.tenant ?? first?.id ?? ''
      await this.#refusals.record(tenant, account?.id, reason, given.address)
      throw sessionErrors.wrongPassword()
    }
    await attempt.succeeded()
    const stored = account.password
    const renewed = stored !== null && isOutdated(stored) ? await hashPassword(given.password) : undefined
    return database.system(async (sql) => {
      // The password may have been changed, or the account disabled, while it was being compared.
      if ((await readPassword(sql, account.tenant, account.id)) !== stored) throw sessionErrors.wrongPassword()
      if (renewed !== undefined) {
        await sql.query('update users set password = $2 where id = $1', [account.id, renewed])
      }
      await knowAddress(sql, account.tenant, account.id, caller, clock.now())
      return this.#open(sql, account.tenant, account.id, given, 'password')
    })
  }

  /** Throws MW-SESSION-0004 (401) when the link is not one, or not any more. The session can only set a password. */
  async signInByLink(given: { token: string; address: string; previous?: string | undefined }): Promise<Opened> {
    const { database, clock, throttle } = this.#o
    const attempt = await throttle.begin([{ pace: 'address', name: callerOf(given.address) }])
    if (!isSecret('mwl', given.token)) throw sessionErrors.badLink()
    const opened = await database.system(async (sql) => {
      const link = await consumeLink(sql, hashSecret(given.token), clock.now())
      return link === undefined ? undefined : this.#open(sql, link.tenant, link.user, given, 'link')
    })
    if (opened === undefined) throw sessionErrors.badLink()
    await attempt.succeeded()
    return opened
  }

  /** The session behind a cookie's secret, its use noted; throws MW-SESSION-0003 when it has ended. */
  async resume(secret: string): Promise<LiveSession> {
    const { database, clock } = this.#o
    const hash = hashSecret(secret)
    const known = await this.#cache.get(hash, () =>
      database.system(async (sql): Promise<Known | undefined> => {
        const row = await findSession(sql, hash)
        const principal = row === undefined ? undefined : await loadPrincipal(sql, row.tenant, row.user_id)
        return row === undefined || principal === undefined ? undefined : { row, principal, seenAt: row.seen_at }
      }),
    )
    const now = clock.now()
    if (known === undefined || known.row.expires_at <= now || known.seenAt + IDLE <= now) throw sessionErrors.ended()
    if (now - known.seenAt >= TOUCH_EVERY) {
      known.seenAt = now
      await database.system((sql) => touchSession(sql, hash, now))
    }
    return {
      id: known.row.id,
      principal: known.principal,
      mustSetPassword: known.row.must_set_password,
      csrf: csrfToken(secret),
      expiresAt: Math.min(known.row.expires_at, known.seenAt + IDLE),
    }
  }

  /** All sessions of the person end; the one that asked goes on under a new secret. */
  async setPassword(given: {
    secret: string
    current?: string | undefined
    next: string
    address: string
  }): Promise<Opened> {
    const { database, audit, announce, throttle } = this.#o
    const live = await this.resume(given.secret)
    const { user } = live.principal
    if (!live.mustSetPassword) {
      const attempt = await throttle.begin([{ pace: 'owner', name: `${user.id} password` }])
      const stored = await database.tenant(user.tenant, (sql) => readPassword(sql, user.tenant, user.id))
      if (!(await verifyPassword(stored, given.current ?? ''))) throw sessionErrors.wrongCurrent({ path: 'current' })
      await attempt.succeeded()
    }
    checkNewPassword(given.next, user)
    const hashed = await hashPassword(given.next)
    const { opened, ended } = await database.system(async (sql) => {
      // Of two who set a password with the same session at once, the first ends it for the second.
      if ((await findSession(sql, hashSecret(given.secret))) === undefined) throw sessionErrors.ended()
      const ended = await deleteSessionsOf(sql, user.tenant, user.id)
      await writePassword(sql, user.tenant, user.id, hashed)
      await dropLinks(sql, user.tenant, user.id)
      const actor = userActor(live.principal, this.#o.clock, { session: live.id, address: given.address })
      await audit.record(actor, 'user.password', user.id, { sessionsEnded: ended.length }, sql)
      return { opened: await this.#open(sql, user.tenant, user.id, given, 'new password'), ended }
    })
    for (const session of ended) await announce('session.revoked', user.tenant, session, { user: user.id })
    await announce('user.changed', user.tenant, user.id)
    return opened
  }

  async signOut(secret: string): Promise<void> {
    const live = await this.resume(secret)
    const { user } = live.principal
    await this.#o.database.system(async (sql) => {
      await deleteSession(sql, hashSecret(secret))
      await this.#o.audit.record(userActor(live.principal, this.#o.clock), 'session.end', live.id, {}, sql)
    })
    await this.#o.announce('session.revoked', user.tenant, live.id, { user: user.id })
  }

  /** Forgets what is known of sessions that a change concerns. */
  forget(affected: (principal: Principal, session: string) => boolean): void {
    this.#cache.drop((known) => affected(known.principal, known.row.id))
  }

  async tidy(): Promise<void> {
    await this.#o.database.system((sql) => deleteEnded(sql, this.#o.clock.now(), IDLE))
  }

  /** A new secret for each sign-in: nobody can hand a person a session they know the secret of. */
  async #open(
    sql: Sql,
    tenant: string,
    user: string,
    from: { address: string; previous?: string | undefined },
    by: 'password' | 'new password' | 'link',
  ): Promise<Opened> {
    const { clock, audit } = this.#o
    const mustSetPassword = by === 'link'
    const principal = await loadPrincipal(sql, tenant, user)
    if (principal === undefined) throw mustSetPassword ? sessionErrors.badLink() : sessionErrors.wrongPassword()
    if (from.previous !== undefined) await deleteSession(sql, hashSecret(from.previous))
    const secret = newSecret('mws')
    const now = clock.now()
    const row: SessionRow = {
      id: idAt('ses', now),
      tenant,
      user_id: user,
      created_at: now,
      seen_at: now,
      expires_at: now + (mustSetPassword ? LINK_SESSION : ABSOLUTE),
      must_set_password: mustSetPassword,
    }
    await insertSession(sql, hashSecret(secret), row, from.address)
    await noteSignIn(sql, tenant, user, now)
    const actor = userActor(principal, clock, { session: row.id, address: from.address })
    await audit.record(actor, 'session.begin', row.id, { by }, sql)
    const live: LiveSession = {
      id: row.id,
      principal: { ...principal, user: { ...principal.user, lastSignInAt: now } },
      mustSetPassword,
      csrf: csrfToken(secret),
      expiresAt: Math.min(row.expires_at, now + IDLE),
    }
    return { secret, session: sessionView(live) }
  }
}

/** What the console gets to know of a session. */
export function sessionView(live: LiveSession): Session {
  const { user, tenant, holdings } = live.principal
  const permissions: Record<string, Permission[]> = {}
  if (!live.mustSetPassword) for (const [node, held] of holdings) permissions[node] = [...held]
  const { csrf, expiresAt, mustSetPassword } = live
  return { user, tenant, permissions, csrf, expiresAt, mustSetPassword }
}
