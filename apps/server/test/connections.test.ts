/** A configured connection, from the API to the historian and back, over a real socket. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import type { ApiError } from '@millwright/sdk'
import { ModbusPeer } from './harness/modbus-peer.ts'
import { type SignedIn, signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'
import { readiness } from './harness/readiness.ts'

const PATIENCE = 60_000

describe('a connection', () => {
  let platform: RunningPlatform
  let directory: string
  let peer: ModbusPeer
  let port: number
  let press: string
  let connection: string
  let device: string
  let stranger: SignedIn
  let viewer: SignedIn

  const config = (more: object = {}) => ({
    transport: { type: 'tcp', host: '127.0.0.1', port },
    interval: 50,
    devices: [
      {
        name: 'Drive',
        registers: [
          { name: 'speed', table: 'holding', address: 0, unit: '/min' },
          { name: 'setpoint', table: 'holding', address: 1, writable: true },
        ],
      },
    ],
    ...more,
  })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-connections-'))
    platform = await startPlatform({ directory })
    peer = new ModbusPeer([1450, 7])
    port = await peer.listen()
    const { client } = platform
    press = (await client.createAsset({ body: { level: 'equipment', name: 'Press 3', parent: null } })).id
    const { items: roles } = await client.listRoles()
    const invited = await client.createUser({ body: { email: 'vera@plant.example', name: 'Vera' } })
    const role = roles.find(({ name }) => name === 'Maintainer')!
    await client.createGrant({ body: { user: invited.user.id, role: role.id, node: press } })
    viewer = await signIn(platform.url, invited.link)
    const tenant = await client.createTenant({
      body: { name: 'Strangers', adminEmail: 'eve@strangers.example', adminName: 'Eve' },
    })
    stranger = await signIn(platform.url, tenant.link)
  })
  after(async () => {
    await platform?.stop()
    await peer?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const get = (id = connection) => platform.client.getConnection({ params: { id } })
  const running = () =>
    eventually(async () => {
      const found = await get()
      return found.status.state === 'running' && found.status.readings > 0 ? found : undefined
    }, PATIENCE)
  const latest = async (metric: string) => {
    const { items } = await platform.client.listSignals({ query: { q: metric } })
    const signal = items.find(({ name }) => name.endsWith(metric))
    if (signal === undefined) return undefined
    const [found] = (await platform.client.queryLatest({ body: { signals: [signal.id] } })).items
    return found === undefined ? undefined : { ...found, unit: signal.unit, equipment: signal.equipment }
  }

  it('is tried before it is made, and says what is wrong', async () => {
    const { client } = platform
    const tested = await client.testConnection({ body: { adapter: 'modbus', config: config() } })
    assert.equal(tested.ok, true, JSON.stringify(tested))
    const closed = config({ transport: { type: 'tcp', host: '127.0.0.1', port: 9 } })
    const failed = await client.testConnection({ body: { adapter: 'modbus', config: closed } })
    assert.equal(failed.ok, false)
    assert.ok(failed.steps.at(-1)!.detail.length > 20)
    const preview = await client.previewConnection({
      body: { adapter: 'modbus', config: config(), seconds: 5, limit: 2 },
    })
    assert.deepEqual(new Set(preview.readings.map(({ metric }) => metric)), new Set(['speed', 'setpoint']))
    assert.deepEqual((await client.listSignals()).items, [])
    await assert.rejects(
      client.createConnection({
        body: { name: 'x', adapter: 'modbus', equipment: press, config: { transport: { type: 'tcp', port: 5 } } },
      }),
      (error: ApiError) => error.problem?.path === 'config/transport/host',
    )
  })

  it('brings readings into the history of its equipment', async () => {
    const made = await platform.client.createConnection({
      body: { name: 'Drive of press 3', adapter: 'modbus', equipment: press, config: config() },
    })
    connection = made.id
    device = made.device
    const { status } = await running()
    assert.equal(status.reason, undefined)
    const speed = await eventually(() => latest('speed'), PATIENCE)
    assert.deepEqual([speed.value, speed.unit, speed.equipment], [1450, '/min', press])
    assert.ok(Math.abs(speed.time! - Date.now() * 1000) < 60e6)
    peer.registers[0] = 1500
    await eventually(async () => (await latest('speed'))?.value === 1500, PATIENCE)
    const [own] = (await platform.client.listDevices({ query: { q: 'Drive of press 3' } })).items
    assert.deepEqual([own!.id, own!.connection.state, own!.connection.protocol], [device, 'online', 'modbus'])
  })

  it('writes', async () => {
    const { items } = await platform.client.listDevices({ query: { q: 'Drive' } })
    const drive = items.find(({ id }) => id !== device) ?? items[0]!
    const command = await platform.client.sendCommand({
      params: { id: drive.id },
      body: { name: 'write', params: { metric: 'setpoint', value: 42 } },
    })
    await eventually(async () => {
      const { state, error } = await platform.client.getCommand({ params: { id: command.id } })
      assert.notEqual(state, 'failed', error)
      return state === 'succeeded'
    }, PATIENCE)
    assert.equal(peer.registers[1], 42)
  })

  it('is seen and changed by those who may alone', async () => {
    assert.equal((await viewer.client.getConnection({ params: { id: connection } })).name, 'Drive of press 3')
    const change = { params: { id: connection }, body: { name: 'mine' } }
    await assert.rejects(viewer.client.updateConnection(change), { status: 403 })
    const one = { params: { id: connection } }
    await assert.rejects(viewer.client.deleteConnection(one), { status: 403 })
    await assert.rejects(stranger.client.getConnection(one), { status: 404 })
    await assert.rejects(stranger.client.updateConnection(change), { status: 404 })
    assert.deepEqual((await stranger.client.listConnections()).items, [])
  })

  it('says that its peer is away, and goes on when it is back', async () => {
    await peer[Symbol.asyncDispose]()
    const away = await eventually(async () => {
      const { status } = await get()
      return status.state === 'running' ? undefined : status
    }, PATIENCE)
    assert.ok(away.reason!.includes('127.0.0.1') || away.reason!.includes('Drive'), away.reason)
    peer = new ModbusPeer([1600, 0])
    await peer.listen(port)
    await eventually(async () => (await latest('speed'))?.value === 1600, PATIENCE)
    assert.equal((await running()).status.state, 'running')
  })

  it('keeps its secrets to itself', async () => {
    const { client } = platform
    const made = await client.createConnection({
      body: {
        name: 'Broker',
        adapter: 'sparkplug-host',
        config: { host: '127.0.0.1', port: 9, username: 'me', password: 'hush-hush-4711' },
      },
    })
    assert.deepEqual(made.secrets, ['/password'])
    await client.updateConnection({ params: { id: made.id }, body: { name: 'Broker 2' } })
    const shown = JSON.stringify([await get(made.id), await client.listAudit(), await client.listConnections()])
    assert.ok(!shown.includes('hush-hush-4711'))
    assert.ok(!platform.log().includes('hush-hush-4711'))
    for (const file of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      const bytes = await readFile(join(file.parentPath, file.name))
      assert.ok(!bytes.includes('hush-hush-4711'), `the secret lies open in ${file.name}`)
    }
    await client.deleteConnection({ params: { id: made.id } })
    await assert.rejects(get(made.id), { status: 404 })
  })

  it('has figures, and a warning while somebody must mend something', async () => {
    const text = await (await fetch(`${platform.url}/metrics`)).text()
    assert.match(text, /millwright_connection_count\{adapter="modbus",state="running"\} 1/)
    assert.match(text, /millwright_connection_readings_total\{adapter="modbus"\} [1-9]/)
    assert.equal((await readiness(platform)).warnings['connections'], undefined)
  })

  it('goes on after the power was cut', async () => {
    await platform.kill()
    peer.registers[0] = 1700
    platform = await startPlatform({ directory })
    await running()
    await eventually(async () => (await latest('speed'))?.value === 1700, PATIENCE)
    await platform.client.updateConnection({ params: { id: connection }, body: { enabled: false } })
    assert.equal((await get()).status.state, 'stopped')
    const before = (await latest('speed'))?.time
    peer.registers[0] = 1
    assert.equal((await latest('speed'))?.time, before)
    await platform.client.deleteConnection({ params: { id: connection } })
    assert.deepEqual((await platform.client.listDevices()).items, [])
    assert.equal((await latest('speed'))?.value, 1700)
  })
})
