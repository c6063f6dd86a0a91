import type { Level } from '@millwright/contracts'
import type { AssetRow } from './store.ts'

/** What is asked of a node on every request and every reading, held in memory. */
export interface TreeNode {
  readonly id: string
  readonly tenant: string
  readonly parent: string | null
  readonly path: readonly string[]
  readonly level: Level
  readonly name: string
  readonly equipmentClass: string | null
}

/** The asset trees of all tenants in memory, kept in step with the database by the asset service. */
export class AssetTree {
  readonly #nodes = new Map<string, TreeNode>()
  readonly #children = new Map<string, Set<string>>()

  get(id: string): TreeNode | undefined {
    return this.#nodes.get(id)
  }

  set(row: AssetRow): void {
    this.remove(row.id, false)
    const { id, tenant, parent, path, level, name, equipmentClass } = row
    this.#nodes.set(id, { id, tenant, parent, path, level, name, equipmentClass })
    if (parent !== null) {
      const siblings = this.#children.get(parent) ?? new Set()
      this.#children.set(parent, siblings.add(id))
    }
  }

  remove(id: string, forGood = true): void {
    const old = this.#nodes.get(id)
    if (old === undefined) return
    if (old.parent !== null) this.#children.get(old.parent)?.delete(id)
    this.#nodes.delete(id)
    if (forGood) this.#children.delete(id)
  }

  /** The node and all below it, parents first. */
  *under(id: string): Generator<TreeNode> {
    const node = this.#nodes.get(id)
    if (node === undefined) return
    yield node
    for (const child of this.#children.get(id) ?? []) yield* this.under(child)
  }

  /** Nodes right below it. */
  *children(id: string): Generator<TreeNode> {
    for (const child of this.#children.get(id) ?? []) {
      const node = this.#nodes.get(child)
      if (node !== undefined) yield node
    }
  }

  /** The uppermost nodes of a tenant. */
  *roots(tenant: string): Generator<TreeNode> {
    for (const node of this.#nodes.values()) if (node.tenant === tenant && node.parent === null) yield node
  }

  /** Names from the root to the node. */
  names(id: string): string[] {
    return (this.#nodes.get(id)?.path ?? []).map((step) => this.#nodes.get(step)?.name ?? '')
  }

  *ofClass(tenant: string, equipmentClass: string): Generator<TreeNode> {
    for (const node of this.#nodes.values()) {
      if (node.tenant === tenant && node.equipmentClass === equipmentClass) yield node
    }
  }
}
