import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { influxAdapter } from './adapter.ts'
import type { InfluxConfig } from './config.ts'

const file = (name: string) => readFileSync(new URL(`../testcases/${name}`, import.meta.url), 'utf8')
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function listen(config: Partial<InfluxConfig> = {}) {
  const ports = new TestPorts()
  closing.push(() => ports.close())
  const whole = Value.Default(influxAdapter.configSchema, { port: 0, ...config }) as InfluxConfig
  assert.ok(Value.Check(influxAdapter.configSchema, whole))
  influxAdapter.check(whole)
  const connection = influxAdapter.create(whole, ports)
  closing.push(() => connection.stop())
  await connection.start()
  const url = `http://127.0.0.1:${connection.port || config.port}`
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(url + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers })
  return { ports, connection, url, post }
}

test('takes what InfluxData’s own client writes', async () => {
  const { ports, url } = await listen({ token: 'secret-token' })
  const client = new InfluxDB({ url, token: 'secret-token' }).getWriteApi('plant', 'press', 'us', {
    maxRetries: 0,
    gzipThreshold: 10,
  })
  client.useDefaultTags({ host: 'press-7' })
  const point = new Point('press')
    .tag('axis', 'x')
    .floatField('force', 12.5)
    .intField('strokes', 7)
    .booleanField('on', true)
  client.writePoint(point.stringField('mode', 'auto "fast"').timestamp(1_790_000_000_000_001))
  await client.close()
  const rows = ports.of('press-7')
  assert.deepEqual(rows.map(({ metric, value, time }) => [metric, value, time]).sort(), [
    ['press.force{axis=x}', 12.5, 1_790_000_000_000_001],
    ['press.mode{axis=x}', 'auto "fast"', 1_790_000_000_000_001],
    ['press.on{axis=x}', true, 1_790_000_000_000_001],
    ['press.strokes{axis=x}', 7, 1_790_000_000_000_001],
  ])
  assert.equal(rows[0]?.source, 'api/v2/write:plant/press')
  const refused = new InfluxDB({ url, token: 'other' }).getWriteApi('plant', 'press', 'us', { maxRetries: 0 })
  refused.writeRecord('m f=1')
  await assert.rejects(refused.close(), /unauthorized/)
})

test('takes what Telegraf sends: database, gzip, user and password', async () => {
  const { ports, post, url } = await listen({ username: 'telegraf', password: 'pw' })
  const authorization = `Basic ${Buffer.from('telegraf:pw').toString('base64')}`
  const created = await post('/query', 'q=CREATE+DATABASE+%22telegraf%22', {
    authorization,
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.deepEqual([created.status, await created.json()], [200, { results: [{ statement_id: 0 }] }])
  const headers = { authorization, 'content-encoding': 'gzip', 'user-agent': 'Telegraf/1.29' }
  const written = await post('/write?db=telegraf', gzipSync(file('telegraf-1.x.lp')), headers)
  assert.equal(written.status, 204)
  assert.ok(written.headers.get('x-influxdb-version'))
  assert.equal(ports.rows.length, 16)
  assert.equal((await post('/write?db=telegraf&u=telegraf&p=pw', 'm f=1')).status, 204)
  for (const path of ['/write?db=telegraf', '/write?db=telegraf&u=telegraf&p=pW', '/query?q=show'])
    assert.equal((await post(path, 'm f=1')).status, 401, path)
  assert.equal((await fetch(`${url}/ping`)).status, 204)
  assert.equal(((await (await fetch(`${url}/health`)).json()) as { status: string }).status, 'pass')
})

test('answers after the commit, and says to send again when there was none', async () => {
  const { ports, post } = await listen()
  ports.hold()
  let answered = false
  const written = post('/write', 'm f=1').then((response) => {
    answered = true
    return response
  })
  await ports.until(() => ports.accepts === 1)
  assert.equal(answered, false)
  ports.release()
  assert.equal((await written).status, 204)
  ports.failing = new Error('disk full')
  const failed = await post('/write', 'm f=1')
  assert.deepEqual([failed.status, failed.headers.get('retry-after')], [503, '1'])
})

test('a partial write tells the line, and keeps what was wrong', async () => {
  const { ports, post } = await listen()
  const response = await post('/write?precision=s', file('broken.lp'))
  assert.equal(response.status, 400)
  const { error } = (await response.json()) as { error: string }
  assert.match(
    error,
    /^partial write: unable to parse line 2 'no-fields 1790000000': .*\(and 6 more lines\); dropped=7$/,
  )
  assert.equal(ports.rows.length, 7)
  assert.equal(ports.refused.length, 1)
  assert.match(ports.refused[0]!.payload.toString(), /# line 14\nbad value="open/)
  assert.equal((await post('/write', Buffer.from([0x6d, 0xff, 0xfe]))).status, 400)
  assert.equal((await post('/write?precision=fortnight', 'm f=1')).status, 400)
  assert.equal((await post('/elsewhere', 'm f=1')).status, 404)
})

test('bounds what it takes: size, compression bombs, unknown encodings, cut requests', async () => {
  const { post, connection } = await listen({ maxBodyMegabytes: 1 })
  assert.equal((await post('/write', Buffer.alloc((1 << 20) + 1, 32))).status, 413)
  const bomb = gzipSync(Buffer.alloc(50 << 20, 32))
  assert.equal((await post('/write', bomb, { 'content-encoding': 'gzip' })).status, 413)
  assert.equal((await post('/write', 'm f=1', { 'content-encoding': 'gzip' })).status, 400)
  assert.equal((await post('/write', 'm f=1', { 'content-encoding': 'br' })).status, 415)
  const socket = connect(connection.port, '127.0.0.1')
  socket.write('POST /write HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nm f=')
  await once(socket, 'connect')
  socket.destroy()
  await once(socket, 'close')
  assert.equal((await post('/write', 'm f=1')).status, 204)
})

test('reads nothing while storage is behind', async () => {
  const { ports, post, connection } = await listen()
  ports.saturate()
  const written = post('/write', 'm f=1')
  await ports.until(() => connection.counters['requests'] === 1)
  assert.equal(ports.accepts, 0)
  ports.drain()
  assert.equal((await written).status, 204)
})

test('takes datagrams, and drops what storage cannot take', async () => {
  const { ports, connection } = await listen({ udp: { port: 0, precision: 'ms' } })
  const socket = createSocket('udp4')
  closing.push(() => socket.close())
  const send = (text: string) =>
    new Promise<void>((resolve) => socket.send(text, connection.udpPort, '127.0.0.1', () => resolve()))
  await send('m,host=a f=1 1790000000000\nm,host=a f=2 1790000000001')
  await send('nonsense')
  await ports.until(() => ports.refused.length === 1)
  assert.deepEqual(ports.values('m.f', 'a'), [1, 2])
  ports.saturate()
  await send('m f=3')
  await ports.until(() => connection.counters['datagrams_dropped'] === 1)
  assert.equal(connection.counters['datagrams'], 3)
})

test('a port that is taken is a state; when it is free, it listens', async () => {
  const first = await listen()
  const second = await listen({ port: first.connection.port })
  assert.equal(second.ports.state?.state, 'waiting')
  assert.match(second.ports.state?.reason ?? '', /in use/)
  const probe = await influxAdapter.test(
    Value.Default(influxAdapter.configSchema, { port: first.connection.port }) as InfluxConfig,
    first.ports.probe(),
  )
  assert.equal(probe.ok, false)
  await first.connection.stop()
  await second.ports.until(() => second.ports.state?.state === 'running')
  assert.equal((await second.post('/write', 'm f=1')).status, 204)
})

test('listens to others only with credentials', () => {
  const config = Value.Default(influxAdapter.configSchema, { host: '0.0.0.0' }) as InfluxConfig
  assert.throws(() => influxAdapter.check(config), { path: '/token' })
  influxAdapter.check({ ...config, token: 'x' })
  assert.throws(() => influxAdapter.check({ ...config, username: 'x' }), { path: '/password' })
})
