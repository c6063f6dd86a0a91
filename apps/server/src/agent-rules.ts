import type { AgentRules, RuleForAgents } from '@millwright/connectivity'
import type { Rule } from '@millwright/contracts'
import type { AssetTree, SignalCatalogue, SignalFacts } from '@millwright/data'
import type { Monitoring } from '@millwright/monitoring'
import { RuleRunner } from '@millwright/monitoring/engine'
import { systemActor } from '@millwright/trust'

export interface AgentRuleSources {
  readonly rules: Monitoring['rules']
  readonly catalogue: SignalCatalogue
  readonly tree: AssetTree
}

/** Finds the rules that an edge agent can run alone: those that watch nothing but signals of its devices. */
export function agentRules({ rules, catalogue, tree }: AgentRuleSources): AgentRules {
  async function* enabled(tenant: string): AsyncGenerator<Rule> {
    let cursor: string | undefined
    do {
      const page = await rules.list(systemActor(tenant, 'edge agents'), {
        limit: 1000,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const rule of page.items) if (rule.enabled) yield rule
      cursor = page.next
    } while (cursor !== undefined)
  }

  function* machines({ tenant, equipment, equipmentClass }: Rule): Generator<string> {
    if (equipment !== null) yield equipment
    else if (equipmentClass !== null) for (const { id } of tree.ofClass(tenant, equipmentClass)) yield id
  }

  return {
    async watching(tenant, devices) {
      const found: RuleForAgents[] = []
      for await (const rule of enabled(tenant)) {
        const { names } = new RuleRunner(rule)
        if (names.length === 0) continue
        for (const machine of machines(rule)) {
          const held = catalogue.ofEquipment(machine)
          const signals = names.map((name) => held.get(name))
          if (!signals.every((facts): facts is Hung => facts?.device != null && devices.has(facts.device))) continue
          found.push({
            id: rule.id,
            name:
              rule.equipmentClass === null
                ? rule.name
                : `${rule.name}: ${tree.get(machine)?.name ?? machine}`.slice(0, 120),
            rule: lasting(rule),
            signals: Object.fromEntries(signals.map(({ name, device }) => [name, { device, name }])),
          })
        }
      }
      return found
    },
  }
}

type Hung = SignalFacts & { readonly device: string }

/** The rule without what it is doing now: an agent's configuration does not change by that. */
function lasting({ faultSince: _, ...rule }: Rule): Rule {
  return { ...rule, fault: null, watches: 0 }
}
