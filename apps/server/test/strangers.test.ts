import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Operation, operations } from '@millwright/contracts'
import { eventually } from '@millwright/foundation/testing'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'
import { DECISIONS, DRAFT, type Name, type Theirs } from './strangers/decisions.ts'

type Headers = Readonly<Record<string, string>>

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
    await eventually(async () => (await client.listAlarms()).items.length === 1)
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
