import { randomBytes } from 'node:crypto'
import type { agentOperations, ReplyOf } from '@millwright/contracts'
import { type Clock, MINUTE, type Micros, SECOND } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import type { CommandService } from '../commands/service.ts'
import { connectivityErrors } from '../errors.ts'
import type { DeviceSessions } from '../sessions/model.ts'
import type { StoredAgent } from './model.ts'

/** What an agent is to try; secrets in the clear. */
export type AgentProbe = ReplyOf<(typeof agentOperations)['getAgentProbe']>

export interface AgentProbesOptions {
  readonly clock: Clock
  readonly commands: CommandService
  readonly sessions: DeviceSessions
}

const COMMAND = 'connection.probe'
/** Beyond what the try itself may take. */
const ON_THE_WAY: Micros = 10 * SECOND
const MOST = 1_000

/**
 * Tries at edge agents: the command names the try, the agent takes it (once, within a minute, over its own mutual TLS) and
 * answers the command with what came of it.
 */
export class AgentProbes {
  readonly #options: AgentProbesOptions
  readonly #waiting = new Map<string, { agent: string; until: Micros; probe: AgentProbe }>()

  constructor(options: AgentProbesOptions) {
    this.#options = options
  }

  /** @param takes how long the try itself may take */
  async ask(actor: Actor, agent: StoredAgent, probe: AgentProbe, takes: Micros): Promise<unknown> {
    const { clock, commands, sessions } = this.#options
    if (sessions.of(agent.device).length === 0) throw connectivityErrors.agentAway({ name: agent.name })
    const now = clock.now()
    for (const [id, { until }] of this.#waiting) if (until < now) this.#waiting.delete(id)
    if (this.#waiting.size >= MOST) throw connectivityErrors.probesBusy()
    const id = randomBytes(16).toString('hex')
    this.#waiting.set(id, { agent: agent.device, until: now + MINUTE, probe })
    const timeout = takes + ON_THE_WAY
    try {
      const command = { name: COMMAND, params: { probe: id }, timeout, expiresAt: now + timeout }
      return await commands.ask(actor, agent.tenant, agent.device, command)
    } finally {
      this.#waiting.delete(id)
    }
  }

  /** For the agent that it was made for, once. */
  take(agent: string, id: string): AgentProbe {
    const held = this.#waiting.get(id)
    if (held === undefined || held.agent !== agent || held.until < this.#options.clock.now()) {
      throw connectivityErrors.probeUnknown()
    }
    this.#waiting.delete(id)
    return held.probe
  }
}
