import type { BrowseItem } from '../../api/types.ts'

/** What is loaded of what a peer has: each level by the item above it; the top by ''. */
export interface Level {
  readonly items: readonly BrowseItem[]
  readonly next: string | undefined
  readonly loading: boolean
  readonly error: unknown
}

export type Tree = ReadonlyMap<string, Level>

export const NOTHING_YET: Level = { items: [], next: undefined, loading: false, error: undefined }

/** An item where it stands, or the way to more of a level. */
export type Line =
  | { readonly kind: 'item'; readonly item: BrowseItem; readonly depth: number; readonly open: boolean }
  | { readonly kind: 'more'; readonly parent: string; readonly depth: number }
  | { readonly kind: 'loading'; readonly parent: string; readonly depth: number }
  | { readonly kind: 'error'; readonly parent: string; readonly depth: number }

/** The lines to draw. While something is searched for, what fits stands flat, from everything that is loaded. */
export function linesOf(tree: Tree, open: ReadonlySet<string>, query: string): Line[] {
  const needle = query.trim().toLowerCase()
  if (needle !== '') {
    const seen = new Set<string>()
    return [...tree.values()].flatMap(({ items }) =>
      items
        .filter((item) => {
          const text = `${item.name} ${item.id} ${item.description ?? ''}`.toLowerCase()
          if (seen.has(item.id) || !text.includes(needle)) return false
          seen.add(item.id)
          return true
        })
        .map((item): Line => ({ kind: 'item', item, depth: 0, open: false })),
    )
  }
  const lines: Line[] = []
  const walk = (parent: string, depth: number, above: ReadonlySet<string>) => {
    const level = tree.get(parent)
    if (level === undefined) return
    for (const item of level.items) {
      // What a peer has may run in a circle; an item is not opened within itself.
      const opened = open.has(item.id) && !above.has(item.id)
      lines.push({ kind: 'item', item, depth, open: opened })
      if (opened) walk(item.id, depth + 1, new Set([...above, item.id]))
    }
    if (level.loading) lines.push({ kind: 'loading', parent, depth })
    else if (level.error !== undefined) lines.push({ kind: 'error', parent, depth })
    else if (level.next !== undefined) lines.push({ kind: 'more', parent, depth })
  }
  walk('', 0, new Set())
  return lines
}
