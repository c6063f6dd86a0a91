import { type Static, Type } from 'typebox'
import { Choice, Id, IdParams, Key, Name, Nullable, Page, PageQuery, Strict, Text, Time } from './common.ts'
import { MOST_MODEL_BYTES, PRIORITIES, SERVICE_STATES, SIGNAL_KINDS, VERDICTS } from './lists.ts'
import { operation } from './operation.ts'
import { Episode, Label, Readiness, ServiceJob, ServiceVersion } from './service-results.ts'

/** A kind of service, as `anomaly`. */
export const ServiceKindId = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' })
/** As the kind's `settingsSchema` says. */
export const ServiceSettings = Type.Record(Type.String(), Type.Unknown(), { maxProperties: 200 })

const Output = {
  /** Stands behind the service's name in the name of the signal. */
  name: Key,
  kind: Choice(SIGNAL_KINDS),
  unit: Type.String(),
  about: Type.String(),
}

export const ServiceKind = Strict(
  {
    id: ServiceKindId,
    name: Type.String(),
    summary: Type.String(),
    /** Versions come from training here; otherwise they are uploaded. */
    trains: Type.Boolean(),
    /** Publishing can make an alarm rule of it. */
    alarms: Type.Boolean(),
    /** It tells of episodes, which people can label. */
    episodes: Type.Boolean(),
    settingsSchema: Type.Unknown({ description: 'JSON Schema of a service’s settings' }),
    /** What it writes with the settings that stand when nothing is set. */
    outputs: Type.Array(Strict(Output)),
  },
  { $id: 'ServiceKind' },
)
export type ServiceKind = Static<typeof ServiceKind>

export const ServiceAlarm = Strict({
  priority: Choice(PRIORITIES),
  /** µs the service must find it abnormal before the alarm is raised. */
  onDelay: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000_000 })),
})

export const Service = Strict(
  {
    id: Id('svc'),
    tenant: Id('ten'),
    name: Name,
    description: Text,
    kind: ServiceKindId,
    /** Whose signals it reads and writes; what one may do with the service is what one may do there. */
    equipment: Id('ast'),
    equipmentName: Type.String(),
    settings: ServiceSettings,
    state: Choice(SERVICE_STATES),
    /** What ended it while it ran. */
    fault: Nullable(Strict({ reason: Type.String(), since: Time })),
    /** Why it is not scoring as it should though it is live, in words. */
    trouble: Nullable(Type.String()),
    liveVersion: Nullable(Type.Integer()),
    /** The rule that publishing makes; null: none. */
    alarm: Nullable(ServiceAlarm),
    rule: Nullable(Id('rul')),
    /** The version that waits or is trained now. */
    training: Nullable(Strict({ number: Type.Integer(), progress: Type.Number(), stage: Type.String() })),
    outputs: Type.Array(Strict({ ...Output, signal: Nullable(Id('sig')), signalName: Key })),
    lastScoredAt: Nullable(Time),
    createdAt: Time,
    version: Type.Integer(),
  },
  { $id: 'Service' },
)
export type Service = Static<typeof Service>

const VersionParams = Strict({ id: Id('svc'), number: Type.Integer({ minimum: 1, maximum: 1_000_000 }) })
const Span = { from: Type.Optional(Time), to: Type.Optional(Time) }

export const serviceOperations = {
  listServiceKinds: operation({
    id: 'listServiceKinds',
    method: 'GET',
    path: '/service-kinds',
    tag: 'AI services',
    summary: 'The kinds of AI services, with the schema of their settings',
    access: 'actor',
    reply: Page(ServiceKind),
  }),
  listServices: operation({
    id: 'listServices',
    method: 'GET',
    path: '/services',
    tag: 'AI services',
    summary: 'List AI services',
    access: 'actor',
    query: Strict({
      ...PageQuery,
      q: Type.Optional(Text),
      kind: Type.Optional(ServiceKindId),
      under: Type.Optional(Id('ast')),
      state: Type.Optional(Choice(SERVICE_STATES)),
    }),
    reply: Page(Service),
  }),
  createService: operation({
    id: 'createService',
    method: 'POST',
    path: '/services',
    tag: 'AI services',
    summary: 'Make an AI service; nothing is trained yet',
    access: 'actor',
    status: 201,
    body: Strict({
      name: Type.Unsafe<string>({ ...Name, maxLength: 80 }),
      description: Type.Optional(Text),
      kind: ServiceKindId,
      equipment: Id('ast'),
      settings: Type.Optional(ServiceSettings),
      alarm: Type.Optional(Nullable(ServiceAlarm)),
    }),
    reply: Service,
  }),
  getService: operation({
    id: 'getService',
    method: 'GET',
    path: '/services/{id}',
    tag: 'AI services',
    summary: 'One AI service, with how it is',
    access: 'actor',
    params: IdParams('svc'),
    reply: Service,
  }),
  updateService: operation({
    id: 'updateService',
    method: 'PATCH',
    path: '/services/{id}',
    tag: 'AI services',
    summary: 'Change an AI service (If-Match); other settings count from the next training on',
    access: 'actor',
    params: IdParams('svc'),
    body: Strict({
      name: Type.Optional(Type.Unsafe<string>({ ...Name, maxLength: 80 })),
      description: Type.Optional(Text),
      /** Whole. */
      settings: Type.Optional(ServiceSettings),
      alarm: Type.Optional(Nullable(ServiceAlarm)),
    }),
    reply: Service,
  }),
  deleteService: operation({
    id: 'deleteService',
    method: 'DELETE',
    path: '/services/{id}',
    tag: 'AI services',
    summary: 'Delete an AI service with its versions, episodes and rule; its signals stay',
    access: 'actor',
    params: IdParams('svc'),
  }),
  checkReadiness: operation({
    id: 'checkReadiness',
    method: 'POST',
    path: '/services/readiness',
    tag: 'AI services',
    summary: 'Whether the history is enough for such a service: what is missing, and why it matters',
    access: 'actor',
    body: Strict({
      kind: ServiceKindId,
      equipment: Id('ast'),
      settings: Type.Optional(ServiceSettings),
      ...Span,
    }),
    reply: Readiness,
  }),
  trainService: operation({
    id: 'trainService',
    method: 'POST',
    path: '/services/{id}/train',
    tag: 'AI services',
    summary: 'Train a new version; answered at once, follow its progress',
    access: 'actor',
    status: 202,
    params: IdParams('svc'),
    /** What to learn from; default: as far back as the kind looks. */
    body: Strict(Span),
    reply: ServiceVersion,
  }),
  uploadServiceVersion: operation({
    id: 'uploadServiceVersion',
    method: 'POST',
    path: '/services/{id}/upload',
    tag: 'AI services',
    summary: 'Upload a model made elsewhere (ONNX with a manifest) as a new version',
    access: 'actor',
    status: 202,
    params: IdParams('svc'),
    body: Strict({
      manifest: Type.Unknown({
        description: '`inputs` (signal, unit, low, high), `window`, `outputs` (name, unit, tensor, column)',
      }),
      model: Type.String({ maxLength: Math.ceil(MOST_MODEL_BYTES / 3) * 4, contentEncoding: 'base64' }),
    }),
    reply: ServiceVersion,
    bodyLimit: Math.ceil(MOST_MODEL_BYTES / 3) * 4 + (1 << 20),
  }),
  listServiceVersions: operation({
    id: 'listServiceVersions',
    method: 'GET',
    path: '/services/{id}/versions',
    tag: 'AI services',
    summary: 'Versions of a service, newest first',
    access: 'actor',
    params: IdParams('svc'),
    query: Strict(PageQuery),
    reply: Page(ServiceVersion),
  }),
  getServiceVersion: operation({
    id: 'getServiceVersion',
    method: 'GET',
    path: '/services/{id}/versions/{number}',
    tag: 'AI services',
    summary: 'One version, with its report',
    access: 'actor',
    params: VersionParams,
    reply: ServiceVersion,
  }),
  cancelTraining: operation({
    id: 'cancelTraining',
    method: 'POST',
    path: '/services/{id}/versions/{number}/cancel',
    tag: 'AI services',
    summary: 'Cancel a training that waits or runs',
    access: 'actor',
    params: VersionParams,
    reply: ServiceVersion,
  }),
  publishService: operation({
    id: 'publishService',
    method: 'POST',
    path: '/services/{id}/publish',
    tag: 'AI services',
    summary: 'Let a version score live; publishing an older one is the way back',
    access: 'actor',
    params: IdParams('svc'),
    body: Strict({
      number: Type.Optional(Type.Integer({ minimum: 1, description: 'Default: the newest that is ready' })),
    }),
    reply: Service,
  }),
  stopService: operation({
    id: 'stopService',
    method: 'POST',
    path: '/services/{id}/stop',
    tag: 'AI services',
    summary: 'Stop scoring; its rule is switched off',
    access: 'actor',
    params: IdParams('svc'),
    reply: Service,
  }),
  recomputeService: operation({
    id: 'recomputeService',
    method: 'POST',
    path: '/services/{id}/recompute',
    tag: 'AI services',
    summary: 'Score a span of the past with a version; its signals and episodes there are written anew',
    access: 'actor',
    status: 202,
    params: IdParams('svc'),
    body: Strict({
      from: Time,
      to: Time,
      number: Type.Optional(Type.Integer({ minimum: 1, description: 'Default: the live one' })),
    }),
    reply: ServiceJob,
  }),
  listServiceJobs: operation({
    id: 'listServiceJobs',
    method: 'GET',
    path: '/services/{id}/jobs',
    tag: 'AI services',
    summary: 'Recomputations, newest first',
    access: 'actor',
    params: IdParams('svc'),
    query: Strict(PageQuery),
    reply: Page(ServiceJob),
  }),
  cancelServiceJob: operation({
    id: 'cancelServiceJob',
    method: 'POST',
    path: '/services/{id}/jobs/{job}/cancel',
    tag: 'AI services',
    summary: 'Cancel a recomputation; what it wrote stays',
    access: 'actor',
    params: Strict({ id: Id('svc'), job: Id('job') }),
    reply: ServiceJob,
  }),
  listEpisodes: operation({
    id: 'listEpisodes',
    method: 'GET',
    path: '/services/{id}/episodes',
    tag: 'AI services',
    summary: 'Episodes that a service found, newest first',
    access: 'actor',
    params: IdParams('svc'),
    query: Strict({
      ...PageQuery,
      ...Span,
      labelled: Type.Optional(
        Type.Boolean({ description: 'Only those that have a label, or only those that have none' }),
      ),
    }),
    reply: Page(Episode),
  }),
  listLabels: operation({
    id: 'listLabels',
    method: 'GET',
    path: '/services/{id}/labels',
    tag: 'AI services',
    summary: 'What people said, newest first',
    access: 'actor',
    params: IdParams('svc'),
    query: Strict(PageQuery),
    reply: Page(Label),
  }),
  createLabel: operation({
    id: 'createLabel',
    method: 'POST',
    path: '/services/{id}/labels',
    tag: 'AI services',
    summary:
      'Say of an episode, or of a span, whether the service was right and what it was; the next training uses it',
    access: 'actor',
    status: 201,
    params: IdParams('svc'),
    body: Strict({
      /** Either an episode (its label is replaced), or from and to. */
      episode: Type.Optional(Id('epi')),
      ...Span,
      verdict: Choice(VERDICTS),
      what: Type.Optional(Text),
    }),
    reply: Label,
  }),
  deleteLabel: operation({
    id: 'deleteLabel',
    method: 'DELETE',
    path: '/services/{id}/labels/{label}',
    tag: 'AI services',
    summary: 'Take a label back',
    access: 'actor',
    params: Strict({ id: Id('svc'), label: Id('lbl') }),
  }),
}
