/** What AI services ask of the stages below them. */
import type { Assets, Historian } from '@millwright/data'
import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Monitoring } from '@millwright/monitoring'
import type { Artifacts, Database } from '@millwright/storage'
import type { AuditLog } from '@millwright/trust'

export interface Platform {
  readonly database: Database
  readonly artifacts: Artifacts
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  readonly plant: Pick<Assets, 'tree' | 'catalogue' | 'signals'>
  readonly historian: Pick<Historian, 'sink' | 'onCommit' | 'latest' | 'replay' | 'table' | 'waveforms' | 'coverage'>
  readonly rules: Monitoring['rules']
}
