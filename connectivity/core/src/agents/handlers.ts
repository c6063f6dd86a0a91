import type { agentOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import { connectivityErrors } from '../errors.ts'
import type { AgentProbes } from './probes.ts'
import type { AgentService } from './service.ts'

/** The operations of edge agents: those of people, and those of the agents themselves. */
export const agentHandlers = ({
  agents,
  probes,
}: {
  readonly agents: AgentService
  readonly probes: AgentProbes
}): Handlers<typeof agentOperations> => ({
  listAgents: ({ actor, query }) => agents.list(actor, query),
  createAgent: ({ actor, body }) => agents.create(actor, body),
  getAgent: ({ actor, params }) => agents.get(actor, params.id),
  updateAgent: ({ actor, params, body, ifMatch }) => agents.update(actor, params.id, body.settings, ifMatch),
  getAgentConfiguration: ({ actor }) => agents.configuration(actor),
  async getAgentProbe({ actor, params }) {
    const agent = await agents.itself(actor)
    if (agent === undefined) throw connectivityErrors.agentOnly()
    return probes.take(agent.device, params.probe)
  },
})
