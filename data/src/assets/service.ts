import type { Asset, assetOperations, BodyOf } from '@millwright/contracts'
import { type Bus, type Clock, decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AssetPaths, type AuditLog, authorize, type Place, readScopes } from '@millwright/trust'
import { assetErrors } from './errors.ts'
import { checkPlace } from './placing.ts'
import { type AssetRow, assetStore, classStore } from './store.ts'
import type { AssetTree, TreeNode } from './tree.ts'

export type NewAsset = BodyOf<typeof assetOperations.createAsset>
export type AssetChange = BodyOf<typeof assetOperations.updateAsset>

export interface AssetServiceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly audit: AuditLog
  readonly tree: AssetTree
}

/** The asset tree: ISA-95 nodes, read within what the actor may see, changed where the actor may write. */
export class AssetService implements AssetPaths {
  readonly #options: AssetServiceOptions

  constructor(options: AssetServiceOptions) {
    this.#options = options
  }

  /** Reads the trees of all tenants into memory; before anything else is asked. */
  async start(): Promise<void> {
    const rows = await this.#options.database.system((sql) => assetStore.all(sql))
    for (const row of rows) this.#options.tree.set(row)
  }

  async path(tenant: string, node: string): Promise<{ path: string[]; name: string } | undefined> {
    const found = this.#options.tree.get(node)
    return found === undefined || found.tenant !== tenant ? undefined : { path: [...found.path], name: found.name }
  }

  /** The node, when the actor may read it; 404 otherwise, so that ids cannot be probed. */
  node(actor: Actor, id: string): TreeNode {
    const node = this.#options.tree.get(id)
    if (node === undefined || this.#readScope(actor, node) === undefined) throw assetErrors.unknown({ id })
    return node
  }

  async get(actor: Actor, id: string): Promise<Asset> {
    const node = this.node(actor, id)
    const row = await this.#options.database.tenant(node.tenant, (sql) => assetStore.get(sql, id))
    if (row === undefined) throw assetErrors.unknown({ id })
    return this.#seen(actor, row)
  }

  async list(
    actor: Actor,
    query: {
      cursor?: string
      limit?: number
      parent?: string
      under?: string
      level?: string
      equipmentClass?: string
      q?: string
    },
  ): Promise<{ items: Asset[]; next?: string }> {
    const limit = query.limit ?? 100
    const [tenant, key] = decodeCursor(query.cursor, ['', ''])
    const items: Asset[] = []
    const scopes = readScopes(actor, 'asset:read').sort((a, b) => (a.tenant < b.tenant ? -1 : 1))
    for (const scope of merged(scopes)) {
      if (scope.tenant < tenant) continue
      const after = scope.tenant === tenant ? key : ''
      const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
        assetStore.page(sql, { ...query, nodes: scope.nodes }, after, limit + 1 - items.length),
      )
      for (const row of rows) {
        if (items.length === limit) return { items, next: encodeCursor([scope.tenant, lastKey(rows, row)]) }
        items.push(this.#seen(actor, row))
      }
    }
    return { items }
  }

  async create(actor: Actor, body: NewAsset): Promise<Asset> {
    const { database, audit, tree, bus } = this.#options
    const parent = body.parent === null ? undefined : this.node(actor, body.parent)
    authorize(actor, 'asset:write', placeOf(actor, parent))
    checkPlace(body.level, parent)
    const row = await database.tenant(actor.tenant, async (sql) => {
      await this.#checkName(sql, parent?.id ?? null, body.name, '')
      const made = await this.insert(sql, actor.tenant, body, parent)
      await audit.record(actor, 'asset.create', made.id, { name: made.name, level: made.level }, sql)
      return made
    })
    tree.set(row)
    await bus.publish(this.#event('millwright.asset.changed', row))
    return this.#seen(actor, row)
  }

  /** Writes a new node within a transaction; the caller has checked place and name, and puts it into the tree after. */
  async insert(
    sql: Sql,
    tenant: string,
    body: NewAsset,
    parent: { id: string; path: readonly string[] } | undefined,
  ): Promise<AssetRow> {
    const id = newId('ast')
    await checkClass(sql, body.equipmentClass)
    const row: AssetRow = {
      id,
      tenant,
      parent: parent?.id ?? null,
      path: [...(parent?.path ?? []), id],
      level: body.level,
      name: body.name,
      description: body.description ?? '',
      equipmentClass: body.equipmentClass ?? null,
      metadata: body.metadata ?? {},
      position: body.position ?? null,
      createdAt: this.#options.clock.now(),
      version: 1,
    }
    await assetStore.insert(sql, row)
    return row
  }

  async update(actor: Actor, id: string, change: AssetChange, ifMatch: number | undefined): Promise<Asset> {
    const { database, audit, tree, bus } = this.#options
    const node = this.node(actor, id)
    authorize(actor, 'asset:write', { tenant: node.tenant, path: node.path })
    const parentId = change.parent === undefined ? node.parent : change.parent
    const parent = parentId === null ? undefined : this.node(actor, parentId)
    const moved = parentId !== node.parent
    if (moved) {
      authorize(actor, 'asset:write', placeOf(actor, parent))
      checkPlace(node.level, parent)
      if (parent?.path.includes(id)) throw assetErrors.ownDescendant({ name: node.name, path: 'parent' })
    }
    const row = await database.tenant(node.tenant, async (sql) => {
      const old = await assetStore.get(sql, id)
      if (old === undefined) throw assetErrors.unknown({ id })
      if (ifMatch !== undefined && ifMatch !== old.version) throw assetErrors.changed({ version: old.version })
      const { parent: _, ...rest } = change
      const next: AssetRow = { ...old, ...rest, parent: parentId, path: [...(parent?.path ?? []), id] }
      await this.#checkName(sql, next.parent, next.name, id)
      await checkClass(sql, change.equipmentClass)
      await assetStore.update(sql, next)
      if (moved) await assetStore.movePaths(sql, id, old.path.length, next.path)
      await audit.record(actor, moved ? 'asset.move' : 'asset.update', id, { ...change }, sql)
      return { ...next, version: old.version + 1 }
    })
    if (moved) await this.#reload(node.tenant)
    else tree.set(row)
    await bus.publish(this.#event('millwright.asset.changed', row))
    return this.#seen(actor, row)
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const { database, audit, tree, bus } = this.#options
    const node = this.node(actor, id)
    authorize(actor, 'asset:write', { tenant: node.tenant, path: node.path })
    await database.tenant(node.tenant, async (sql) => {
      if ((await assetStore.children(sql, id)) > 0) throw assetErrors.hasChildren({ name: node.name })
      await assetStore.remove(sql, id)
      await audit.record(actor, 'asset.delete', id, { name: node.name }, sql)
    })
    tree.remove(id)
    await bus.publish(this.#event('millwright.asset.removed', node))
  }

  /** Puts what a transaction wrote into memory and tells the others. */
  async announce(rows: readonly AssetRow[]): Promise<void> {
    for (const row of rows) this.#options.tree.set(row)
    for (const row of rows) await this.#options.bus.publish(this.#event('millwright.asset.changed', row))
  }

  async #reload(tenant: string): Promise<void> {
    const rows = await this.#options.database.tenant(tenant, (sql) => assetStore.all(sql))
    for (const row of rows) this.#options.tree.set(row)
  }

  async #checkName(sql: Sql, parent: string | null, name: string, except: string): Promise<void> {
    if (await assetStore.nameTaken(sql, parent, name, except)) throw assetErrors.nameTaken({ name, path: 'name' })
  }

  #readScope(actor: Actor, node: TreeNode) {
    return readScopes(actor, 'asset:read').find(
      (scope) =>
        scope.tenant === node.tenant && (scope.nodes === '*' || scope.nodes.some((id) => node.path.includes(id))),
    )
  }

  /** As the viewer sees it: nodes above the first one they may read are left out of the path. */
  #seen(actor: Actor, row: AssetRow): Asset {
    const {
      id,
      tenant,
      parent,
      path,
      level,
      name,
      description,
      equipmentClass,
      metadata,
      position,
      createdAt,
      version,
    } = row
    const asset: Asset = {
      id,
      tenant,
      parent,
      path,
      level,
      name,
      description,
      equipmentClass,
      metadata,
      position,
      shared: tenant !== actor.tenant,
      createdAt,
      version,
    }
    const scopes = readScopes(actor, 'asset:read').filter((scope) => scope.tenant === tenant)
    if (scopes.some((scope) => scope.nodes === '*')) return asset
    const readable = new Set(scopes.flatMap((scope) => scope.nodes))
    const first = path.findIndex((step) => readable.has(step))
    return { ...asset, path: path.slice(first), parent: first === path.length - 1 ? null : parent }
  }

  #event(type: string, node: { id: string; tenant: string }) {
    return {
      id: newId('evt'),
      type,
      source: 'data/assets',
      subject: node.id,
      tenant: node.tenant,
      time: this.#options.clock.now(),
      data: { asset: node.id },
    }
  }
}

const placeOf = (actor: Actor, parent: TreeNode | undefined): Place =>
  parent === undefined ? { tenant: actor.tenant, path: [] } : { tenant: parent.tenant, path: parent.path }

async function checkClass(sql: Sql, id: string | null | undefined): Promise<void> {
  if (id !== null && id !== undefined && (await classStore.get(sql, id)) === undefined) {
    throw assetErrors.classUnknown({ id, path: 'equipmentClass' })
  }
}

/** The key of the row before `row`: where the next page starts after. */
function lastKey(rows: readonly (AssetRow & { key: string })[], row: AssetRow & { key: string }): string {
  return rows[rows.indexOf(row) - 1]?.key ?? ''
}

/** One scope a tenant: pages run over tenants, and a node must not come twice. */
export function merged(
  scopes: readonly { tenant: string; nodes: '*' | readonly string[] }[],
): { tenant: string; nodes: '*' | readonly string[] }[] {
  const byTenant = new Map<string, '*' | readonly string[]>()
  for (const { tenant, nodes } of scopes) {
    const held = byTenant.get(tenant)
    byTenant.set(tenant, held === '*' || nodes === '*' ? '*' : [...(held ?? []), ...nodes])
  }
  return [...byTenant].map(([tenant, nodes]) => ({ tenant, nodes }))
}
