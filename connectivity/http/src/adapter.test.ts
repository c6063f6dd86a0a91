import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { connectivityErrors } from '@millwright/connectivity'
import { type TestConnectivity, testConnectivity } from '@millwright/connectivity/testing'
import { MINUTE, SECOND } from '@millwright/foundation'
import type { DeviceIdentity } from '@millwright/trust'
import Fastify, { type FastifyInstance } from 'fastify'
import { createHttpAdapter, type HttpAdapter } from './adapter.ts'

/** The part of trust that this adapter asks: who holds a token. */
class Tokens implements DeviceIdentity {
  readonly devices = new Map<string, string>()
  readonly #tenant: string

  constructor(tenant: string) {
    this.#tenant = tenant
  }

  async byToken(token: string) {
    const device = this.devices.get(token)
    if (device === undefined) throw connectivityErrors.notIdentified()
    return { device, tenant: this.#tenant, name: device, place: { tenant: this.#tenant, path: [] } }
  }

  async byCertificate(): Promise<never> {
    throw connectivityErrors.notIdentified()
  }
}

describe('HTTP adapter', () => {
  let test: TestConnectivity
  let app: FastifyInstance
  let adapter: HttpAdapter
  let tokens: Tokens
  let base: string
  let device: string

  before(async () => {
    test = await testConnectivity()
    const connectivity = await test.start({ messageRate: 1000 })
    tokens = new Tokens(test.tenant)
    adapter = createHttpAdapter({ connectivity, trust: { deviceIdentity: tokens }, clock: test.clock })
    app = Fastify()
    await app.register(adapter.plugin)
    await adapter.start()
    base = await app.listen({ port: 0, host: '127.0.0.1' })
    device = await test.device()
    tokens.devices.set('mwd_one', device)
  })
  after(async () => {
    await app.close()
    await adapter.stop()
    await test.close()
  })

  const call = (path: string, init: RequestInit = {}, token = 'mwd_one') =>
    fetch(`${base}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
  const post = (
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => call(path, { method: 'POST', body: body as BodyInit, headers })
  const problem = async (answer: Response) => {
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    return (await answer.json()) as { status: number; code: string; detail: string; path?: string }
  }
  const TELEMETRY = '/api/v1/devices/me/telemetry'

  it('takes Millwright JSON, SenML JSON and CBOR, and answers 204 after the commit', async () => {
    test.sink.held = true
    const waiting = post(TELEMETRY, '[{"values":{"a":1}},{"values":{"a":2}}]')
    const answered = waiting.then(() => 'answered')
    await assert.doesNotReject(async () => {
      for (let i = 0; i < 200 && test.sink.open.length < 2; i++) await new Promise((next) => setImmediate(next))
    })
    assert.equal(await Promise.race([answered, Promise.resolve('waiting')]), 'waiting')
    test.sink.held = false
    test.sink.commit()
    assert.equal((await waiting).status, 204)

    const senml = '[{"n":"b","v":3}]'
    assert.equal(
      (await post(TELEMETRY, senml, { 'content-type': 'application/senml+json; charset=utf-8' })).status,
      204,
    )
    const cbor = Uint8Array.of(0x81, 0xa2, 0x00, 0x61, 0x63, 0x02, 0x04)
    assert.equal((await post(TELEMETRY, cbor, { 'content-type': 'application/cbor' })).status, 204)
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [1, 2, 3, 4],
    )
  })

  it('takes gzip, and stops a bomb at the bound', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    assert.equal((await post(TELEMETRY, gzipSync('{"values":{"a":5}}'), headers)).status, 204)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20))
    const refused = await problem(await post(TELEMETRY, bomb, headers))
    assert.deepEqual([refused.status, refused.code], [413, 'MW-CONN-0001'])
    assert.equal((await problem(await post(TELEMETRY, 'not gzip', headers))).code, 'MW-CONN-0094')
    const brotli = { ...headers, 'content-encoding': 'br' }
    assert.equal((await problem(await post(TELEMETRY, 'x', brotli))).status, 415)
  })

  it('refuses what it should, with problem+json and a dead letter', async () => {
    const cases: [string | Uint8Array, Record<string, string>, number, string][] = [
      ['{"values":{"a":1e400}}', { 'content-type': 'application/json' }, 400, 'MW-CONN-0005'],
      ['{"values":{"a":NaN}}', { 'content-type': 'application/json' }, 400, 'MW-CONN-0005'],
      ['', { 'content-type': 'application/json' }, 400, 'MW-CONN-0003'],
      [Buffer.alloc(2 * 1024 * 1024, 0x20), { 'content-type': 'application/json' }, 413, 'MW-CONN-0001'],
      ['<xml/>', { 'content-type': 'application/xml' }, 415, 'MW-CONN-0092'],
    ]
    for (const [body, headers, status, code] of cases) {
      const found = await problem(await post(TELEMETRY, body, headers))
      assert.deepEqual([found.status, found.code], [status, code])
    }
    const { items } = await test.platform.deadLetters.list(test.actor, { device })
    assert.ok(items.some(({ code, source }) => code === 'MW-CONN-0005' && source === `http:${TELEMETRY}`))
    // The bomb of the test before and the body that was never read are alike.
    assert.ok(items.some(({ code, count }) => code === 'MW-CONN-0001' && count === 2))
  })

  it('knows nobody without a good token', async () => {
    const none = await fetch(`${base}${TELEMETRY}`, { method: 'POST', body: '{}' })
    assert.equal(none.status, 401)
    assert.equal(none.headers.get('www-authenticate'), 'Bearer')
    assert.equal((await call(TELEMETRY, { method: 'POST', body: '{}' }, 'mwd_other')).status, 401)
    assert.equal((await fetch(`${base}/api/v1/mwd_other/telemetry`, { method: 'POST', body: '{}' })).status, 401)
  })

  it('hands out commands by long poll and takes their results', async () => {
    const polled = call('/api/v1/devices/me/commands?wait=30')
    const session = await pollFor(() => test.platform.sessions.of(device)[0])
    assert.equal(session.protocol, 'http')
    const sent = await test.platform.commands.send(test.actor, device, { name: 'start', params: { speed: 3 } })
    const { items } = (await (await polled).json()) as { items: { id: string }[] }
    assert.deepEqual(items, [{ id: sent.id, name: 'start', params: { speed: 3 }, timeout: 10 * SECOND }])
    assert.equal(
      (await post(`/api/v1/devices/me/commands/${sent.id}/reply`, '{"ok":true,"result":{"speed":3}}')).status,
      204,
    )
    const done = await test.platform.commands.get(test.actor, sent.id)
    assert.deepEqual([done.state, done.result], ['succeeded', { speed: 3 }])
    const again = await problem(
      await post(`/api/v1/devices/me/commands/${sent.id}/reply`, '{"ok":false,"error":"late"}'),
    )
    assert.equal(again.code, 'MW-CONN-0072')
    assert.deepEqual(await (await call('/api/v1/devices/me/commands')).json(), { items: [] })
  })

  it('hands out what is queued already at once, in order', async () => {
    const first = await test.platform.commands.send(test.actor, device, { name: 'one' })
    const second = await test.platform.commands.send(test.actor, device, { name: 'two' })
    const { items } = (await (await call('/api/v1/devices/me/commands')).json()) as { items: { id: string }[] }
    assert.deepEqual(
      items.map(({ id }) => id),
      [first.id, second.id],
    )
  })

  it('shows the twin and takes reports', async () => {
    await test.platform.twins.patchDesired(test.actor, device, { rate: 5 }, undefined)
    const report = '{"document":{"rate":5,"firmware":"1.2"},"desiredVersion":1}'
    assert.equal((await post('/api/v1/devices/me/twin/reported', report)).status, 204)
    assert.deepEqual(await (await call('/api/v1/devices/me/twin')).json(), {
      desired: { version: 1, document: { rate: 5 } },
      reported: { version: 1, document: { rate: 5, firmware: '1.2' } },
    })
    assert.equal((await test.platform.twins.get(test.actor, device)).inSync, true)
    assert.equal(
      (await problem(await post('/api/v1/devices/me/twin/reported', '{"document":[]}'))).code,
      'MW-CONN-0010',
    )
  })

  it('speaks ThingsBoard', async () => {
    const one = (path: string, init?: RequestInit) => fetch(`${base}/api/v1/mwd_one/${path}`, init)
    const body = (value: unknown) => ({ method: 'POST', body: JSON.stringify(value) })
    test.sink.rows.length = 0
    assert.equal((await one('telemetry', body({ ts: 1_767_000_000_000, values: { tb: '42' } }))).status, 200)
    assert.deepEqual(
      test.sink.rows.map(({ time, value }) => [time, value]),
      [[1_767_000_000_000_000, 42]],
    )
    assert.equal((await one('attributes', body({ model: 'X1' }))).status, 200)
    const asked = await (await one('attributes?clientKeys=model&sharedKeys=rate')).json()
    assert.deepEqual(asked, { client: { model: 'X1' }, shared: { rate: 5 } })
    const sent = await test.platform.commands.send(test.actor, device, { name: 'blink', params: 3 })
    const rpc = (await (await one('rpc?timeout=1000')).json()) as { id: number }
    assert.deepEqual({ ...rpc, id: 0 }, { id: 0, method: 'blink', params: 3 })
    assert.equal((await one(`rpc/${rpc.id}`, body({ done: true }))).status, 200)
    assert.equal((await test.platform.commands.get(test.actor, sent.id)).state, 'succeeded')
    assert.equal((await one('rpc', body({ method: 'getTime' }))).status, 400)
  })

  it('answers 429 with a time to wait when a device sends too much', async () => {
    const greedy = await test.device()
    tokens.devices.set('mwd_greedy', greedy)
    const session = await test.session(greedy)
    await test.platform.intake.accept(session, 'millwright+json', Buffer.from('{"values":{"a":1}}'), 'test')
    for (let i = 0; i < 1999; i++)
      void test.platform.intake.accept(session, 'millwright+json', Buffer.from('{"values":{"a":1}}'), 'test')
    const answer = await call(
      TELEMETRY,
      { method: 'POST', body: '{"values":{"a":1}}', headers: { 'content-type': 'application/json' } },
      'mwd_greedy',
    )
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal((await problem(answer)).code, 'MW-CONN-0050')
  })

  const cases = new URL('../testcases/', import.meta.url)
  for (const name of readdirSync(cases)) {
    it(`answers the bytes of ${name} with ${name.slice(0, 3)}`, async () => {
      const { port } = app.server.address() as AddressInfo
      const socket = connect(port, '127.0.0.1', () => socket.write(readFileSync(new URL(name, cases))))
      let answer = ''
      for await (const chunk of socket) answer += chunk
      assert.equal(answer.slice(0, 12), `HTTP/1.1 ${name.slice(0, 3)}`)
    })
  }

  it('says a device is offline when it stops asking, or is cut', async () => {
    assert.equal((await test.platform.devices.get(test.actor, device)).connection.state, 'online')
    await test.clock.advance(10 * MINUTE)
    const { connection } = await test.platform.devices.get(test.actor, device)
    assert.deepEqual([connection.state, connection.reason], ['offline', 'it sent no request for a while'])
    await post(TELEMETRY, '{"values":{"a":1}}')
    assert.equal((await test.platform.devices.get(test.actor, device)).connection.state, 'online')
    await test.platform.devices.update(test.actor, device, { state: 'disabled' }, undefined)
    assert.equal((await problem(await post(TELEMETRY, '{"values":{"a":1}}'))).code, 'MW-CONN-0061')
  })
})

/** Tries until there is something, for at most two seconds. */
async function pollFor<T>(look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + 2000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('nothing came within two seconds')
    await new Promise((next) => setTimeout(next, 5))
  }
}
