import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { prometheusAdapter } from './adapter.ts'
import type { PrometheusConfig } from './config.ts'
import { message, message2, pack, type SeriesToWrite } from './testing/index.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function listen(config: Partial<PrometheusConfig> = {}) {
  const ports = new TestPorts()
  closing.push(() => ports.close())
  const whole = Value.Default(prometheusAdapter.configSchema, { port: 0, ...config }) as PrometheusConfig
  assert.ok(Value.Check(prometheusAdapter.configSchema, whole))
  prometheusAdapter.check(whole)
  const connection = prometheusAdapter.create(whole, ports)
  closing.push(() => connection.stop())
  await connection.start()
  const post = (body: Buffer, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${connection.port}/api/v1/write`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
        ...headers,
      },
    })
  return { ports, connection, post }
}
const TIME = 1_790_000_000_000
const one: SeriesToWrite[] = [{ labels: { __name__: 'up', instance: 'a', job: 'b' }, samples: [[1, TIME]] }]

test('answers 204 after the commit; 503 when there was none', async () => {
  const { ports, post } = await listen()
  ports.hold()
  let answered = false
  const written = post(pack(message(one))).finally(() => {
    answered = true
  })
  await ports.until(() => ports.accepts === 1)
  assert.equal(answered, false)
  ports.release()
  assert.equal((await written).status, 204)
  assert.deepEqual(ports.values('up', 'b/a'), [1])
  ports.failing = new Error('disk full')
  assert.equal((await post(pack(message(one)))).status, 503)
})

test('what must not be repeated is answered 4xx, and kept as a dead letter', async () => {
  const { ports, post } = await listen()
  assert.equal((await post(Buffer.from('not snappy'))).status, 400)
  assert.equal((await post(pack(Buffer.from('not protobuf')))).status, 400)
  assert.equal((await post(pack(message(one)), { 'content-type': 'application/json' })).status, 415)
  assert.equal((await post(pack(message(one)), { 'content-encoding': 'gzip' })).status, 400)
  assert.equal(ports.refused.length, 2)
  const partly = [...one, { labels: { x: 'y' }, samples: [[1, TIME]] as const }]
  const response = await post(pack(message(partly)))
  assert.equal(response.status, 400)
  assert.match(await response.text(), /1 samples were not taken; the first: A series has no name/)
  assert.equal(ports.rows.length, 1)
})

test('speaks 2.0 too, and says how much was written', async () => {
  const { ports, post } = await listen()
  const response = await post(pack(message2(one)), {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  })
  assert.deepEqual([response.status, response.headers.get('x-prometheus-remote-write-samples-written')], [204, '1'])
  assert.deepEqual(ports.values('up', 'b/a'), [1])
})

test('asks for the token', async () => {
  const { post } = await listen({ token: 'let-me-in' })
  assert.equal((await post(pack(message(one)))).status, 401)
  assert.equal((await post(pack(message(one)), { authorization: 'Bearer let-me-in' })).status, 204)
})
