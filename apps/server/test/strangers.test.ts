import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Operation, operations } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

type Name = keyof typeof operations
type Headers = Readonly<Record<string, string>>

/** Ids of what the first tenant has. */
type Theirs = Readonly<Record<'line' | 'pump' | 'class' | 'signal' | 'device' | 'command' | 'rule' | 'alarm', string>> &
  Readonly<
    Record<
      'user' | 'role' | 'grant' | 'token' | 'share' | 'tenant' | 'serial' | 'connection' | 'agent' | 'service',
      string
    >
  >

interface Input {
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
const DRAFT = { adapter: 'modbus', config: { transport: { type: 'tcp', host: '127.0.0.1', port: 9 } } }
const RULE = { name: 'n', condition: 'secretTemperature > 1.0', priority: 'low' }
const byId =
  (kind: keyof Theirs, body?: unknown) =>
  (theirs: Theirs): Input => ({ params: { id: theirs[kind] }, ...(body === undefined ? {} : { body }) })
/** Lists are for everybody, and hold what one may see; some ask for a permission. */
const list = { stranger: 200, viewer: 200, device: 200 }
const read = { stranger: 404, viewer: 200, device: 404 }
const change = { stranger: 404, viewer: 403, device: 404 }

/** A decision for each operation: a new one without does not compile, and fails the test. */
const DECISIONS: Readonly<Record<Name, Decision>> = {
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
  queryControlChart: { ask: ({ signal }) => ({ body: { signal } }), stranger: 422, viewer: 422, device: 422 },
  studyGauge: { ask: () => ({ body: { measurements: [] } }), stranger: 422, viewer: 422, device: 422 },
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

describe('every operation of the API, asked for by those it is not for', () => {
  let platform: RunningPlatform
  let directory: string
  let theirs: Theirs
  let device: TestDevice
  let as: Readonly<Record<'nobody' | 'stranger' | 'viewer' | 'device', Headers>>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-strangers-'))
    platform = await startPlatform({ directory })
    const { client } = platform
    const admin = await signIn(platform.url, platform.signInLink!)
    const stranger = await client.createTenant({
      body: { name: 'Strangers', adminEmail: 'eve@strangers.example', adminName: 'Eve' },
    })
    const partner = await client.createTenant({
      body: { name: 'Secret partner', adminEmail: 'bob@partner.example', adminName: 'Bob' },
    })
    const { items: roles } = await client.listRoles()
    const viewerRole = roles.find(({ name }) => name === 'Viewer')!
    const invited = await client.createUser({ body: { email: 'vera@plant.example', name: 'Secret Vera' } })
    await client.createGrant({ body: { user: invited.user.id, role: viewerRole.id, node: null } })
    const viewer = await signIn(platform.url, invited.link)

    const line = await client.createAsset({ body: { level: 'line', name: 'Secret line', parent: null } })
    const ofClass = await client.createClass({ body: { name: 'Secret class', signals: [] } })
    const pump = await client.createAsset({
      body: { level: 'equipment', name: 'Secret pump', parent: line.id, equipmentClass: ofClass.id },
    })
    device = await enrolDevice(platform, { name: 'PLC', equipment: pump.id })
    const sender = device.connect()
    await sender.publish({ values: { secretTemperature: 20 } })
    const rule = await client.createRule({
      body: {
        name: 'Secret rule',
        equipment: pump.id,
        condition: 'secretTemperature > 80.0',
        message: 'Secret heat',
        priority: 'high',
      },
    })
    await sender.publish({ values: { secretTemperature: 95 } })
    await sender.close()
    await eventually(async () => (await client.listAlarms()).items.length === 1, 10_000)
    const user = (await client.createUser({ body: { email: 'tom@plant.example', name: 'Secret Tom' } })).user
    const role = await client.createRole({ body: { name: 'Secret role', description: '', permissions: [] } })
    const grant = await client.createGrant({ body: { user: user.id, role: role.id, node: line.id } })
    const share = await client.createShare({
      body: { partner: partner.tenant.id, node: line.id, signals: [], purpose: 'Secret purpose', until: null },
    })
    const { token } = await admin.client.createToken({
      body: { name: 'Secret token', permissions: ['asset:read'], expiresAt: Date.now() * 1000 + 1e9 },
    })
    const connection = await client.createConnection({
      body: { ...DRAFT, name: 'Secret connection', equipment: pump.id, enabled: false },
    })
    const agent = await client.createAgent({ body: { name: 'Secret agent', equipment: pump.id } })
    const service = await client.createService({
      body: { name: 'Secret service', kind: 'anomaly', equipment: pump.id },
    })
    await client.trainService({ params: { id: service.id }, body: {} })
    theirs = {
      line: line.id,
      pump: pump.id,
      class: ofClass.id,
      signal: (await client.listSignals()).items[0]!.id,
      device: device.id,
      command: (await client.sendCommand({ params: { id: device.id }, body: { name: 'secretCommand' } })).id,
      rule: rule.id,
      alarm: (await client.listAlarms()).items[0]!.id,
      user: user.id,
      role: role.id,
      grant: grant.id,
      token: token.id,
      share: share.id,
      tenant: partner.tenant.id,
      connection: connection.id,
      agent: agent.device,
      service: service.id,
      serial: (await client.listCertificates({ params: { id: device.id } })).items[0]!.serial,
    }
    const eve = await signIn(platform.url, stranger.link)
    const withCsrf = async (person: { client: typeof client; cookie: string }) => ({
      cookie: person.cookie,
      'x-csrf-token': (await person.client.getSession()).csrf,
    })
    const held = await client.createDeviceToken({ params: { id: device.id } })
    as = {
      nobody: {},
      stranger: await withCsrf(eve),
      viewer: await withCsrf(viewer),
      device: { authorization: `Bearer ${held.token}` },
    }
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  async function asked(name: Name, headers: Headers): Promise<{ status: number; text: string; sent: string }> {
    const { method, path } = operations[name] as Operation
    const { params = {}, query = {}, body } = DECISIONS[name].ask?.(theirs) ?? {}
    const url = new URL(`${platform.url}/api/v1${path.replace(/\{(\w+)\}/g, (_, key: string) => params[key]!)}`)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    const reply = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: reply.status, text: await reply.text(), sent: `${url} ${JSON.stringify(body ?? '')}` }
  }

  /** What the first tenant has stands in nothing that others are answered, unless they said it themselves. */
  function assertNothingOfTheirs(name: Name, { text, sent }: { text: string; sent: string }): void {
    for (const own of [...Object.values(theirs), 'Secret', 'secretTemperature', 'secretCommand']) {
      if (!sent.includes(own)) assert.ok(!text.includes(own), `${name} tells of ${own}: ${text.slice(0, 500)}`)
    }
  }

  const names = Object.keys(operations) as Name[]
  // Signing out is the last thing a person does.
  const inOrder = [...names.filter((name) => name !== 'signOut'), 'signOut' as const]

  it('has a decision for each', () => {
    assert.deepEqual(Object.keys(DECISIONS).sort(), [...names].sort())
  })

  it('nobody: only what is public', async () => {
    for (const name of inOrder) {
      const answer = await asked(name, as.nobody)
      const open = (operations[name] as Operation).access === 'public'
      assert.equal(answer.status, open ? DECISIONS[name].nobody : 401, `${name}: ${answer.text}`)
      assertNothingOfTheirs(name, answer)
    }
  })

  for (const who of ['device', 'stranger', 'viewer'] as const) {
    it(`${who === 'stranger' ? "another tenant's administrator" : `a ${who}`}: what was decided, nothing of others'`, async () => {
      const wrong: string[] = []
      for (const name of inOrder) {
        const answer = await asked(name, as[who])
        if (answer.status !== DECISIONS[name][who]) {
          wrong.push(`${name}: ${answer.status} instead of ${DECISIONS[name][who]}: ${answer.text.slice(0, 300)}`)
        }
        if (who !== 'viewer') assertNothingOfTheirs(name, answer)
      }
      assert.deepEqual(wrong, [])
    })
  }

  it('and after all that nothing of the first tenant has changed', async () => {
    const { client } = platform
    assert.equal((await client.getAsset({ params: { id: theirs.pump } })).version, 1)
    assert.equal((await client.getAlarm({ params: { id: theirs.alarm } })).state, 'unacknowledged')
    assert.equal((await client.getRule({ params: { id: theirs.rule } })).version, 1)
    assert.deepEqual(
      (await client.listCommands({ params: { id: theirs.device } })).items.map(({ id }) => id),
      [theirs.command],
    )
    assert.equal((await client.listCertificates({ params: { id: theirs.device } })).items[0]!.revokedAt, undefined)
    assert.deepEqual((await client.getTwin({ params: { id: theirs.device } })).desired.document, {})
  })
})
