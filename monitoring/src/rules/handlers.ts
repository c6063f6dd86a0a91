import type { monitoringOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { DryRunService } from './dry-run-service.ts'
import type { RuleService } from './service.ts'

type Mine = 'listRules' | 'createRule' | 'getRule' | 'updateRule' | 'deleteRule' | 'checkExpression' | 'dryRun'

export const ruleHandlers = (
  rules: RuleService,
  dryRuns: DryRunService,
): Handlers<Pick<typeof monitoringOperations, Mine>> => ({
  listRules: ({ actor, query }) => rules.list(actor, query),
  createRule: ({ actor, body }) => rules.create(actor, body),
  getRule: ({ actor, params }) => rules.get(actor, params.id),
  updateRule: ({ actor, params, body, ifMatch }) => rules.update(actor, params.id, body, ifMatch),
  deleteRule: async ({ actor, params, ifMatch }) => {
    await rules.remove(actor, params.id, ifMatch)
    return undefined
  },
  checkExpression: ({ actor, body }) => rules.check(actor, body),
  dryRun: ({ actor, body, signal }) => dryRuns.run(actor, body, signal),
})
