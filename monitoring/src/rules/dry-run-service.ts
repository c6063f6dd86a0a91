import type { BodyOf, monitoringOperations } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import { type Actor, may } from '@millwright/trust'
import type { Equipment, EquipmentDirectory, History } from '../ports.ts'
import { type DryRun, type DryRunLimits, dryRun } from './dry-run.ts'
import { ruleErrors } from './errors.ts'
import type { RuleService } from './service.ts'

export interface DryRunOptions {
  readonly rules: RuleService
  readonly directory: EquipmentDirectory
  readonly history: History
  readonly clock: Clock
  readonly limits?: DryRunLimits
}

/** Dry runs at a time on one platform: each may take seconds of the engine. */
const AT_ONCE = 2

/** Dry runs as people ask for them. */
export class DryRunService {
  readonly #options: DryRunOptions
  #running = 0

  constructor(options: DryRunOptions) {
    this.#options = options
  }

  /** Needs `rule:read` where the rule is meant for, and shows the machines whose signals the actor may read. */
  async run(
    actor: Actor,
    { rule: body, from, to }: BodyOf<typeof monitoringOperations.dryRun>,
    signal: AbortSignal,
  ): Promise<{ runs: DryRun[]; truncated: boolean }> {
    const { rules, history, clock, limits } = this.#options
    if (to <= from) throw ruleErrors.range({ path: 'to' })
    const rule = await rules.draft(actor, body)
    if (this.#running >= AT_ONCE) throw ruleErrors.busy()
    this.#running++
    try {
      const readable = [...this.#targets(rule)].filter((equipment) => readsAll(actor, equipment))
      readable.sort((a, b) => (a.name < b.name ? -1 : 1))
      // The future says nothing yet: silence there is not silence.
      const end = Math.min(to, Math.max(from + 1, clock.now()))
      return await dryRun(rule, readable, history, { from, to: end }, signal, limits)
    } finally {
      this.#running--
    }
  }

  *#targets(rule: { tenant: string; equipment: string | null; equipmentClass: string | null }): Generator<Equipment> {
    const { directory } = this.#options
    if (rule.equipmentClass !== null) yield* directory.ofClass(rule.tenant, rule.equipmentClass)
    const one = rule.equipment === null ? undefined : directory.one(rule.tenant, rule.equipment)
    if (one !== undefined) yield one
  }
}

const readsAll = (actor: Actor, { tenant, path }: Equipment): boolean => may(actor, 'signal:read', { tenant, path })
