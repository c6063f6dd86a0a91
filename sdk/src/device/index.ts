export { fetchAuthority, fingerprintOf } from './authority.ts'
export { callPlatform, type PlatformReply } from './call-platform.ts'
export { type ConnectOptions, connect, type DeviceClient, type DeviceEvents, type TokenCredentials } from './client.ts'
export { type DeviceClock, wallClock } from './clock.ts'
export type { CommandHandler, DeviceCommand } from './commands.ts'
export { type EnrolOptions, enrol, renew } from './enrol.ts'
export { DeviceError, type DeviceErrorCode, reasonOf } from './errors.ts'
export { type Identity, loadIdentity, saveIdentity } from './identity.ts'
export {
  encodeTelemetry,
  LARGEST_PAYLOAD,
  type PositionValue,
  type TelemetryMessage,
  type Value,
  type WaveformValue,
} from './message.ts'
export { pinnedFetch } from './pinned-fetch.ts'
export type { Desired } from './twin.ts'
