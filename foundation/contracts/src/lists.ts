/**
 * The closed lists of the API, as values. They stand behind a door of their own, `@millwright/contracts/lists`, because
 * the schemas bring the schema library with them: too much for a page of the console or for a command that takes a blink.
 */

/** ISA-95 levels of the asset tree, from the top. */
export const LEVELS = ['enterprise', 'site', 'area', 'line', 'cell', 'equipment'] as const

/** What is stored: see the historian. `number` also holds booleans as 0 and 1 when `kind` is boolean. */
export const SIGNAL_KINDS = ['number', 'boolean', 'state', 'document', 'position', 'waveform'] as const

export const RETENTION_CLASSES = ['short', 'standard', 'long', 'forever'] as const

/** Resolutions at which history is kept. `raw` has each reading, the others count, mean, min, max, first, last. */
export const RESOLUTIONS = ['raw', '1m', '1h', '1d'] as const

export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const

/** ISA-18.2 / IEC 62682 alarm states. `latched`: returned to normal, acknowledged, and still waiting for a reset. */
export const ALARM_STATES = ['normal', 'unacknowledged', 'acknowledged', 'returned-unacknowledged', 'latched'] as const

/** What an AI service is doing. `draft`: nothing of it has been published; `fault`: it failed while it ran, and stays off. */
export const SERVICE_STATES = ['draft', 'live', 'stopped', 'fault'] as const

/** The largest model that may be uploaded. */
export const MOST_MODEL_BYTES = 64 << 20

/** How far a version of a service, or a job of it, has come. */
export const WORK_STATES = ['waiting', 'running', 'ready', 'failed', 'cancelled'] as const

/** How it stands with the life of a machine. `unknown`: there is no prediction yet. */
export const LIFE_STATES = ['unknown', 'learning', 'healthy', 'wearing', 'failed'] as const

/** What a person said of an episode or a span: the service was right, was wrong, or it was something else. */
export const VERDICTS = ['right', 'wrong', 'other'] as const

/** Everything a person or a token may be allowed to do; roles are sets of these. */
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
  'connection:read',
  'connection:write',
  'alarm:read',
  'alarm:acknowledge',
  'rule:read',
  'rule:write',
  'service:read',
  'service:write',
  'service:train',
  'label:write',
  'user:read',
  'user:write',
  'role:write',
  'share:write',
  'tenant:write',
  'audit:read',
  'platform:backup',
  'platform:configure',
] as const
export const VIBRATION_SPECTRA = ['velocity', 'acceleration', 'displacement', 'envelope', 'order', 'cepstrum'] as const
export const VIBRATION_WINDOWS = ['hann', 'flat-top', 'rectangular'] as const
