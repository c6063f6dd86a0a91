import type { Alarm, Asset, Device, Priority } from '../../api/types.ts'
import { countByPriority, type Load } from '../../live/standing.ts'

export interface SiteSummary {
  readonly site: Asset
  readonly machines: number
  readonly load: Load
  readonly worst: Priority | undefined
  readonly offline: number
}

/** What stands and what is away at each site; without sites, at each node at the top of the tree. */
export function summarise(tree: readonly Asset[], alarms: readonly Alarm[], devices: readonly Device[]): SiteSummary[] {
  const known = new Set(tree.map((node) => node.id))
  const sites = tree.filter((node) => node.level === 'site')
  // With a grant below a site, or a tree without sites, the highest nodes one sees stand in for them.
  const tops = sites.length > 0 ? sites : tree.filter((node) => node.parent === null || !known.has(node.parent))
  const siteOf = new Map<string, string>()
  const ids = new Set(tops.map((node) => node.id))
  for (const node of tree) {
    const site = node.path.find((id) => ids.has(id))
    if (site !== undefined) siteOf.set(node.id, site)
  }
  return tops.map((site) => {
    const here = (node: string | null) => node !== null && siteOf.get(node) === site.id
    const load = countByPriority(alarms.filter((alarm) => here(alarm.equipment)))
    return {
      site,
      machines: tree.filter((node) => node.level === 'equipment' && here(node.id)).length,
      load,
      worst: (['critical', 'high', 'medium', 'low'] as const).find((priority) => load[priority] > 0),
      offline: devices.filter((device) => device.connection.state === 'offline' && here(device.equipment)).length,
    }
  })
}
