import { LEVELS } from '@millwright/contracts/lists'
import type { Asset, Level } from '../../api/types.ts'

export interface TreeRow {
  readonly node: Asset
  readonly depth: number
  readonly children: number
  readonly open: boolean
  /** Fits what is searched for; false: only stands above something that does. */
  readonly hit: boolean
}

const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Children by parent, in the order of their names; nodes whose parent is not seen stand at the top. */
export function childrenOf(tree: readonly Asset[]): Map<string | null, Asset[]> {
  const known = new Set(tree.map((node) => node.id))
  const children = new Map<string | null, Asset[]>()
  for (const node of tree) {
    const parent = node.parent !== null && known.has(node.parent) ? node.parent : null
    const list = children.get(parent)
    if (list === undefined) children.set(parent, [node])
    else list.push(node)
  }
  for (const list of children.values()) list.sort((a, b) => compare.compare(a.name, b.name))
  return children
}

/**
 * The rows of the tree as they stand on the screen. A search shows each node that fits with all that stands above it,
 * opened, whatever was open before.
 */
export function treeRows(tree: readonly Asset[], open: ReadonlySet<string>, query: string): TreeRow[] {
  const children = childrenOf(tree)
  const needle = query.trim().toLowerCase()
  const wanted = needle === '' ? undefined : wantedBy(tree, needle)
  const rows: TreeRow[] = []
  const walk = (parent: string | null, depth: number) => {
    for (const node of children.get(parent) ?? []) {
      if (wanted !== undefined && !wanted.shown.has(node.id)) continue
      const below = children.get(node.id)?.length ?? 0
      const isOpen = wanted === undefined ? open.has(node.id) : wanted.above.has(node.id)
      rows.push({ node, depth, children: below, open: isOpen, hit: wanted === undefined || wanted.hits.has(node.id) })
      if (isOpen) walk(node.id, depth + 1)
    }
  }
  walk(null, 0)
  return rows
}

function wantedBy(tree: readonly Asset[], needle: string) {
  const hits = new Set<string>()
  const shown = new Set<string>()
  const above = new Set<string>()
  for (const node of tree) {
    if (!`${node.name} ${node.description}`.toLowerCase().includes(needle)) continue
    hits.add(node.id)
    for (const id of node.path) {
      shown.add(id)
      if (id !== node.id) above.add(id)
    }
  }
  return { hits, shown, above }
}

/** Opened at first: enough levels to see about a screenful. */
export function openAtFirst(tree: readonly Asset[], most = 40): Set<string> {
  const children = childrenOf(tree)
  const open = new Set<string>()
  let layer = children.get(null) ?? []
  let shown = layer.length
  while (layer.length > 0) {
    const next = layer.flatMap((node) => children.get(node.id) ?? [])
    if (next.length === 0 || shown + next.length > most) break
    for (const node of layer) open.add(node.id)
    shown += next.length
    layer = next
  }
  return open
}

/** Levels that may hang below another (ISA-95: each level holds lower ones). */
export const levelsBelow = (level: Level | undefined): readonly Level[] =>
  level === undefined ? LEVELS : LEVELS.slice(LEVELS.indexOf(level) + (level === 'equipment' ? 0 : 1))
