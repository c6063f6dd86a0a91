import { clean } from '../output/clean.ts'
import type { Output } from '../output/output.ts'
import { cut } from '../output/width.ts'
import type { Asset } from '../resolve/assets.ts'

/** The nodes as a drawn tree. A node whose parent is not among them (shared, or the one asked for) stands at the top. */
export function treeLines(assets: readonly Asset[], out: Output): string[] {
  const ids = new Set(assets.map(({ id }) => id))
  const children = new Map<string | null, Asset[]>()
  for (const asset of assets) {
    const parent = asset.parent !== null && ids.has(asset.parent) ? asset.parent : null
    const siblings = children.get(parent) ?? []
    siblings.push(asset)
    children.set(parent, siblings)
  }
  for (const siblings of children.values()) {
    siblings.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  }
  const lines: string[] = []
  const draw = (asset: Asset, lead: string, branch: string) => {
    const level = `  ${asset.level}${asset.shared ? ' (shared)' : ''}`
    const name = cut(clean(asset.name), Math.max(8, out.width - lead.length - branch.length - level.length))
    lines.push(`${branch === '' ? '' : out.style('dim', lead + branch)}${name}${out.style('dim', level)}`)
    const below = children.get(asset.id) ?? []
    const inner = lead + (branch === '' ? '' : branch === '└─ ' ? '   ' : '│  ')
    for (const [i, child] of below.entries()) draw(child, inner, i === below.length - 1 ? '└─ ' : '├─ ')
  }
  for (const root of children.get(null) ?? []) draw(root, '', '')
  return lines
}
