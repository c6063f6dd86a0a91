import type { Permission } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import { may, WHOLE_TENANT } from '../access/authorize.ts'
import type { Actor } from '../actor.ts'
import type { AssetPaths } from '../ports.ts'
import { roleErrors } from './errors.ts'

/** A node's id, or `*` for the whole tenant -> what a person may do there and below. */
export type Holdings = ReadonlyMap<string, ReadonlySet<Permission>>

/** What a person's grants add up to. */
export async function holdingsOf(sql: Sql, tenant: string, user: string): Promise<Holdings> {
  const rows = await sql.query<{ node: string | null; permissions: Permission[] }>(
    `select g.node, r.permissions from grants g join roles r on r.tenant = g.tenant and r.id = g.role
      where g.tenant = $1 and g.user_id = $2`,
    [tenant, user],
  )
  const held = new Map<string, Set<Permission>>()
  for (const { node, permissions } of rows) {
    const key = node ?? WHOLE_TENANT
    const at = held.get(key) ?? new Set()
    for (const permission of permissions) at.add(permission)
    held.set(key, at)
  }
  return held
}

/** Node ids from the root for each node that is held; a node that is gone stands alone. Ask outside a transaction. */
export async function pathsOf(
  assetPaths: AssetPaths,
  tenant: string,
  nodes: Iterable<string>,
): Promise<Map<string, readonly string[]>> {
  const paths = new Map<string, readonly string[]>()
  for (const node of nodes) {
    if (node === WHOLE_TENANT) paths.set(node, [])
    else paths.set(node, (await assetPaths.path(tenant, node))?.path ?? [node])
  }
  return paths
}

/**
 * Throws MW-ROLE-0006 unless the actor has all of this itself, everywhere it is held: nobody gives what they do not
 * have, nor takes over or shuts out a person who may do more than they.
 */
export function assertCovers(actor: Actor, held: Holdings, paths: ReadonlyMap<string, readonly string[]>): void {
  for (const [node, permissions] of held) {
    const path = paths.get(node) ?? (node === WHOLE_TENANT ? [] : [node])
    for (const permission of permissions) {
      if (!may(actor, permission, { tenant: actor.tenant, path })) throw roleErrors.tooMuch({ permission, node })
    }
  }
}
