import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { LiveMessage } from '@millwright/contracts'
import { eventually } from '@millwright/foundation/testing'
import { ApiError, type Client, createClient } from '@millwright/sdk'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const status = (expected: number) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  assert.equal(error.status, expected, error.message)
  return true
}

/** Names of the rules whose alarms a live connection tells of. */
async function followAlarms(platform: RunningPlatform, headers: Record<string, string>) {
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/live`, { headers } as never)
  const heard: string[] = []
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error('the live connection was refused'))
    socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', id: '1', topic: 'alarms' }))
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage
      if (message.type === 'alarm') heard.push(message.alarm.ruleName)
      if (message.type === 'subscribed') resolve()
    }
  })
  return { heard, socket }
}

describe('two tenants: a machine builder and its customer', () => {
  let platform: RunningPlatform
  let directory: string
  let customer: Client
  let builder: Client
  let builderCookie: string
  let device: TestDevice
  let builderTenant: string
  let pump: string
  let line: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-tenants-'))
    platform = await startPlatform({ directory })
    customer = platform.client
    const made = await customer.createTenant({
      body: { name: 'Pump Builders', adminEmail: 'ada@builders.example', adminName: 'Ada' },
    })
    builderTenant = made.tenant.id
    ;({ client: builder, cookie: builderCookie } = await signIn(platform.url, made.link))
    line = (await customer.createAsset({ body: { level: 'line', name: 'Line 1', parent: null } })).id
    pump = (await customer.createAsset({ body: { level: 'equipment', name: 'P-101', parent: line } })).id
    device = await enrolDevice(platform, { name: 'PLC', equipment: pump })
    const sender = device.connect()
    await sender.publish({ time: 1_780_000_000_000_000, values: { temperature: 21.5, recipe: 'secret sauce' } })
    await sender.close()
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('see nothing of each other by default', async () => {
    const [signal] = (await customer.listSignals({ query: { q: 'temperature' } })).items
    assert.deepEqual((await builder.listAssets()).items, [])
    assert.deepEqual((await builder.listSignals()).items, [])
    assert.deepEqual((await builder.listDevices()).items, [])
    assert.deepEqual((await builder.listAlarms()).items, [])
    await assert.rejects(builder.getAsset({ params: { id: pump } }), status(404))
    await assert.rejects(builder.getSignal({ params: { id: signal!.id } }), status(404))
    await assert.rejects(builder.querySeries({ body: { signals: [signal!.id], from: 0, to: 2e15 } }), status(404))
    await assert.rejects(builder.createAsset({ body: { level: 'equipment', name: 'x', parent: line } }), status(404))
    await assert.rejects(
      builder.createTenant({ body: { name: 'Evil', adminEmail: 'e@e.example', adminName: 'E' } }),
      status(403),
    )
  })

  it('see what a share names, for as long as it stands, and cannot change it', async () => {
    const share = await customer.createShare({
      body: { partner: builderTenant, node: line, signals: ['temperature'], purpose: 'service', until: null },
    })
    assert.deepEqual(
      (await builder.listAssets()).items.map(({ name, shared }) => [name, shared]),
      [
        ['Line 1', true],
        ['P-101', true],
      ],
    )
    const signals = (await builder.listSignals()).items
    assert.deepEqual(
      signals.map(({ name }) => name),
      ['temperature'],
    )
    const { series } = await builder.querySeries({
      body: { signals: [signals[0]!.id], from: 1_779_999_999_000_000, to: 1_780_000_001_000_000, resolution: 'raw' },
    })
    assert.deepEqual(series[0]!.value, [21.5])
    await assert.rejects(builder.updateAsset({ params: { id: pump }, body: { name: 'mine' } }), status(403))
    await assert.rejects(
      builder.updateSignal({ params: { id: signals[0]!.id }, body: { description: 'mine' } }),
      status(403),
    )
    // A signal of one's own on their machine would take what their device sends next under that name.
    const trap = { name: 'next recipe', kind: 'document', equipment: pump } as const
    await assert.rejects(builder.createSignal({ body: trap }), status(403))
    await assert.rejects(builder.createSignal({ body: { ...trap, equipment: null, device: device.id } }), status(404))
    await customer.revokeShare({ params: { id: share.id } })
    assert.deepEqual((await builder.listAssets()).items, [])
    await assert.rejects(builder.getSignal({ params: { id: signals[0]!.id } }), status(404))
    for (const side of [customer, builder]) {
      const actions = (await side.listAudit({ query: { action: 'share' } })).items.map((entry) => entry.action)
      assert.ok(actions.includes('share.create') && actions.includes('share.revoke'), actions.join())
    }
  })

  it('see alarms of a shared node only when every signal they tell of is shared', async () => {
    const [equipment, priority] = [pump, 'high'] as const
    const rules: [name: string, condition: string, message: string][] = [
      ['open', 'temperature > 80.0', 'At {temperature}'],
      ['by its condition', 'temperature > 80.0 && level > 0.0', 'At {temperature}'],
      ['by its message', 'temperature > 80.0', 'At {temperature} with {level}'],
    ]
    const sender = device.connect()
    const now = () => Date.now() * 1000
    await sender.publish({ time: now() - 1_000_000, values: { temperature: 20, level: 4.2 } })
    for (const [name, condition, message] of rules) {
      await customer.createRule({ body: { name, equipment, condition, message, priority } })
    }
    const share = await customer.createShare({
      body: { partner: builderTenant, node: line, signals: ['temperature'], purpose: 'service', until: null },
    })
    const theirs = await followAlarms(platform, { cookie: builderCookie })
    const ours = await followAlarms(platform, { authorization: `Bearer ${platform.token}` })
    await sender.publish({ time: now(), values: { temperature: 95 } })
    await sender.close()
    await eventually(() => ours.heard.length === 3 && theirs.heard.length > 0)
    const standing = (await customer.listAlarms()).items
    assert.deepEqual(standing.map(({ ruleName }) => ruleName).sort(), rules.map(([name]) => name).sort())
    assert.deepEqual(theirs.heard, ['open'])
    assert.deepEqual(
      (await builder.listAlarms()).items.map(({ ruleName, message }) => [ruleName, message]),
      [['open', 'At 95']],
    )
    for (const { id, ruleName } of standing) {
      const shown = ruleName === 'open'
      if (shown) assert.equal((await builder.getAlarm({ params: { id } })).id, id)
      else await assert.rejects(builder.getAlarm({ params: { id } }), status(404))
      assert.equal((await builder.listJournal({ query: { alarm: id } })).items.length, shown ? 1 : 0)
      await assert.rejects(builder.acknowledgeAlarm({ params: { id }, body: {} }), status(shown ? 403 : 404))
    }
    assert.deepEqual(new Set((await builder.listJournal()).items.map(({ ruleName }) => ruleName)), new Set(['open']))
    assert.deepEqual(theirs.heard, ['open'])
    theirs.socket.close()
    ours.socket.close()
    await customer.revokeShare({ params: { id: share.id } })
    assert.deepEqual((await builder.listAlarms()).items, [])
    for (const { id } of (await customer.listRules()).items) await customer.deleteRule({ params: { id } })
  })

  it('see live what is shared until the share runs out, and not a reading longer', async () => {
    const now = () => Date.now() * 1000
    const share = await customer.createShare({
      body: { partner: builderTenant, node: line, signals: [], purpose: 'a visit', until: now() + 2_500_000 },
    })
    const signal = (await builder.listSignals({ query: { q: 'temperature' } })).items[0]!
    const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: builderCookie },
    } as never)
    const seen: unknown[] = []
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code)
    })
    await new Promise<void>((resolve) => {
      socket.onopen = () =>
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', topic: 'signals', signals: [signal.id] }))
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data)) as LiveMessage
        if (message.type === 'subscribed') resolve()
        if (message.type === 'readings') seen.push(...message.value)
      }
    })
    const sender = device.connect()
    await sender.publish({ time: now(), values: { temperature: 31 } })
    await eventually(() => seen.includes(31))
    await eventually(async () => (await builder.listSignals()).items.length === 0)
    await sender.publish({ time: now(), values: { temperature: 32 } })
    await sender.close()
    assert.equal(await closed, 4403)
    assert.ok(!seen.includes(32), 'a reading after the end')
    await assert.rejects(builder.getSignal({ params: { id: signal.id } }), status(404))
    await customer.revokeShare({ params: { id: share.id } })
  })

  it('give people only what their grants say, at the node and below', async () => {
    const invited = await customer.createUser({ body: { email: 'olga@plant.example', name: 'Olga' } })
    const olga = await signIn(platform.url, invited.link)
    assert.deepEqual((await olga.client.listAssets()).items, [])
    const operator = (await customer.listRoles()).items.find((role) => role.name.toLowerCase() === 'operator')!
    await customer.createGrant({ body: { user: invited.user.id, role: operator.id, node: pump } })
    assert.deepEqual(
      (await olga.client.listAssets()).items.map(({ name }) => name),
      ['P-101'],
    )
    await assert.rejects(
      olga.client.createRule({ body: { name: 'r', equipment: pump, condition: 'temperature > 1.0', priority: 'low' } }),
      status(403),
    )
    await assert.rejects(olga.client.getAsset({ params: { id: line } }), status(404))
    await assert.rejects(olga.client.listUsers(), status(403))
    await customer.updateUser({ params: { id: invited.user.id }, body: { state: 'disabled' } })
    await assert.rejects(olga.client.listAssets(), status(401))
  })

  it('follow a machine live until it is moved to where they may not look', async () => {
    const invited = await customer.createUser({ body: { email: 'lea@plant.example', name: 'Lea' } })
    const viewer = (await customer.listRoles()).items.find(({ name }) => name === 'Viewer')!
    await customer.createGrant({ body: { user: invited.user.id, role: viewer.id, node: line } })
    const lea = await signIn(platform.url, invited.link)
    const [signal] = (await lea.client.listSignals({ query: { q: 'temperature' } })).items
    const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { cookie: lea.cookie },
    } as never)
    const seen: unknown[] = []
    const refused: string[] = []
    await new Promise<void>((resolve) => {
      socket.onopen = () =>
        socket.send(
          JSON.stringify({ type: 'subscribe', id: '1', topic: 'signals', signals: [signal!.id], maxRate: 50 }),
        )
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data)) as LiveMessage
        if (message.type === 'subscribed') resolve()
        if (message.type === 'readings') seen.push(...message.value)
        if (message.type === 'error') refused.push(message.code)
      }
    })
    const sender = device.connect()
    const now = () => Date.now() * 1000
    await sender.publish({ time: now(), values: { temperature: 41 } })
    await eventually(() => seen.includes(41))
    const elsewhere = await customer.createAsset({ body: { level: 'line', name: 'Line 9', parent: null } })
    await customer.updateAsset({ params: { id: pump }, body: { parent: elsewhere.id } })
    await sender.publish({ time: now(), values: { temperature: 42 } })
    await eventually(() => refused.length > 0)
    await sender.publish({ time: now(), values: { temperature: 43 } })
    await sender.close()
    assert.deepEqual(refused, ['MW-LIVE-0004'])
    assert.deepEqual(
      seen.filter((value) => value !== 41),
      [],
      'a reading after the move',
    )
    await customer.updateAsset({ params: { id: pump }, body: { parent: line } })
    socket.close()
  })

  it('keep API tokens within the permissions they were made with', async () => {
    const invited = await customer.createUser({ body: { email: 'tom@plant.example', name: 'Tom' } })
    const tom = await signIn(platform.url, invited.link)
    const engineer = (await customer.listRoles()).items.find((role) => role.name.toLowerCase() === 'engineer')!
    await customer.createGrant({ body: { user: invited.user.id, role: engineer.id, node: null } })
    const expiresAt = Date.now() * 1000 + 3_600_000_000
    const made = await tom.client.createToken({ body: { name: 'reader', permissions: ['asset:read'], expiresAt } })
    const reader = createClient({ url: platform.url, token: made.secret })
    assert.ok((await reader.listAssets()).items.length > 0)
    await assert.rejects(reader.createAsset({ body: { level: 'site', name: 's', parent: null } }), status(403))
    await assert.rejects(
      tom.client.createToken({ body: { name: 'too much', permissions: ['role:write'], expiresAt } }),
      (error) => error instanceof ApiError && error.status >= 400,
    )
    await tom.client.revokeToken({ params: { id: made.token.id } })
    await assert.rejects(reader.listAssets(), status(401))
  })

  it("refuse a changing request without the session's CSRF token", async () => {
    const invited = await customer.createUser({ body: { email: 'carl@plant.example', name: 'Carl' } })
    const { cookie } = await signIn(platform.url, invited.link)
    const forged = await fetch(`${platform.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', permissions: ['asset:read'], expiresAt: Date.now() * 1000 + 1e9 }),
    })
    assert.equal(forged.status, 403)
    assert.match(((await forged.json()) as { code: string }).code, /^MW-SESSION-/)
  })
})
