import type { BodyOf, Service, ServiceVersion, serviceOperations } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { Plan } from '../kinds/kind.ts'

export type NewService = BodyOf<typeof serviceOperations.createService>
export type ServiceChange = BodyOf<typeof serviceOperations.updateService>
export type AlarmChoice = NonNullable<Service['alarm']>

/** A row of `services`. */
export interface ServiceRow {
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly description: string
  readonly kind: string
  readonly equipment: string
  readonly settings: Record<string, unknown>
  readonly state: Service['state']
  readonly fault: string | null
  readonly faultSince: Micros | null
  readonly liveVersion: number | null
  readonly alarm: AlarmChoice | null
  readonly rule: string | null
  readonly createdAt: Micros
  readonly version: number
}

/** A row of `service_versions`. */
export interface VersionRow {
  readonly service: string
  readonly number: number
  readonly tenant: string
  readonly state: ServiceVersion['state']
  readonly origin: ServiceVersion['origin']
  readonly from: Micros | null
  readonly to: Micros | null
  readonly settings: Record<string, unknown>
  readonly plan: Plan | null
  readonly report: ServiceVersion['report']
  readonly failure: string | null
  readonly sha256: string | null
  readonly size: number | null
  readonly createdAt: Micros
  readonly createdBy: string
  readonly finishedAt: Micros | null
}

/** How far work that waits or runs has come. */
export interface WorkProgress {
  readonly fraction: number
  readonly stage: string
}

/** The version as the API shows it. */
export function shownVersion(row: VersionRow, live: boolean, at: WorkProgress | undefined): ServiceVersion {
  const done = row.state === 'ready' ? 1 : 0
  return {
    service: row.service,
    number: row.number,
    state: row.state,
    progress: at?.fraction ?? done,
    stage: at?.stage ?? '',
    origin: row.origin,
    from: row.from,
    to: row.to,
    settings: row.settings,
    inputs: (row.plan?.inputs ?? []).map(({ signal, name, kind, unit }) => ({ signal, name, kind, unit })),
    report: row.report,
    failure: row.failure,
    size: row.size,
    sha256: row.sha256,
    live,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    finishedAt: row.finishedAt,
  }
}

/** What happened to a service, on the bus as `millwright.service.changed`. */
export interface ServiceChanged {
  readonly service: string
  readonly change:
    | 'created'
    | 'changed'
    | 'deleted'
    | 'published'
    | 'stopped'
    | 'failed'
    | 'training'
    | 'trained'
    | 'job'
    | 'labelled'
  readonly by: string
}
