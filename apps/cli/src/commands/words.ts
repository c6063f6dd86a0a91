import type { AgentSettings, Device } from '@millwright/contracts'
import { ALARM_STATES } from '@millwright/contracts/lists'

export {
  ALARM_STATES,
  LEVELS,
  PERMISSIONS,
  PRIORITIES,
  RESOLUTIONS,
  RETENTION_CLASSES as RETENTIONS,
  SERVICE_STATES,
  SIGNAL_KINDS as KINDS,
  VERDICTS,
} from '@millwright/contracts/lists'

/**
 * Further words of the API for option checks and completion, of which the schemas alone have lists; loading those costs
 * each command its quickness. `words.test.ts` compares them.
 */
export const ALARM_FILTERS = ['standing', 'closed', 'all', ...ALARM_STATES] as const
export const CONNECTIONS = ['never', 'online', 'offline'] as const satisfies readonly Device['connection']['state'][]
export const UNKNOWN_METRICS = ['create', 'refuse'] as const satisfies readonly Device['unknownMetrics'][]
export const FILLS = ['none', 'previous', 'linear'] as const
export const AGGREGATES = ['mean', 'min', 'max', 'first', 'last', 'count'] as const
export const FORMATS = ['csv', 'json', 'parquet', 'arrow'] as const
export const LAYOUTS = ['long', 'wide'] as const
export const BACKLOGS = ['oldest-first', 'newest-first'] as const satisfies readonly AgentSettings['backlog'][]
export const WHEN_FULL = ['drop-oldest', 'refuse-new'] as const satisfies readonly AgentSettings['whenFull'][]
