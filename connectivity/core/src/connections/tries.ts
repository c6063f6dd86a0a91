import { BrowsePage, ConnectionPreview, ConnectionTest } from '@millwright/contracts'
import { type Clock, type Log, type Micros, SECOND } from '@millwright/foundation'
import { type Actor, authorize, readScopes } from '@millwright/trust'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { AgentProbe, AgentProbes } from '../agents/probes.ts'
import type { AgentService } from '../agents/service.ts'
import { connectivityErrors } from '../errors.ts'
import { checkedConfig } from './config.ts'
import type { ConnectionFolders } from './folders.ts'
import type { Adapters } from './host.ts'
import { PROBE_TIME, Prober } from './prober.ts'
import type { ConnectionService } from './service.ts'

/** What is tried out before it is saved. */
export interface TriedDraft {
  readonly adapter: string
  readonly agent?: string | null
  readonly config: Record<string, unknown>
  /** The connection whose stored secrets stand in for those left out. */
  readonly connection?: string
}

export interface TriesOptions {
  readonly adapters: Adapters
  readonly clock: Clock
  readonly log: Log
  readonly folders: ConnectionFolders
  readonly connections: ConnectionService
  readonly agents: AgentService
  readonly probes: AgentProbes
}

/** Tries of one tenant that are under way at once. */
const AT_ONCE = 6

/** Tries of configurations, here or at an edge agent, for who may make such a connection. */
export class ConnectionTries {
  readonly #options: TriesOptions
  readonly #underWay = new Map<string, number>()

  constructor(options: TriesOptions) {
    this.#options = options
  }

  test(actor: Actor, draft: TriedDraft, signal: AbortSignal): Promise<ConnectionTest> {
    return this.#try(actor, draft, {
      here: (prober, config) => prober.test({ adapter: draft.adapter, config }, signal),
      there: { kind: 'test' },
      takes: PROBE_TIME,
      reply: ConnectionTest,
    })
  }

  browse(
    actor: Actor,
    draft: TriedDraft & { node?: string; cursor?: string; limit?: number },
    signal: AbortSignal,
  ): Promise<BrowsePage> {
    const { node, cursor } = draft
    const limit = draft.limit ?? 200
    return this.#try(actor, draft, {
      here: (prober, config) => prober.browse({ adapter: draft.adapter, config }, { node, cursor, limit }, signal),
      there: {
        kind: 'browse',
        limit,
        ...(node === undefined ? {} : { node }),
        ...(cursor === undefined ? {} : { cursor }),
      },
      takes: PROBE_TIME,
      reply: BrowsePage,
    })
  }

  preview(
    actor: Actor,
    draft: TriedDraft & { seconds?: number; limit?: number },
    signal: AbortSignal,
  ): Promise<ConnectionPreview> {
    const seconds = draft.seconds ?? 5
    const limit = draft.limit ?? 100
    return this.#try(actor, draft, {
      here: (prober, config) => prober.preview({ adapter: draft.adapter, config }, { seconds, limit }, signal),
      there: { kind: 'preview', seconds, limit },
      takes: seconds * SECOND + PROBE_TIME,
      reply: ConnectionPreview,
    })
  }

  async #try<T>(
    actor: Actor,
    draft: TriedDraft,
    work: {
      here: (prober: Prober, config: Record<string, unknown>) => Promise<T>
      there: Omit<AgentProbe, 'adapter' | 'config'>
      takes: Micros
      reply: TSchema
    },
  ): Promise<T> {
    const { adapters, clock, log, folders, connections, agents, probes } = this.#options
    const { tenant } = actor
    const agent = draft.agent ?? null
    const config = await this.#whole(actor, draft)
    const adapter = connections.adapterFor(draft.adapter, agent)
    checkedConfig(adapter, config)
    return this.#bounded(tenant, async () => {
      if (agent === null) {
        const prober = new Prober({ adapters, clock, log, identity: await folders.identity(tenant) })
        return work.here(prober, config)
      }
      await agents.check(actor, agent)
      const row = await agents.seen(actor, agent, 'device:read')
      const answer = await probes.ask(actor, row, { ...work.there, adapter: draft.adapter, config }, work.takes)
      if (!Value.Check(work.reply, answer)) {
        throw connectivityErrors.askFailed({ reason: 'its answer is not one that is understood here' })
      }
      return answer as T
    })
  }

  /** The draft with the secrets that it stands for. @throws when the actor may not make connections, or not change this one */
  async #whole(actor: Actor, draft: TriedDraft): Promise<Record<string, unknown>> {
    const { connections } = this.#options
    if (draft.connection === undefined) {
      checkMayConnect(actor)
      return draft.config
    }
    const row = await connections.seen(actor, draft.connection, 'connection:write')
    // Another protocol has other secrets.
    return row.adapter === draft.adapter ? connections.withSecretsOf(row, draft.config) : draft.config
  }

  async #bounded<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    const count = this.#underWay.get(tenant) ?? 0
    if (count >= AT_ONCE) throw connectivityErrors.probesBusy()
    this.#underWay.set(tenant, count + 1)
    try {
      return await work()
    } finally {
      const left = (this.#underWay.get(tenant) ?? 1) - 1
      if (left === 0) this.#underWay.delete(tenant)
      else this.#underWay.set(tenant, left)
    }
  }
}

/** Whoever may make a connection somewhere may try one. */
export function checkMayConnect(actor: Actor): void {
  const scopes = readScopes(actor, 'connection:write')
  if (scopes.length === 0) authorize(actor, 'connection:write', { tenant: actor.tenant, path: [] })
}
