/** What AI services ask of the stages below them. */
import type { Assets, Historian } from '@millwright/data'
import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Monitoring } from '@millwright/monitoring'
import type { Artifacts, Database } from '@millwright/storage'
import type { Actor, AuditLog } from '@millwright/trust'

/** Commands to devices: connectivity's. */
export interface DeviceCommands {
  /** @throws when the actor may not command the device, or there is none */
  seen(actor: Actor, device: string): Promise<{ readonly name: string }>
  send(actor: Actor, device: string, command: { readonly name: string; readonly params: unknown }): Promise<unknown>
}

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
  readonly commands: DeviceCommands
}
