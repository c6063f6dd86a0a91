import type { Alarm, Asset, Device } from '../../api/types.ts'
import type { Load } from '../../live/standing.ts'

export interface NodeSummary {
  readonly load: Load
  offline: number
}

/** For each node: alarms that stand and devices that are away, at it and below. Nodes without any are left out. */
export function summaries(
  tree: readonly Asset[],
  alarms: readonly Alarm[],
  devices: readonly Device[],
): Map<string, NodeSummary> {
  const paths = new Map(tree.map((node) => [node.id, node.path]))
  const out = new Map<string, NodeSummary>()
  const each = (node: string | null, note: (summary: NodeSummary) => void) => {
    for (const id of (node !== null && paths.get(node)) || []) {
      const summary = out.get(id) ?? { load: { critical: 0, high: 0, medium: 0, low: 0 }, offline: 0 }
      out.set(id, summary)
      note(summary)
    }
  }
  for (const alarm of alarms) each(alarm.equipment, (summary) => summary.load[alarm.priority]++)
  for (const device of devices)
    if (device.connection.state === 'offline') each(device.equipment, (summary) => summary.offline++)
  return out
}
