import type { AlarmState, Level, Permission, Priority, SignalKind } from './types.ts'

/**
 * The closed lists of the contracts, as values. The contracts themselves stay out of the bundle (they carry the
 * schema library); a test holds these to them.
 */
export const LEVELS = ['enterprise', 'site', 'area', 'line', 'cell', 'equipment'] as const satisfies readonly Level[]
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Priority[]
export const ALARM_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched',
] as const satisfies readonly AlarmState[]
export const SIGNAL_KINDS = [
  'number',
  'boolean',
  'state',
  'document',
  'position',
  'waveform',
] as const satisfies readonly SignalKind[]
export const RETENTION_CLASSES = ['short', 'standard', 'long', 'forever'] as const
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
