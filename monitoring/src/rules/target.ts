import type { SignalKind } from '@millwright/contracts'
import type { EquipmentDirectory } from '../ports.ts'

/** What a rule is meant to watch. */
export interface RuleTarget {
  readonly tenant: string
  readonly equipmentClass: string | null
  readonly equipment: string | null
}

/** Machines of a class that are asked for their signals: beyond, they hardly add a name. */
const ASKED = 100

/** The signals known at the target, by name: what the class expects, and what its machines have. */
export async function signalKinds(directory: EquipmentDirectory, target: RuleTarget): Promise<Map<string, SignalKind>> {
  const kinds = new Map<string, SignalKind>()
  const machine = target.equipment === null ? undefined : directory.one(target.tenant, target.equipment)
  const equipmentClass = target.equipmentClass ?? machine?.equipmentClass ?? null
  if (target.equipmentClass !== null) {
    let asked = 0
    for (const { signals } of directory.ofClass(target.tenant, target.equipmentClass)) {
      for (const { name, kind } of signals) kinds.set(name, kind)
      if (++asked >= ASKED) break
    }
  }
  if (equipmentClass !== null) {
    const expected = (await directory.expected(target.tenant, equipmentClass)) ?? []
    for (const { name, kind } of expected) kinds.set(name, kind)
  }
  for (const { name, kind } of machine?.signals ?? []) kinds.set(name, kind)
  return kinds
}
