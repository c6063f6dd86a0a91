import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { eventually } from '@millwright/foundation/testing'
import { ApiError } from '@millwright/sdk'
import { pinnedFetch } from '@millwright/sdk/device'
import mqtt, { type MqttClient } from 'mqtt'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const now = () => Date.now() * 1000

/** What a device may get wrong in a payload -> what the dead letter must say. */
const PAYLOADS: readonly [name: string, payload: string | Buffer, reason: RegExp][] = [
  ['no JSON', 'temperature=21', /object|JSON/i],
  ['cut off', '{"values":{"t":1', /JSON|end/i],
  ['NaN', '{"values":{"t":NaN}}', /JSON|number|value/i],
  ['Infinity', '{"values":{"t":Infinity}}', /JSON|number|value/i],
  ['1e400', '{"values":{"t":1e400}}', /1e400|large|range|finite/i],
  ['deep nesting', `{"values":{"t":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}}`, /deep|nest|level/i],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/i],
  ['an unknown field', '{"values":{"t":1},"tenant":"ten_other"}', /tenant/],
  ['a duplicate key', '{"values":{"t":1,"t":2}}', /twice|duplicate/i],
  ['a time before 2000', '{"time":1,"values":{"t":1}}', /time|2000|early|old/i],
  ['a time a year ahead', JSON.stringify({ time: now() + 365 * 86_400e6, values: { t: 1 } }), /time|ahead|future/i],
  ['a time that is none', '{"time":"yesterday","values":{"t":1}}', /time/i],
  ['a name with a control character', '{"values":{"t\\u0000":1}}', /name|control/i],
  ['an array of nothing', '[1,2,3]', /object|message/i],
]

describe('a hostile world', () => {
  let platform: RunningPlatform
  let directory: string
  let device: TestDevice
  let neighbour: TestDevice

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-hostile-'))
    platform = await startPlatform({ directory })
    device = await enrolDevice(platform, { name: 'hostile' })
    neighbour = await enrolDevice(platform, { name: 'neighbour' })
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const connect = (who: TestDevice, options: mqtt.IClientOptions = {}): Promise<MqttClient> =>
    mqtt.connectAsync(`mqtts://localhost:${platform.mqttPort}`, {
      key: who.identity.key,
      cert: who.identity.certificate,
      ca: who.identity.authority,
      protocolVersion: 4,
      reconnectPeriod: 0,
      ...options,
    })

  it('refuses each bad payload as a whole, with a dead letter that says why', async () => {
    const client = await connect(device)
    for (const [name, payload, reason] of PAYLOADS) {
      await client.publishAsync('mw/v1/telemetry', payload, { qos: 1 })
      const { items } = await platform.client.listDeadLetters({ query: { device: device.id, limit: 1 } })
      assert.ok(items[0] !== undefined, `${name}: no dead letter`)
      assert.match(items[0].reason, reason, name)
      assert.equal(items[0].device, device.id)
    }
    await client.endAsync()
    const stored = await platform.client.listSignals({ query: { device: device.id } })
    assert.deepEqual(stored.items, [], 'nothing of a refused message is stored')
  })

  it('cuts off a packet of 10 MB without taking it in, and the neighbour goes on', async () => {
    const good = neighbour.connect()
    const client = await connect(device)
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.on('error', () => undefined)
    client.publish('mw/v1/telemetry', Buffer.alloc(10 << 20, 0x20), { qos: 1 })
    await closed
    await good.publish({ values: { alive: 1 } })
    await good.close()
  })

  it('keeps each device to its own topics and its own name', async () => {
    const spy = await connect(device)
    const heard: string[] = []
    spy.on('message', (topic) => heard.push(topic))
    // A device's own `#` is a filter like any other: over its own topics.
    await spy.subscribeAsync('#', { qos: 1 }).catch(() => undefined)
    for (const filter of [`d/${neighbour.id}/#`, '$SYS/#', `d/${neighbour.id}/mw/v1/telemetry`]) {
      const granted = await spy.subscribeAsync(filter, { qos: 1 }).catch((error: Error) => error)
      if (Array.isArray(granted))
        assert.ok(
          granted.every(({ qos }) => qos === 128),
          `${filter} was granted`,
        )
    }
    const good = neighbour.connect()
    await good.publish({ time: 1_790_000_000_000_000, values: { secret: 42 } })
    const mine = await connect(device, { clientId: neighbour.id })
    await mine.publishAsync(
      'mw/v1/telemetry',
      JSON.stringify({ time: 1_790_000_000_000_000, values: { secret: 666 } }),
      { qos: 1 },
    )
    await mine.endAsync()
    await good.publish({ time: 1_790_000_001_000_000, values: { secret: 43 } })
    const [signal] = (await platform.client.listSignals({ query: { device: neighbour.id, q: 'secret' } })).items
    const { items } = await platform.client.queryReadings({
      body: { signal: signal!.id, from: 1_789_000_000_000_000, to: 1_791_000_000_000_000 },
    })
    assert.deepEqual(
      items.map(({ value }) => value),
      [42, 43],
      'identity comes from the certificate',
    )
    assert.deepEqual(heard, [])
    await good.close()
    await spy.endAsync(true)
  })

  it('cuts a live connection within a second when its certificate is revoked, and lets it in no more', async () => {
    const victim = await enrolDevice(platform, { name: 'victim' })
    const client = await connect(victim)
    const closed = new Promise<number>((resolve) => client.once('close', () => resolve(performance.now())))
    const [certificate] = (await platform.client.listCertificates({ params: { id: victim.id } })).items
    const revoked = performance.now()
    await platform.client.revokeCertificate({
      params: { id: victim.id, serial: certificate!.serial },
      body: { reason: 'stolen' },
    })
    assert.ok((await closed) - revoked < 1_000)
    await assert.rejects(connect(victim, { connectTimeout: 3_000 }))
  })

  it('takes the same payloads by HTTP, gzip included, and names each fault there too', async () => {
    const { token } = await platform.client.createDeviceToken({ params: { id: device.id } })
    const send = (body: BodyInit, headers: Record<string, string> = {}) =>
      fetch(`${platform.url}/api/v1/devices/me/telemetry`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      })
    const time = 1_790_000_000_000_000
    assert.equal(
      (await send(gzipSync(JSON.stringify([{ time, values: { byHttp: 1.5 } }])), { 'content-encoding': 'gzip' }))
        .status,
      204,
    )
    const [signal] = (await platform.client.listSignals({ query: { device: device.id, q: 'byHttp' } })).items
    const { items } = await platform.client.queryReadings({ body: { signal: signal!.id, from: time, to: time + 1 } })
    assert.deepEqual(
      items.map(({ value }) => value),
      [1.5],
    )
    for (const [name, payload, reason] of PAYLOADS) {
      const reply = await send(payload as BodyInit)
      assert.ok(reply.status >= 400 && reply.status < 500, `${name}: ${reply.status}`)
      assert.match(((await reply.json()) as { detail: string }).detail, reason, name)
    }
    assert.equal(
      (await send(gzipSync(Buffer.alloc(64 << 20)), { 'content-encoding': 'gzip' })).status,
      413,
      'a zip bomb',
    )
    assert.equal((await send('{}', { authorization: 'Bearer mwd_wrong' })).status, 401)
  })

  it('takes every name for text: SQL, CEL and HTML change nothing', async () => {
    const evil = `"'); drop table signals; -- <script>alert(1)</script> \${1+1} {{7*7}} ../../etc/passwd`
    const client = neighbour.connect()
    await client.publish({ time: 1_790_000_000_000_000, values: { [evil]: 1 } })
    await client.close()
    const { items } = await platform.client.listSignals({ query: { device: neighbour.id, q: 'drop table' } })
    assert.deepEqual(
      items.map(({ name }) => name),
      [evil],
    )
    const csv = await platform.client.exportReadings({
      body: { signals: [items[0]!.id], from: 0, to: 2e15, format: 'csv' },
    })
    assert.ok((await csv.text()).length > 0)
    assert.doesNotMatch(csv.headers.get('content-disposition') ?? '', /[/\\]|\.\./)
    const site = await platform.client.createAsset({ body: { level: 'site', name: evil.slice(0, 100), parent: null } })
    for (const condition of [
      `signal("${evil.replaceAll('"', '\\"')}") > 0.0`,
      '"); drop',
      'x.all(y, y.all(z, true))'.repeat(50),
    ]) {
      const checked = await platform.client
        .checkExpression({ body: { condition, equipment: site.id } })
        .catch((error: ApiError) => error)
      assert.ok(
        checked instanceof ApiError ? checked.status < 500 : typeof checked.ok === 'boolean',
        condition.slice(0, 40),
      )
    }
    for (const path of ['/../../etc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/package.json']) {
      const reply = await fetch(`${platform.url}${path}`)
      assert.doesNotMatch(await reply.text(), /root:|"workspaces"/, path)
    }
  })

  it('refuses unknown fields, wrong types and huge bodies of the API, and says which', async () => {
    const post = (path: string, body: string) =>
      fetch(`${platform.url}/api/v1${path}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' },
      })
    const unknown = (await (
      await post('/assets', JSON.stringify({ level: 'site', name: 'x', parent: null, colour: 'red' }))
    ).json()) as { detail: string; code: string; path: string }
    assert.match(unknown.detail, /colour/)
    assert.equal(unknown.code, 'MW-API-0001')
    assert.equal((await post('/assets', '{"level":')).status, 400)
    assert.equal((await post('/assets', JSON.stringify({ level: 'planet', name: 'x', parent: null }))).status, 400)
    assert.equal((await post('/assets', JSON.stringify({ name: 'y'.repeat(3 << 20) }))).status, 413)
    assert.equal((await fetch(`${platform.url}/api/v1/nothing`)).status, 404)
  })

  it('refuses text that no engine can keep, and cursors that no list made, wherever they stand', async () => {
    const ask = async (method: string, path: string, body?: unknown) => {
      const reply = await fetch(`${platform.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${platform.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const { detail } = (await reply.json()) as { detail: string }
      assert.equal(reply.status, 400, `${method} ${path} ${JSON.stringify(body)?.slice(0, 200)}: ${detail}`)
    }
    for (const broken of ['a\0b', 'a\ud800b']) {
      const site = { level: 'site', name: `broken ${broken.length}`, parent: null }
      await ask('POST', '/assets', { ...site, description: broken })
      await ask('POST', '/assets', { ...site, metadata: { [broken]: 'a' } })
      await ask('POST', '/assets', { ...site, metadata: { a: broken } })
      await ask('POST', '/devices', { name: 'n', metadata: { a: broken } })
      await ask('POST', `/devices/${device.id}/commands`, { name: 'n', params: [[broken]] })
      await ask('PATCH', `/devices/${device.id}/twin/desired`, { a: { b: broken } })
    }
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    await ask('PATCH', `/devices/${device.id}/twin/desired`, deep)
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const lists = ['/assets', '/devices', '/signals', '/events', '/dead-letters', '/rules', '/audit', '/users']
    for (const path of lists) {
      await ask('GET', `${path}?limit=1&q=%00`)
      for (const cursor of [forged(1.5), forged('\0', '\0'), forged(1e300, 'a'), 'nonsense']) {
        await ask('GET', `${path}?cursor=${cursor}`)
      }
    }
    for (const number of [2 ** 53, 1.5, 1e300]) {
      await ask('GET', `/devices/${device.id}/commands?cursor=${forged(number)}`)
    }
    const beyond = await platform.client.listCommands({
      params: { id: device.id },
      query: { cursor: forged(2 ** 40) },
    })
    assert.deepEqual(beyond.items, [])
  })

  it('stands after all that, and its audit log is whole', async () => {
    await eventually(async () => (await fetch(`${platform.url}/readyz`)).ok)
    assert.equal((await platform.client.verifyAudit()).ok, true)
    const insecure = pinnedFetch(device.identity.authority)
    assert.equal((await insecure(new Request(`${platform.url.replace('http:', 'https:')}/healthz`))).status, 200)
  })
})
