import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { operation } from './operation.ts'

/** A field that is written and never read back: it is stored encrypted. */
export const Secret = (options: { title?: string; description?: string; maxLength?: number } = {}) =>
  Type.String({ maxLength: 4096, ...options, secret: true, format: 'password' })

/** A configured adapter's protocol, as `opcua`. */
export const AdapterId = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' })
/** As the adapter's `configSchema` says; secrets are left out of replies and kept when left out of changes. */
export const Configuration = Type.Record(Type.String(), Type.Unknown(), { maxProperties: 200 })

export const AdapterDescription = Strict(
  {
    id: AdapterId,
    name: Type.String(),
    summary: Type.String(),
    standards: Type.Array(Type.String()),
    direction: Choice(['listens', 'polls', 'sends']),
    runsOn: Type.Array(Choice(['platform', 'edge'])),
    does: Strict({
      telemetry: Type.Boolean(),
      commands: Type.Boolean(),
      twin: Type.Boolean(),
      gateway: Type.Boolean(),
    }),
    browses: Type.Boolean(),
    imports: Type.Array(Strict({ format: Type.String(), name: Type.String(), extensions: Type.Array(Type.String()) })),
    configSchema: Type.Unknown({
      description: 'JSON Schema of a connection’s configuration; `secret: true` marks secrets',
    }),
  },
  { $id: 'AdapterDescription' },
)
export type AdapterDescription = Static<typeof AdapterDescription>

export const PeerCertificate = Strict(
  {
    fingerprint: Type.String({ description: 'SHA-256 of the DER, hex' }),
    subject: Type.String(),
    issuer: Type.String(),
    notBefore: Time,
    notAfter: Time,
    pem: Type.String({ maxLength: 16_384 }),
    /** Why it is not accepted as it stands. */
    reason: Text,
  },
  { $id: 'PeerCertificate' },
)
export type PeerCertificate = Static<typeof PeerCertificate>

export const ConnectionStatus = Strict(
  {
    /** `unknown`: it runs at an edge agent that has not said. */
    state: Choice(['stopped', 'starting', 'running', 'degraded', 'waiting', 'failed', 'unknown']),
    reason: Type.Optional(Type.String({ description: 'Why it is not simply running, and what to do' })),
    since: Time,
    lastReadingAt: Type.Optional(Time),
    lastError: Type.Optional(Strict({ time: Time, reason: Type.String() })),
    readings: Type.Integer({ description: 'Accepted since it was started' }),
    readingsPerSecond: Type.Number({ description: 'Over the last ten seconds' }),
    counters: Type.Record(Type.String(), Type.Number()),
    certificates: Type.Array(PeerCertificate, { description: 'Shown by the peer, neither accepted nor rejected yet' }),
  },
  { $id: 'ConnectionStatus' },
)
export type ConnectionStatus = Static<typeof ConnectionStatus>

export const Connection = Strict(
  {
    id: Id('cnx'),
    tenant: Id('ten'),
    name: Name,
    adapter: AdapterId,
    /** The edge agent it runs at; null: in the platform. */
    agent: Nullable(Id('dev')),
    /** The device its readings come from; it carries the equipment. Devices behind it are its own. */
    device: Id('dev'),
    equipment: Nullable(Id('ast')),
    enabled: Type.Boolean(),
    config: Configuration,
    /** Paths (JSON pointers) of the secrets that are set. */
    secrets: Type.Array(Type.String()),
    status: ConnectionStatus,
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Connection' },
)
export type Connection = Static<typeof Connection>

export const ConnectionTest = Strict(
  {
    ok: Type.Boolean(),
    steps: Type.Array(
      Strict({
        name: Type.String({ description: 'What was tried, as "TCP connection to 10.0.0.5:502"' }),
        ok: Type.Boolean(),
        detail: Type.String({ description: 'What was found, or what went wrong and what to do' }),
        took: Type.Integer({ description: 'µs' }),
      }),
    ),
    certificates: Type.Array(PeerCertificate),
  },
  { $id: 'ConnectionTest' },
)
export type ConnectionTest = Static<typeof ConnectionTest>

export const BrowseItem = Strict(
  {
    id: Type.String({ maxLength: 4096 }),
    name: Type.String(),
    kind: Choice(['folder', 'object', 'variable', 'method', 'device', 'topic', 'file', 'server']),
    hasChildren: Type.Boolean(),
    dataType: Type.Optional(Type.String()),
    unit: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    /** The present value, short, as people read it. */
    value: Type.Optional(Type.String()),
    writable: Type.Optional(Type.Boolean()),
    /** Choosing the item puts `value` into the configuration: appended when `path` names an array, set otherwise. */
    pick: Type.Optional(Strict({ path: Type.String({ description: 'JSON pointer' }), value: Type.Unknown() })),
  },
  { $id: 'BrowseItem' },
)
export type BrowseItem = Static<typeof BrowseItem>
export const BrowsePage = Page(BrowseItem)
export type BrowsePage = Static<typeof BrowsePage>

export const ConnectionPreview = Strict(
  {
    readings: Type.Array(
      Strict({
        device: Type.Optional(Type.String()),
        metric: Key,
        kind: Choice(['number', 'boolean', 'state', 'document', 'position', 'waveform', 'none']),
        time: Time,
        value: Type.Unknown(),
        quality: Type.Integer(),
        unit: Type.Optional(Type.String()),
        source: Type.String(),
      }),
    ),
    refused: Type.Array(
      Strict({
        source: Type.String(),
        reason: Type.String(),
        payload: Type.String({ description: 'The head, base64' }),
      }),
    ),
    status: ConnectionStatus,
  },
  { $id: 'ConnectionPreview' },
)
export type ConnectionPreview = Static<typeof ConnectionPreview>

/** What is tried out before it is saved. */
const Draft = {
  adapter: AdapterId,
  agent: Type.Optional(Nullable(Id('dev'))),
  config: Configuration,
  /** The connection whose stored secrets stand in for those left out. */
  connection: Type.Optional(Id('cnx')),
}

export const connectionOperations = {
  listAdapters: operation({
    id: 'listAdapters',
    method: 'GET',
    path: '/adapters',
    tag: 'Connections',
    summary: 'The protocols a connection can speak, with the schema of their configuration',
    access: 'actor',
    reply: Page(AdapterDescription),
  }),
  importAdapterConfig: operation({
    id: 'importAdapterConfig',
    method: 'POST',
    path: '/adapters/{adapter}/import',
    tag: 'Connections',
    summary: 'Read a file of the field (register map, CAN database) into a part of a configuration',
    access: 'actor',
    params: Strict({ adapter: AdapterId }),
    body: Strict({
      format: Type.String({ maxLength: 40 }),
      file: Type.String({ maxLength: 12 << 20, contentEncoding: 'base64' }),
    }),
    reply: Strict({ config: Configuration, notes: Type.Array(Type.String()) }),
    bodyLimit: 13 << 20,
  }),
  listConnections: operation({
    id: 'listConnections',
    method: 'GET',
    path: '/connections',
    tag: 'Connections',
    summary: 'List connections',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      q: Type.Optional(Text),
      adapter: Type.Optional(AdapterId),
      agent: Type.Optional(Id('dev')),
    }),
    reply: Page(Connection),
  }),
  createConnection: operation({
    id: 'createConnection',
    method: 'POST',
    path: '/connections',
    tag: 'Connections',
    summary: 'Make a connection; it starts at once when enabled',
    access: 'actor',
    status: 201,
    body: Strict({
      name: Name,
      adapter: AdapterId,
      agent: Type.Optional(Nullable(Id('dev'))),
      equipment: Type.Optional(Nullable(Id('ast'))),
      enabled: Type.Optional(Type.Boolean({ default: true })),
      config: Configuration,
    }),
    reply: Connection,
    bodyLimit: 8 << 20,
  }),
  getConnection: operation({
    id: 'getConnection',
    method: 'GET',
    path: '/connections/{id}',
    tag: 'Connections',
    summary: 'One connection, with how it is',
    access: 'actor',
    params: IdParams('cnx'),
    reply: Connection,
  }),
  updateConnection: operation({
    id: 'updateConnection',
    method: 'PATCH',
    path: '/connections/{id}',
    tag: 'Connections',
    summary: 'Change a connection (If-Match); it is started anew',
    access: 'actor',
    params: IdParams('cnx'),
    body: Strict({
      name: Type.Optional(Name),
      agent: Type.Optional(Nullable(Id('dev'))),
      equipment: Type.Optional(Nullable(Id('ast'))),
      enabled: Type.Optional(Type.Boolean()),
      /** Whole; secrets left out are kept. */
      config: Type.Optional(Configuration),
    }),
    reply: Connection,
    bodyLimit: 8 << 20,
  }),
  deleteConnection: operation({
    id: 'deleteConnection',
    method: 'DELETE',
    path: '/connections/{id}',
    tag: 'Connections',
    summary: 'Remove a connection and its devices; their history stays',
    access: 'actor',
    params: IdParams('cnx'),
  }),
  testConnection: operation({
    id: 'testConnection',
    method: 'POST',
    path: '/connections/test',
    tag: 'Connections',
    summary: 'Try a configuration: connects once and says how far it came',
    access: 'actor',
    body: Strict(Draft),
    reply: ConnectionTest,
    bodyLimit: 8 << 20,
  }),
  browseConnection: operation({
    id: 'browseConnection',
    method: 'POST',
    path: '/connections/browse',
    tag: 'Connections',
    summary: 'One level of what the peer has',
    access: 'actor',
    body: Strict({
      ...Draft,
      node: Type.Optional(Type.String({ maxLength: 4096 })),
      cursor: Type.Optional(Type.String({ maxLength: 500 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
    }),
    reply: BrowsePage,
    bodyLimit: 8 << 20,
  }),
  previewConnection: operation({
    id: 'previewConnection',
    method: 'POST',
    path: '/connections/preview',
    tag: 'Connections',
    summary: 'The first readings a configuration gives; nothing is stored',
    access: 'actor',
    body: Strict({
      ...Draft,
      seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, default: 5 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    reply: ConnectionPreview,
    bodyLimit: 8 << 20,
  }),
}

export const nodeSetOperations = {
  importNodeSets: operation({
    id: 'importNodeSets',
    method: 'POST',
    path: '/equipment-classes/import-nodesets',
    tag: 'Equipment classes',
    summary: 'Make equipment classes of the object types of OPC UA NodeSet2 files; nothing is removed',
    access: 'actor',
    body: Strict({
      /** All that build on each other, in any order. */
      files: Type.Array(
        Strict({ name: Name, content: Type.String({ maxLength: 16 << 20, contentEncoding: 'base64' }) }),
        { minItems: 1, maxItems: 50 },
      ),
      /** Only says what would be done. */
      dryRun: Type.Optional(Type.Boolean({ default: false })),
    }),
    reply: Strict({
      created: Type.Array(Name),
      updated: Type.Array(Name),
      notes: Type.Array(Type.String({ description: 'What was left out or is missing, in words' })),
    }),
    bodyLimit: 24 << 20,
  }),
}
