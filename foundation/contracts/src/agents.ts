import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { AdapterId, Configuration } from './connections.ts'
import { operation } from './operation.ts'

export const AgentSettings = Strict(
  {
    /** Disk the queue may take, bytes. */
    queueBytes: Type.Integer({ minimum: 16 << 20, maximum: 2 ** 40, default: 4 * 2 ** 30 }),
    /** What goes first when the link is back, beside live readings; the order within a signal is kept either way. */
    backlog: Choice(['oldest-first', 'newest-first']),
    /** What is given up when the queue's disk is full. */
    whenFull: Choice(['drop-oldest', 'refuse-new']),
    /** A changed configuration under which the link does not come back within this time is rolled back, µs. */
    rollbackAfter: Type.Integer({ minimum: 10_000_000, maximum: 86_400_000_000, default: 120_000_000 }),
  },
  { $id: 'AgentSettings' },
)
export type AgentSettings = Static<typeof AgentSettings>

export const AgentRule = Strict({
  id: Id('rul'),
  name: Name,
  /** The rule as `getRule` shows it; its expression is the same CEL. */
  rule: Type.Unknown(),
  /** The signals it watches by their names in the expression, as the agent knows them. */
  signals: Type.Record(
    Key,
    Strict({
      connection: Type.String({ description: '`cnx_…`; empty: the agent’s own signals' }),
      /** Name of the device behind the connection; null: the connection's own. */
      device: Nullable(Type.String()),
      metric: Key,
    }),
  ),
})

/** All that an agent is to do; it takes it by version, over mutual TLS. Secrets are in the clear here and nowhere else. */
export const AgentConfiguration = Strict(
  {
    version: Type.Integer(),
    settings: AgentSettings,
    connections: Type.Array(
      Strict({ id: Id('cnx'), version: Type.Integer(), name: Name, adapter: AdapterId, config: Configuration }),
    ),
    rules: Type.Array(AgentRule),
  },
  { $id: 'AgentConfiguration' },
)
export type AgentConfiguration = Static<typeof AgentConfiguration>

export const Agent = Strict(
  {
    /** An edge agent is a device. */
    device: Id('dev'),
    name: Name,
    online: Type.Boolean(),
    /** Of the agent's software; absent: it never came. */
    software: Type.Optional(Type.String()),
    settings: AgentSettings,
    configuration: Strict({
      desired: Type.Integer(),
      reported: Type.Optional(Type.Integer()),
      state: Choice(['none', 'pending', 'applied', 'rolled-back', 'failed']),
      reason: Type.Optional(Type.String()),
    }),
    queue: Type.Optional(
      Strict({
        readings: Type.Integer(),
        bytes: Type.Integer(),
        oldest: Type.Optional(Time),
        dropped: Type.Integer({ description: 'Given up because the disk budget was full, ever' }),
      }),
    ),
    connections: Type.Integer(),
    version: Type.Integer(),
  },
  { $id: 'Agent' },
)
export type Agent = Static<typeof Agent>

export const agentOperations = {
  listAgents: operation({
    id: 'listAgents',
    method: 'GET',
    path: '/agents',
    tag: 'Edge agents',
    summary: 'List edge agents with their queue and configuration',
    access: 'actor',
    query: Strict({ ...PageQuery, q: Type.Optional(Text) }),
    reply: Page(Agent),
  }),
  createAgent: operation({
    id: 'createAgent',
    method: 'POST',
    path: '/agents',
    tag: 'Edge agents',
    summary: 'Announce an edge agent; enrol it with createEnrolmentToken',
    access: 'actor',
    status: 201,
    body: Strict({
      name: Name,
      equipment: Type.Optional(Nullable(Id('ast'))),
      settings: Type.Optional(Type.Partial(AgentSettings, { additionalProperties: false })),
    }),
    reply: Agent,
  }),
  getAgent: operation({
    id: 'getAgent',
    method: 'GET',
    path: '/agents/{id}',
    tag: 'Edge agents',
    summary: 'One edge agent',
    access: 'actor',
    params: IdParams('dev'),
    reply: Agent,
  }),
  updateAgent: operation({
    id: 'updateAgent',
    method: 'PATCH',
    path: '/agents/{id}',
    tag: 'Edge agents',
    summary: 'Change an agent’s settings (If-Match): a new version of its configuration',
    access: 'actor',
    params: IdParams('dev'),
    body: Strict({ settings: Type.Partial(AgentSettings, { additionalProperties: false }) }),
    reply: Agent,
  }),
  getAgentConfiguration: operation({
    id: 'getAgentConfiguration',
    method: 'GET',
    path: '/devices/me/configuration',
    tag: 'Edge agents',
    summary: 'For an agent: all that it is to do',
    access: 'actor',
    reply: AgentConfiguration,
  }),
  getAgentProbe: operation({
    id: 'getAgentProbe',
    method: 'GET',
    path: '/devices/me/probes/{probe}',
    tag: 'Edge agents',
    summary: 'For an agent: the draft that the command `connection.probe` names; once, and for a minute',
    access: 'actor',
    params: Strict({ probe: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
    reply: Strict({
      kind: Choice(['test', 'browse', 'preview']),
      adapter: AdapterId,
      config: Configuration,
      node: Type.Optional(Type.String()),
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer()),
      seconds: Type.Optional(Type.Integer()),
    }),
  }),
}
