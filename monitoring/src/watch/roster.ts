import type { Equipment, EquipmentDirectory } from '../ports.ts'
import { RuleRunner } from './rule-runner.ts'
import type { RunningRule } from './running-rule.ts'

/** Which rules there are, and which machines each of them is meant to watch. */
export class Roster {
  readonly #directory: EquipmentDirectory
  readonly #runners = new Map<string, RuleRunner>()
  readonly #byTarget = new Map<string, Set<RuleRunner>>()

  constructor(directory: EquipmentDirectory) {
    this.#directory = directory
  }

  runner(rule: string): RuleRunner | undefined {
    return this.#runners.get(rule)
  }

  /** Takes a rule in, in place of its former version. @returns ids of the equipment it watches */
  set(rule: RunningRule): string[] {
    this.remove(rule.id)
    const runner = new RuleRunner(rule)
    this.#runners.set(rule.id, runner)
    const target = targetOf(rule)
    this.#byTarget.set(target, (this.#byTarget.get(target) ?? new Set()).add(runner))
    return this.equipmentOf(rule.id)
  }

  remove(rule: string): void {
    const runner = this.#runners.get(rule)
    if (runner === undefined) return
    runner.stopped = true
    this.#runners.delete(rule)
    this.#byTarget.get(targetOf(runner.rule))?.delete(runner)
  }

  /** Ids of the equipment the rule is meant to watch now. */
  equipmentOf(rule: string): string[] {
    const held = this.#runners.get(rule)?.rule
    if (held === undefined) return []
    if (held.equipment !== null) return [held.equipment]
    if (held.equipmentClass === null) return []
    return Array.from(this.#directory.ofClass(held.tenant, held.equipmentClass), ({ id }) => id)
  }

  rulesFor(tenant: string, equipment: Equipment | undefined): RuleRunner[] {
    if (equipment === undefined) return []
    const own = this.#byTarget.get(`${tenant} ${equipment.id}`) ?? []
    const ofClass = this.#byTarget.get(`${tenant} ${equipment.equipmentClass}`) ?? []
    return [...own, ...ofClass]
  }

  /** Ids of the tenant's rules. */
  *ofTenant(tenant: string): Generator<string> {
    for (const { rule } of this.#runners.values()) if (rule.tenant === tenant) yield rule.id
  }

  /** The equipment is gone: nobody waits for its signals. */
  forget(equipment: string): void {
    for (const { misfits } of this.#runners.values()) misfits.delete(equipment)
  }

  /** Whether the rule is meant to watch this equipment. */
  watches(tenant: string, rule: string, equipment: string): boolean {
    const held = this.#runners.get(rule)?.rule
    const found = held === undefined ? undefined : this.#directory.one(tenant, equipment)
    if (held === undefined || found === undefined || held.tenant !== tenant) return false
    return (
      held.equipment === equipment || (held.equipmentClass !== null && held.equipmentClass === found.equipmentClass)
    )
  }
}

const targetOf = ({ tenant, equipment, equipmentClass }: RunningRule): string =>
  `${tenant} ${equipment ?? equipmentClass}`
