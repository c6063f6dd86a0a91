import type { Alarm, Asset, Device, EquipmentClass, Priority } from '../../api/types.ts'
import { needsAcknowledge } from '../../live/standing.ts'

export interface FleetRow {
  readonly node: Asset
  readonly className: string
  /** Names of what stands above it. */
  readonly where: string
  readonly alarms: number
  readonly worst: Priority | undefined
  /** Something of it waits to be acknowledged. */
  readonly waiting: boolean
  /** The device that is worst off, of those that serve it. */
  readonly device: Device | undefined
  readonly lastMessageAt: number | undefined
}

const ORDER = ['critical', 'high', 'medium', 'low'] as const
const CARE = { offline: 0, never: 1, online: 2 }

/** Every equipment with what is known of it now. */
export function fleetRows(
  tree: readonly Asset[],
  classes: readonly EquipmentClass[],
  alarms: readonly Alarm[],
  devices: readonly Device[],
): FleetRow[] {
  const names = new Map(tree.map((node) => [node.id, node.name]))
  const classNames = new Map(classes.map((one) => [one.id, one.name]))
  const alarmsOf = Map.groupBy(alarms, (alarm) => alarm.equipment)
  const devicesOf = Map.groupBy(devices, (device) => device.equipment)
  return tree
    .filter((node) => node.level === 'equipment')
    .map((node) => {
      const standing = alarmsOf.get(node.id) ?? []
      const serving = devicesOf.get(node.id) ?? []
      const last = serving.map((device) => device.connection.lastMessageAt ?? 0)
      return {
        node,
        className: (node.equipmentClass !== null && classNames.get(node.equipmentClass)) || '',
        where: node.path
          .slice(0, -1)
          .map((id) => names.get(id))
          .filter((name) => name !== undefined)
          .join(' / '),
        alarms: standing.length,
        worst: ORDER.find((priority) => standing.some((alarm) => alarm.priority === priority)),
        waiting: standing.some(needsAcknowledge),
        device: [...serving].sort((a, b) => CARE[a.connection.state] - CARE[b.connection.state])[0],
        lastMessageAt: Math.max(0, ...last) || undefined,
      }
    })
}
