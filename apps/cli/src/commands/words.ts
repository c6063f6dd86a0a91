import type { AlarmState, Device, Level, Permission, Priority, Signal, SignalKind } from '@millwright/contracts'

/**
 * The API's words for option checks and completion. The contracts have the same lists, but loading them costs each command
 * its quickness; `words.test.ts` compares them.
 */
export const LEVELS = ['enterprise', 'site', 'area', 'line', 'cell', 'equipment'] as const satisfies readonly Level[]
export const KINDS = [
  'number',
  'boolean',
  'state',
  'document',
  'position',
  'waveform',
] as const satisfies readonly SignalKind[]
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Priority[]
export const ALARM_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched',
] as const satisfies readonly AlarmState[]
export const ALARM_FILTERS = ['standing', 'closed', 'all', ...ALARM_STATES] as const
export const CONNECTIONS = ['never', 'online', 'offline'] as const satisfies readonly Device['connection']['state'][]
export const UNKNOWN_METRICS = ['create', 'refuse'] as const satisfies readonly Device['unknownMetrics'][]
export const RETENTIONS = ['short', 'standard', 'long', 'forever'] as const satisfies readonly Signal['retention'][]
export const RESOLUTIONS = ['raw', '1m', '1h', '1d'] as const
export const FILLS = ['none', 'previous', 'linear'] as const
export const AGGREGATES = ['mean', 'min', 'max', 'first', 'last', 'count'] as const
export const FORMATS = ['csv', 'json', 'parquet', 'arrow'] as const
export const LAYOUTS = ['long', 'wide'] as const
export const PERMISSIONS = [
  'asset:read',
  'asset:write',
  'signal:read',
  'signal:write',
  'reading:write',
  'device:read',
  'device:write',
  'device:enrol',
  'device:revoke',
  'command:send',
  'alarm:read',
  'alarm:acknowledge',
  'rule:read',
  'rule:write',
  'user:read',
  'user:write',
  'role:write',
  'share:write',
  'tenant:write',
  'audit:read',
  'platform:backup',
  'platform:configure',
] as const satisfies readonly Permission[]
