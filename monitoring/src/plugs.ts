/** Fits the asset tree and the historian of `data` to monitoring's ports. */
import { isBad } from '@millwright/connectivity'
import type { Assets, Historian, TreeNode } from '@millwright/data'
import { MillwrightError } from '@millwright/foundation'
import { systemActor } from '@millwright/trust'
import type { Commits, Equipment, EquipmentDirectory, LatestValues } from './ports.ts'

export function assetDirectory({
  tree,
  catalogue,
  classes,
}: Pick<Assets, 'tree' | 'catalogue' | 'classes'>): EquipmentDirectory {
  const equipmentOf = (node: TreeNode): Equipment => ({
    tenant: node.tenant,
    id: node.id,
    name: node.name,
    equipmentClass: node.equipmentClass,
    path: node.path,
    names: tree.names(node.id),
    signals: Array.from(catalogue.ofEquipment(node.id).values(), ({ key, id, name, kind, unit, simulated }) => ({
      key,
      id,
      name,
      kind,
      unit,
      simulated,
    })),
  })
  return {
    one(tenant, id) {
      const node = tree.get(id)
      return node === undefined || node.tenant !== tenant ? undefined : equipmentOf(node)
    },
    *ofClass(tenant, equipmentClass) {
      for (const node of tree.ofClass(tenant, equipmentClass)) yield equipmentOf(node)
    },
    async expected(tenant, equipmentClass) {
      try {
        return (await classes.get(systemActor(tenant, 'monitoring'), equipmentClass)).signals
      } catch (error) {
        if (error instanceof MillwrightError && error.status === 404) return undefined
        throw error
      }
    },
  }
}

export const historianCommits = (historian: Pick<Historian, 'onCommit'>): Commits => ({
  onCommit: (listener) => ({ cancel: historian.onCommit(listener) }),
})

export const latestValues = ({ latest }: Pick<Historian, 'latest'>): LatestValues => ({
  value({ key, kind }) {
    const held = latest(key)
    if (held === undefined || isBad(held.quality)) return null
    if (kind === 'state') return held.wide?.kind === 'state' ? held.wide.value : null
    if (!Number.isFinite(held.value) || (kind !== 'number' && kind !== 'boolean')) return null
    return kind === 'boolean' ? held.value !== 0 : held.value
  },
})
