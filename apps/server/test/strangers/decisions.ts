import type { operations } from '@millwright/contracts'
import { newId } from '@millwright/foundation'

export type Name = keyof typeof operations

/** Ids of what the first tenant has. */
export type Theirs = Readonly<
  Record<'line' | 'pump' | 'class' | 'signal' | 'device' | 'command' | 'rule' | 'alarm', string>
> &
  Readonly<
    Record<
      'user' | 'role' | 'grant' | 'token' | 'share' | 'tenant' | 'serial' | 'connection' | 'agent' | 'service',
      string
    >
  >

export interface Input {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Statuses that are right; a success must show nothing of the first tenant's to those who are not of it. */
interface Decision {
  /** How it is asked for, about the first tenant's things where it can be. */
  readonly ask?: (theirs: Theirs) => Input
  /** An administrator of another tenant. */
  readonly stranger: number
  /** Somebody of the first tenant who may read all of the plant, and do nothing. */
  readonly viewer: number
  /** A device of the first tenant, by its token: it has its own API. */
  readonly device: number
  /** Without any credentials; 401 unless the operation is public. */
  readonly nobody?: number
}

const PAST = { from: 0, to: 2_000_000_000_000_000 }
export const DRAFT = { adapter: 'modbus', config: { transport: { type: 'tcp', host: '127.0.0.1', port: 9 } } }
const RULE = { name: 'n', condition: 'secretTemperature > 1.0', priority: 'low' }
const byId =
  (kind: keyof Theirs, body?: unknown) =>
  (theirs: Theirs): Input => ({ params: { id: theirs[kind] }, ...(body === undefined ? {} : { body }) })
/** Lists are for everybody, and hold what one may see; some ask for a permission. */
const list = { stranger: 200, viewer: 200, device: 200 }
const read = { stranger: 404, viewer: 200, device: 404 }
const change = { stranger: 404, viewer: 403, device: 404 }

/** A decision for each operation: a new one without does not compile, and fails the test. */
export const DECISIONS: Readonly<Record<Name, Decision>> = {
  getInfo: { stranger: 200, viewer: 200, device: 200, nobody: 200 },
  listEvents: { ...list },
  backup: { stranger: 403, viewer: 403, device: 403 },

  signIn: {
    ask: () => ({ body: { email: 'admin@millwright.local', password: 'not the password' } }),
    stranger: 401,
    viewer: 401,
    device: 401,
    nobody: 401,
  },
  signInByLink: {
    ask: () => ({ body: { token: `mwl_${'0'.repeat(64)}` } }),
    stranger: 401,
    viewer: 401,
    device: 401,
    nobody: 401,
  },
  getSession: { stranger: 200, viewer: 200, device: 401 },
  setPassword: { ask: () => ({ body: { next: 'another long password' } }), stranger: 422, viewer: 422, device: 403 },
  signOut: { stranger: 204, viewer: 204, device: 403 },

  listUsers: { stranger: 200, viewer: 403, device: 403 },
  createUser: {
    ask: () => ({ body: { email: 'x@x.example', name: 'X' } }),
    stranger: 201,
    viewer: 403,
    device: 403,
  },
  getUser: { ask: byId('user'), stranger: 404, viewer: 404, device: 404 },
  updateUser: { ask: byId('user', { name: 'mine' }), stranger: 404, viewer: 404, device: 404 },
  createSignInLink: { ask: byId('user'), stranger: 404, viewer: 404, device: 404 },
  listTokens: { stranger: 200, viewer: 200, device: 403 },
  createToken: {
    ask: () => ({ body: { name: 't', permissions: ['tenant:write'], expiresAt: Date.now() * 1000 + 1e9 } }),
    stranger: 201,
    viewer: 403,
    device: 403,
  },
  revokeToken: { ask: byId('token'), stranger: 404, viewer: 404, device: 403 },

  listRoles: { stranger: 200, viewer: 403, device: 403 },
  createRole: {
    ask: () => ({ body: { name: 'r', description: '', permissions: ['asset:read'] } }),
    stranger: 201,
    viewer: 403,
    device: 403,
  },
  updateRole: { ask: byId('role', { name: 'mine' }), stranger: 404, viewer: 403, device: 403 },
  deleteRole: { ask: byId('role'), stranger: 404, viewer: 403, device: 403 },
  listGrants: { ask: ({ user }) => ({ query: { user } }), stranger: 200, viewer: 403, device: 403 },
  createGrant: {
    ask: ({ user, role, line }) => ({ body: { user, role, node: line } }),
    stranger: 404,
    viewer: 403,
    device: 403,
  },
  deleteGrant: { ask: byId('grant'), stranger: 404, viewer: 404, device: 404 },

  listTenants: { ...list },
  createTenant: {
    ask: () => ({ body: { name: 'Evil', adminEmail: 'e@evil.example', adminName: 'E' } }),
    stranger: 403,
    viewer: 403,
    device: 403,
  },
  listShares: { stranger: 200, viewer: 200, device: 403 },
  createShare: {
    ask: ({ line, tenant }) => ({ body: { partner: tenant, node: line, signals: [], purpose: '', until: null } }),
    stranger: 404,
    viewer: 403,
    device: 404,
  },
  revokeShare: { ask: byId('share'), ...change },
  listAudit: { stranger: 200, viewer: 403, device: 403 },
  verifyAudit: { stranger: 200, viewer: 403, device: 403 },

  listAssets: { ask: ({ line }) => ({ query: { under: line } }), ...list },
  createAsset: {
    ask: ({ line }) => ({ body: { level: 'equipment', name: 'x', parent: line } }),
    ...change,
  },
  getAsset: { ask: byId('pump'), ...read },
  updateAsset: { ask: byId('pump', { name: 'mine' }), ...change },
  deleteAsset: { ask: byId('pump'), ...change },
  exportAssets: { ...list, device: 403 },
  importAssets: {
    ask: () => ({ body: { classes: [], assets: [{ path: ['Secret line'], level: 'line' }] } }),
    stranger: 200,
    viewer: 403,
    device: 403,
  },
  listClasses: { ...list },
  createClass: { ask: () => ({ body: { name: 'c', signals: [] } }), stranger: 201, viewer: 403, device: 403 },
  importNodeSets: {
    ask: () => ({ body: { files: [{ name: 'empty.xml', content: btoa('<UANodeSet/>') }] } }),
    stranger: 200,
    viewer: 403,
    device: 403,
  },
  getClass: { ask: byId('class'), ...read },
  updateClass: { ask: byId('class', { name: 'mine' }), ...change, device: 403 },
  deleteClass: { ask: byId('class'), ...change, device: 403 },
  listSignals: { ask: ({ line }) => ({ query: { under: line } }), ...list },
  createSignal: {
    ask: ({ device }) => ({ body: { name: 'trap', kind: 'number', equipment: null, device } }),
    stranger: 404,
    viewer: 403,
    device: 403,
  },
  getSignal: { ask: byId('signal'), ...read },
  updateSignal: { ask: byId('signal', { description: 'mine' }), ...change },

  listDevices: { ...list },
  createDevice: {
    ask: ({ pump }) => ({ body: { name: 'x', equipment: pump } }),
    ...change,
    stranger: 400,
    device: 403,
  },
  getDevice: { ask: byId('device'), ...read },
  updateDevice: { ask: byId('device', { name: 'mine' }), ...change },
  deleteDevice: { ask: byId('device'), ...change },
  createEnrolmentToken: { ask: byId('device', {}), ...change },
  enrol: {
    ask: () => ({ body: { token: `mwe_${'0'.repeat(64)}_${'0'.repeat(32)}`, csr: 'none' } }),
    stranger: 401,
    viewer: 401,
    device: 401,
    nobody: 401,
  },
  renewCertificate: { ask: () => ({ body: { csr: 'none' } }), stranger: 403, viewer: 403, device: 403 },
  listCertificates: { ask: byId('device'), ...read },
  listAllCertificates: { ask: () => ({}), ...list },
  revokeCertificate: {
    ask: ({ device, serial }) => ({ params: { id: device, serial }, body: { reason: 'mine' } }),
    ...change,
  },
  createDeviceToken: { ask: byId('device'), ...change },
  revokeDeviceToken: { ask: byId('device'), ...change },
  listDeviceMessages: { ask: byId('device'), ...read },
  listDeadLetters: { ask: ({ device }) => ({ query: { device } }), ...list },
  sendCommand: { ask: byId('device', { name: 'stop' }), ...change },
  listCommands: { ask: byId('device'), ...read },
  getCommand: { ask: byId('command'), ...read },
  cancelCommand: { ask: byId('command'), ...change },
  getTwin: { ask: byId('device'), ...read },
  patchDesired: { ask: byId('device', { speed: 1 }), ...change },

  listAdapters: { ...list },
  importAdapterConfig: {
    ask: () => ({ params: { adapter: 'modbus' }, body: { format: 'none', file: '' } }),
    stranger: 400,
    viewer: 403,
    device: 403,
  },
  listConnections: { ask: ({ agent }) => ({ query: { agent } }), ...list },
  createConnection: {
    ask: ({ pump }) => ({ body: { ...DRAFT, name: 'x', equipment: pump } }),
    ...change,
    stranger: 400,
    device: 403,
  },
  getConnection: { ask: byId('connection'), ...read, viewer: 404 },
  updateConnection: { ask: byId('connection', { name: 'mine' }), ...change, viewer: 404 },
  deleteConnection: { ask: byId('connection'), ...change, viewer: 404 },
  testConnection: { ask: ({ connection }) => ({ body: { ...DRAFT, connection } }), ...change, viewer: 404 },
  browseConnection: { ask: () => ({ body: DRAFT }), stranger: 200, viewer: 403, device: 403 },
  previewConnection: { ask: ({ agent }) => ({ body: { ...DRAFT, agent } }), stranger: 404, viewer: 403, device: 403 },
  listAgents: { ...list },
  createAgent: { ask: ({ pump }) => ({ body: { name: 'x', equipment: pump } }), ...change, stranger: 400, device: 403 },
  getAgent: { ask: byId('agent'), ...read },
  updateAgent: { ask: byId('agent', { settings: { backlog: 'newest-first' } }), ...change },
  getAgentConfiguration: { stranger: 403, viewer: 403, device: 403 },
  getAgentProbe: { ask: () => ({ params: { probe: '0'.repeat(32) } }), stranger: 403, viewer: 403, device: 403 },

  querySeries: { ask: ({ signal }) => ({ body: { signals: [signal], ...PAST } }), ...read },
  queryLatest: { ask: ({ signal }) => ({ body: { signals: [signal] } }), ...read },
  queryReadings: { ask: ({ signal }) => ({ body: { signal, ...PAST } }), ...read },
  queryWaveforms: { ask: ({ signal }) => ({ body: { signal, ...PAST } }), stranger: 404, viewer: 422, device: 404 },
  queryTable: { ask: ({ signal }) => ({ body: { signals: [signal], ...PAST, step: 1e12 } }), ...read },
  exportReadings: { ask: ({ signal }) => ({ body: { signals: [signal], ...PAST, format: 'csv' } }), ...read },
  writeReadings: { ask: ({ signal }) => ({ body: { signal, time: [1e15], value: [1] } }), ...change },
  getDataHealth: { ...list },

  listRules: { ...list },
  createRule: { ask: ({ pump }) => ({ body: { ...RULE, equipment: pump } }), ...change },
  getRule: { ask: byId('rule'), ...read },
  updateRule: { ask: byId('rule', { name: 'mine' }), ...change },
  deleteRule: { ask: byId('rule'), ...change },
  checkExpression: { ask: ({ pump }) => ({ body: { condition: 'a > 1.0', equipment: pump } }), ...read },
  dryRun: { ask: ({ pump }) => ({ body: { rule: { ...RULE, equipment: pump }, ...PAST } }), ...read },
  listAlarms: { ask: ({ line }) => ({ query: { under: line, state: 'all' } }), ...list },
  getAlarm: { ask: byId('alarm'), ...read },
  acknowledgeAlarm: { ask: byId('alarm', {}), ...change },
  resetAlarm: { ask: byId('alarm', {}), ...change },
  shelveAlarm: { ask: byId('alarm', {}), ...change },
  unshelveAlarm: { ask: byId('alarm', {}), ...change },
  commentAlarm: { ask: byId('alarm', { comment: 'mine' }), ...change },
  listJournal: { ask: ({ alarm }) => ({ query: { alarm } }), ...list },

  listServiceKinds: { ...list },
  listServices: { ask: ({ line }) => ({ query: { under: line } }), ...list },
  createService: { ask: ({ pump }) => ({ body: { name: 's', kind: 'anomaly', equipment: pump } }), ...change },
  getService: { ask: byId('service'), ...read },
  updateService: { ask: byId('service', { name: 'mine' }), ...change },
  deleteService: { ask: byId('service'), ...change },
  checkReadiness: { ask: ({ pump }) => ({ body: { kind: 'anomaly', equipment: pump } }), ...read },
  trainService: { ask: byId('service', {}), ...change },
  uploadServiceVersion: { ask: byId('service', { manifest: {}, model: '' }), ...change },
  listServiceVersions: { ask: byId('service'), ...read },
  getServiceVersion: { ask: ({ service }) => ({ params: { id: service, number: '1' } }), ...read },
  cancelTraining: { ask: ({ service }) => ({ params: { id: service, number: '1' } }), ...change },
  publishService: { ask: byId('service', {}), ...change },
  stopService: { ask: byId('service'), ...change },
  recomputeService: { ask: byId('service', { from: 0, to: 1e15 }), ...change },
  listServiceJobs: { ask: byId('service'), ...read },
  cancelServiceJob: { ask: ({ service }) => ({ params: { id: service, job: newId('job') } }), ...change },
  listLifePredictions: { ...list },
  getLife: { ask: byId('service'), stranger: 404, viewer: 404, device: 404 },
  // The service there is of another kind.
  getEnergy: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  getEnergyPlan: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  getForecast: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  listVibrationBearings: { ...list },
  queryVibrationSpectrum: { ask: ({ signal }) => ({ body: { signal } }), stranger: 404, viewer: 422, device: 404 },
  queryVibrationSpectrogram: { ask: ({ signal }) => ({ body: { signal } }), stranger: 404, viewer: 422, device: 404 },
  queryVibrationWaterfall: {
    ask: ({ signal }) => ({ body: { signal, ...PAST } }),
    stranger: 404,
    viewer: 422,
    device: 404,
  },
  diagnoseVibration: { ask: byId('service', {}), stranger: 404, viewer: 404, device: 404 },
  queryControlChart: { ask: ({ signal }) => ({ body: { signal } }), stranger: 404, viewer: 422, device: 404 },
  studyGauge: { ask: () => ({ body: { measurements: [] } }), stranger: 400, viewer: 400, device: 400 },
  listJudgedParts: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  listQualityCauses: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  comparePartCurve: {
    ask: byId('service', { serial: 'A', station: 'OP10', signal: 'force' }),
    stranger: 404,
    viewer: 409,
    device: 404,
  },
  getDiverter: { ask: byId('service'), stranger: 404, viewer: 409, device: 404 },
  setDiverter: { ask: byId('service', { diverter: null }), ...change },
  listEpisodes: { ask: byId('service'), ...read },
  listLabels: { ask: byId('service'), ...read },
  createLabel: { ask: byId('service', { from: 0, to: 1, verdict: 'right' }), ...change },
  deleteLabel: { ask: ({ service }) => ({ params: { id: service, label: newId('lbl') } }), ...change },
}
