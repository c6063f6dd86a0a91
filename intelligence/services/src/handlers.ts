import type { serviceOperations } from '@millwright/contracts'
import type { Handlers } from '@millwright/trust'
import type { JobService } from './jobs/service.ts'
import type { LabelService } from './labels/service.ts'
import type { ServiceLife } from './services/life.ts'
import type { ServiceService } from './services/service.ts'
import { type ReadinessOptions, readinessOf } from './training/readiness.ts'
import type { VersionService } from './versions/service.ts'

export interface Handled {
  readonly services: ServiceService
  readonly life: ServiceLife
  readonly versions: VersionService
  readonly jobs: JobService
  readonly labels: LabelService
  readonly readiness: ReadinessOptions
}

/** The operations of AI services. */
export const serviceHandlers = ({
  services,
  life,
  versions,
  jobs,
  labels,
  readiness,
}: Handled): Handlers<typeof serviceOperations> => ({
  listServiceKinds: async () => services.kinds(),
  listServices: ({ actor, query }) => services.list(actor, query),
  createService: ({ actor, body }) => services.create(actor, body),
  getService: ({ actor, params }) => services.get(actor, params.id),
  updateService: ({ actor, params, body, ifMatch }) => services.update(actor, params.id, body, ifMatch),
  deleteService: async ({ actor, params, ifMatch }) => {
    await services.remove(actor, params.id, ifMatch)
    return undefined
  },
  checkReadiness: ({ actor, body, signal }) => readinessOf(readiness, actor, body, signal),
  trainService: ({ actor, params, body }) => versions.train(actor, params.id, body),
  uploadServiceVersion: ({ actor, params, body }) => versions.upload(actor, params.id, body),
  listServiceVersions: ({ actor, params, query }) => versions.list(actor, params.id, query),
  getServiceVersion: ({ actor, params }) => versions.get(actor, params.id, params.number),
  cancelTraining: ({ actor, params }) => versions.cancel(actor, params.id, params.number),
  publishService: ({ actor, params, body, ifMatch }) => life.publish(actor, params.id, body.number, ifMatch),
  stopService: ({ actor, params }) => life.stop(actor, params.id),
  recomputeService: ({ actor, params, body }) => jobs.recompute(actor, params.id, body),
  listServiceJobs: ({ actor, params, query }) => jobs.list(actor, params.id, query),
  cancelServiceJob: ({ actor, params }) => jobs.cancel(actor, params.id, params.job),
  listEpisodes: ({ actor, params, query }) => labels.episodes(actor, params.id, query),
  listLabels: ({ actor, params, query }) => labels.list(actor, params.id, query),
  createLabel: ({ actor, params, body }) => labels.create(actor, params.id, body),
  deleteLabel: async ({ actor, params }) => {
    await labels.remove(actor, params.id, params.label)
    return undefined
  },
})
