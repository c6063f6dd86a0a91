import type { Equipment, EquipmentDirectory } from '../ports.ts'
import type { RuleFault } from '../rules/faults.ts'
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

  /**
   * Takes a rule in, in place of its former version. @param failed what ended this version of it before
   * @returns ids of the equipment it watches
   */
  set(rule: RunningRule, failed?: RuleFault): string[] {
    const before = this.#runners.get(rule.id)
    this.remove(rule.id)
    // The same again, as events may come twice, is no reason to try anew.
    const runner = new RuleRunner(rule, failed ?? (before?.rule.version === rule.version ? before.failed : undefined))
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

  /** On how many machines the rule will run when they are put together: those that it fits. */
  fits(rule: string): number {
    const runner = this.#runners.get(rule)
    if (runner === undefined) return 0
    const machines = this.equipmentOf(rule).map((id) => this.#directory.one(runner.rule.tenant, id))
    return machines.filter(
      (machine) =>
        machine !== undefined &&
        runner.fit(machine, new Map(machine.signals.map((signal) => [signal.name, signal]))) !== undefined,
    ).length
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
