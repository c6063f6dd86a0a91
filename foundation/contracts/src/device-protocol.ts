import { Type } from 'typebox'
import { Key, Strict, Time } from './common.ts'
import { Quality } from './history.ts'

/**
 * What devices say and hear on MQTT, as data: the source of docs/asyncapi.json. Decoders are hand-made for speed and
 * strictness (connectivity/core); their real-byte test cases hold them to these shapes.
 */
const MetricValue = Type.Union([
  Type.Number(),
  Type.Boolean(),
  Type.String({ maxLength: 65_536, description: 'A state' }),
  Type.Null({ description: 'No value: stored with Bad quality' }),
  Strict(
    { sampleRate: Type.Number({ exclusiveMinimum: 0, description: 'Hz' }), samples: Type.Array(Type.Number()) },
    { description: 'A waveform' },
  ),
  Strict(
    { latitude: Type.Number(), longitude: Type.Number(), altitude: Type.Optional(Type.Number()) },
    { description: 'A position' },
  ),
  Type.Record(Type.String(), Type.Unknown(), { description: 'A document' }),
])

export const TelemetryMessage = Strict(
  {
    /** Absent: the server's time at receipt. */
    time: Type.Optional(Type.Union([Time, Type.String({ format: 'date-time' })])),
    values: Type.Record(Key, MetricValue, { maxProperties: 5000 }),
    units: Type.Optional(Type.Record(Key, Type.String({ description: 'UCUM code' }))),
    quality: Type.Optional(Type.Record(Key, Quality)),
  },
  { $id: 'TelemetryMessage' },
)

export const CommandRequest = Strict(
  { id: Type.String(), name: Key, params: Type.Unknown(), timeout: Type.Integer({ description: 'µs' }) },
  { $id: 'CommandRequest' },
)

export const CommandReply = Strict(
  { ok: Type.Boolean(), result: Type.Optional(Type.Unknown()), error: Type.Optional(Type.String()) },
  { $id: 'CommandReply' },
)

export const TwinDesired = Strict(
  { version: Type.Integer(), document: Type.Record(Type.String(), Type.Unknown()) },
  { $id: 'TwinDesired' },
)

export const TwinReported = Strict(
  {
    document: Type.Record(Type.String(), Type.Unknown(), { description: 'Merge patch (RFC 7396)' }),
    desiredVersion: Type.Optional(Type.Integer()),
  },
  { $id: 'TwinReported' },
)

export const AgentRefused = Strict(
  {
    connection: Type.String({ description: '`cnx_…`; empty: the agent’s own' }),
    /** A device behind the connection. */
    device: Type.Optional(Type.String({ maxLength: 120 })),
    source: Type.Optional(Type.String()),
    code: Type.String(),
    reason: Type.String(),
    payload: Type.Optional(Type.String({ contentEncoding: 'base64', description: 'The head, at most 4 KiB' })),
    time: Type.Optional(Time),
  },
  { $id: 'AgentRefused' },
)

export const AgentDevicePresence = Strict(
  {
    connection: Type.String(),
    /** A device behind the connection; empty: its own. */
    device: Type.Optional(Type.String({ maxLength: 120 })),
    online: Type.Boolean(),
    reason: Type.Optional(Type.String()),
  },
  { $id: 'AgentDevicePresence' },
)

export const AgentCommandRequest = Strict(
  {
    id: Type.String(),
    connection: Type.String(),
    device: Type.Optional(Type.String()),
    name: Key,
    params: Type.Unknown(),
    timeout: Type.Integer({ description: 'µs' }),
  },
  { $id: 'AgentCommandRequest' },
)

/** One topic as a device sees it; `direction` is the device's. */
export interface DeviceTopic {
  readonly id: string
  readonly topic: string
  readonly direction: 'send' | 'receive'
  readonly summary: string
  readonly payload: unknown
  /** Of the payload; default JSON. */
  readonly contentType?: string
}

export const deviceTopics: readonly DeviceTopic[] = [
  {
    id: 'telemetry',
    topic: 'mw/v1/telemetry',
    direction: 'send',
    summary: 'Readings; acknowledged when durable (QoS 1 and 2)',
    payload: Type.Union([TelemetryMessage, Type.Array(TelemetryMessage)]),
  },
  {
    id: 'telemetrySenmlJson',
    topic: 'mw/v1/telemetry/senml-json',
    direction: 'send',
    summary: 'Readings as SenML (RFC 8428) in JSON',
    payload: Type.Array(Type.Object({}, { description: 'A SenML record' })),
    contentType: 'application/senml+json',
  },
  {
    id: 'telemetrySenmlCbor',
    topic: 'mw/v1/telemetry/senml-cbor',
    direction: 'send',
    summary: 'Readings as SenML (RFC 8428) in CBOR',
    payload: Type.String({ contentEncoding: 'binary' }),
    contentType: 'application/senml+cbor',
  },
  {
    id: 'command',
    topic: 'mw/v1/commands/{id}',
    direction: 'receive',
    summary: 'A command to carry out',
    payload: CommandRequest,
  },
  {
    id: 'commandReply',
    topic: 'mw/v1/commands/{id}/reply',
    direction: 'send',
    summary: 'What came of a command',
    payload: CommandReply,
  },
  {
    id: 'twinGet',
    topic: 'mw/v1/twin/get',
    direction: 'send',
    summary: 'Asks for the desired state (empty payload)',
    payload: Type.Null(),
  },
  {
    id: 'twinDesired',
    topic: 'mw/v1/twin/desired',
    direction: 'receive',
    summary: 'The desired state, when asked for and when it changes',
    payload: TwinDesired,
  },
  {
    id: 'twinReported',
    topic: 'mw/v1/twin/reported',
    direction: 'send',
    summary: 'What the device reports of its state',
    payload: TwinReported,
  },
  {
    id: 'agentReadings',
    topic: 'mw/v1/agent/readings',
    direction: 'send',
    summary: 'Edge agents: a block of readings of its connections; acknowledged when durable (QoS 1)',
    payload: Type.String({ contentEncoding: 'binary', description: 'Columns, compressed: docs/adr/0060' }),
    contentType: 'application/octet-stream',
  },
  {
    id: 'agentRefused',
    topic: 'mw/v1/agent/refused',
    direction: 'send',
    summary: 'Edge agents: what could not be read of a peer, for the dead letters',
    payload: AgentRefused,
  },
  {
    id: 'agentDevices',
    topic: 'mw/v1/agent/devices',
    direction: 'send',
    summary: 'Edge agents: a device behind one of its connections is there, or gone',
    payload: AgentDevicePresence,
  },
  {
    id: 'agentCommand',
    topic: 'mw/v1/agent/commands/{id}',
    direction: 'receive',
    summary: 'Edge agents: a command for a connection or a device behind it',
    payload: AgentCommandRequest,
  },
  {
    id: 'agentCommandReply',
    topic: 'mw/v1/agent/commands/{id}/reply',
    direction: 'send',
    summary: 'Edge agents: what came of it',
    payload: CommandReply,
  },
]
