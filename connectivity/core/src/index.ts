export type { Adapter, AdapterHealth, AdapterManifest, AdapterModule } from './adapter.ts'
export { isBad, isGood, QUALITY, ReadingBatch, type SignalKey, type WideRow, type WideValue } from './batch.ts'
export { BOUNDS } from './codecs/bounds.ts'
export { isObject, readJson, readJsonObject } from './codecs/json/document.ts'
export type {
  CommandReply,
  CommandState,
  Commands,
  CommandTransport,
  DeliverableCommand,
  NewCommand,
  PolledCommands,
} from './commands/model.ts'
export { type AdapterPorts, type Connectivity, type ConnectivityOptions, createConnectivity } from './connectivity.ts'
export type { DeadLetters, Refused } from './dead-letters/model.ts'
export { refusing } from './dead-letters/refusing.ts'
export { createDevicePlaces } from './devices/places.ts'
export { connectivityErrors, isRefusal } from './errors.ts'
export type { Intake, IntakeCounters, TelemetryFormat } from './intake/model.ts'
export { defaultLimits, type Limits } from './limits/limits.ts'
export type { Messages } from './messages/model.ts'
export { connectivityMigrations } from './migrations.ts'
export type { MetricOwner, ReadingSink, Resolution, ResolvedSignal, SignalDirectory } from './ports.ts'
export type { Cut, DeviceIdentity, DeviceSession, DeviceSessions } from './sessions/model.ts'
export type { GatewayLink, ThingsBoard } from './thingsboard/model.ts'
export type { DesiredChange, DesiredState, JsonObject, Twins } from './twins/model.ts'
