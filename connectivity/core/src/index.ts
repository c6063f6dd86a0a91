export type { Adapter, AdapterHealth, AdapterManifest } from './adapter.ts'
export type { AgentCommand, AgentLine, AgentLines, AgentRules, RuleForAgents } from './agents/model.ts'
export { isBad, isGood, QUALITY, ReadingBatch, type SignalKey, type WideRow, type WideValue } from './batch.ts'
export {
  BLOCK,
  BlockEncoder,
  type BlockOptions,
  type BlockSection,
  decodeBlock,
  rowProblem,
} from './codecs/block/index.ts'
export { BOUNDS } from './codecs/bounds.ts'
export { createDecoders } from './codecs/codecs.ts'
export { isObject, readJson, readJsonObject } from './codecs/json/document.ts'
export { kindOf, MetricRows, ROW } from './codecs/rows.ts'
export type {
  CommandReply,
  CommandState,
  Commands,
  CommandTransport,
  DeliverableCommand,
  NewCommand,
  PolledCommands,
} from './commands/model.ts'
export type {
  BrowseAt,
  ConnectionAdapter,
  ConnectionCommand,
  ConnectionManifest,
  ConnectionPorts,
  ImportedConfig,
  ProbePorts,
  ReadingsPort,
  RunningConnection,
  StatusPort,
} from './connections/adapter.ts'
export { checkedConfig, configProblem } from './connections/config.ts'
export type { FedReading, FedSignal, SignalFeed } from './connections/feed.ts'
export { type Adapters, ConnectionHost, type HostOptions } from './connections/host.ts'
export type { ConnectionDefinition, HostedPorts } from './connections/hosted.ts'
export { type Draft, Prober, type ProberOptions } from './connections/prober.ts'
export { reconnectWait } from './connections/reconnect.ts'
export type { Feeds, PlatformConnections } from './connections/runtime.ts'
export {
  openSerial,
  type SerialEvents,
  type SerialLine,
  type SerialSettings,
  serialErrors,
  serialFields,
} from './connections/serial.ts'
export { openTcp, peerErrors, unreachable } from './connections/tcp.ts'
export { type AdapterPorts, type Connectivity, type ConnectivityOptions, createConnectivity } from './connectivity.ts'
export type { DeadLetters, Refused } from './dead-letters/model.ts'
export { refusing } from './dead-letters/refusing.ts'
export { createDevicePlaces } from './devices/places.ts'
export { connectivityErrors, isRefusal } from './errors.ts'
export type { Intake, IntakeCounters, TelemetryFormat } from './intake/model.ts'
export { TokenBucket } from './limits/bucket.ts'
export { defaultLimits, type Limits } from './limits/limits.ts'
export type { Messages } from './messages/model.ts'
export { connectivityMigrations } from './migrations.ts'
export type { MetricOwner, ReadingSink, Resolution, ResolvedSignal, SignalDirectory } from './ports.ts'
export type { Cut, DeviceIdentity, DeviceSession, DeviceSessions } from './sessions/model.ts'
export type { GatewayLink, ThingsBoard } from './thingsboard/model.ts'
export {
  filterMatches,
  filterProblem,
  maySubscribe,
  type TopicLimits,
  topicProblem,
} from './topics/filters.ts'
export { isUserTopic, namespaceOf, THINGSBOARD, TOPIC } from './topics/names.ts'
export { type GatewayChannel, type Route, routeOf } from './topics/route.ts'
export type { DesiredChange, DesiredState, JsonObject, Twins } from './twins/model.ts'
