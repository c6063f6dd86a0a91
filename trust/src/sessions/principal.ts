import type { Tenant, User } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import type { ActorShare } from '../actor.ts'
import { type Holdings, holdingsOf } from '../roles/holdings.ts'
import { findTenant } from '../tenants/store.ts'
import { findUser } from '../users/store.ts'

/** A person as the platform knows them now: what sessions and tokens act with. */
export interface Principal {
  readonly user: User
  readonly tenant: Tenant
  /** The tenant is the platform's first. */
  readonly first: boolean
  readonly holdings: Holdings
  readonly shares: readonly ActorShare[]
}

/** Undefined when there is no such user, or when the account is disabled. */
export async function loadPrincipal(sql: Sql, tenant: string, userId: string): Promise<Principal | undefined> {
  const user = await findUser(sql, tenant, userId)
  if (user === undefined || user.state === 'disabled') return undefined
  const home = await findTenant(sql, tenant)
  if (home === undefined) return undefined
  const shares = await sql.query<ActorShare>(
    `select id, tenant as owner, node, signals, until from shares where partner = $1 and revoked_at is null order by id`,
    [tenant],
  )
  return { user, tenant: home.tenant, first: home.first, holdings: await holdingsOf(sql, tenant, userId), shares }
}
