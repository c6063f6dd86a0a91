import type { Equipment } from '../ports.ts'
import type { RuleRunner } from './rule-runner.ts'

/** What these rules see of a piece of equipment: while it stays the same, the machine need not be put together anew. */
export function lookOf(equipment: Equipment, runners: readonly RuleRunner[]): string {
  const signals = new Map(equipment.signals.map((signal) => [signal.name, signal]))
  return JSON.stringify([
    equipment.equipmentClass,
    runners.map(({ rule, names }) => [
      rule.id,
      rule.version,
      names.map((name) => [signals.get(name)?.key, signals.get(name)?.kind, signals.get(name)?.unit]),
    ]),
  ])
}
