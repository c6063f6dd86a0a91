import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { createLog, errorCatalogue, systemClock } from '@millwright/foundation'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'
import fastify, { type FastifyInstance } from 'fastify'
import { brokerAuthorisation } from '../src/index.ts'
import { TestPki } from '../src/testing/index.ts'

const SECRET = 'a-secret-of-twenty-chars'
const TOKEN = `mwd_${'ab'.repeat(32)}`
const DEVICE = 'dev_01k5zsx0v3m8f3t9q2w7r6y5n4'
const CASES = new URL('../testcases/broker-auth/', import.meta.url)
const log = createLog({ level: 'silent' })
const errors = errorCatalogue('TEST', {
  unknown: { number: 1, status: 401, text: 'no' },
  broken: { number: 2, status: 503, text: 'broken' },
})

/** Two credentials; everything else is refused as trust does. */
class Devices implements DeviceIdentity {
  revoked = false
  broken = false
  certificate: X509Certificate | undefined

  async byToken(token: string): Promise<IdentifiedDevice> {
    if (this.broken) throw errors.broken()
    if (token !== TOKEN || this.revoked) throw errors.unknown()
    return this.#device
  }

  async byCertificate(given: X509Certificate | Uint8Array): Promise<IdentifiedDevice> {
    if (!(given instanceof X509Certificate) || given.fingerprint256 !== this.certificate?.fingerprint256)
      throw errors.unknown()
    return this.#device
  }

  get #device(): IdentifiedDevice {
    return { device: DEVICE, tenant: 'ten_1', name: 'Press', place: { tenant: 'ten_1', path: [] } } as IdentifiedDevice
  }
}

describe('brokers that ask', () => {
  const identity = new Devices()
  let app: FastifyInstance
  const serve = async (over: object = {}) => {
    const served = fastify()
    const options = { trust: { deviceIdentity: identity }, clock: systemClock, log, secret: SECRET, ...over }
    await served.register(brokerAuthorisation(options))
    return served
  }
  before(async () => {
    app = await serve()
  })
  after(() => app.close())
  const emqx = (what: string, body: object, headers: object = { authorization: `Bearer ${SECRET}` }) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/broker-auth/emqx/${what}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    })

  for (const name of readdirSync(CASES).filter((file) => file.endsWith('.http'))) {
    it(`are answered in their words: ${name}`, async () => {
      const filled = readFileSync(new URL(name, CASES), 'utf8')
        .replaceAll('<secret>', SECRET)
        .replaceAll('<token>', TOKEN)
        .replaceAll('<device>', DEVICE)
      const parts = filled.trimEnd().split('\n\n')
      const [head, expected] = [parts[0]!.split('\n'), parts.at(-1)!.split('\n')]
      const [method, url] = head[0]!.split(' ') as ['GET' | 'POST', string]
      const headers = Object.fromEntries(head.slice(1).map((line) => line.split(': ') as [string, string]))
      const body = parts.length === 3 ? parts[1]! : undefined
      const reply = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) })
      assert.deepEqual(
        [`${reply.statusCode} ${String(reply.headers['content-type']).split(';')[0]}`, reply.body],
        [expected[0], expected[1]],
      )
    })
  }

  it('hear no when a device is revoked, when our own database is broken, and when nobody asks properly', async () => {
    const question = { username: TOKEN, action: 'publish', topic: `d/${DEVICE}/mw/v1/telemetry` }
    identity.revoked = true
    assert.deepEqual((await emqx('authz', question)).json(), { result: 'deny' })
    identity.revoked = false
    identity.broken = true
    const broken = await emqx('authz', question)
    assert.deepEqual([broken.statusCode, broken.json()], [200, { result: 'deny' }])
    identity.broken = false
    for (const body of [{}, { username: 5 }, { username: TOKEN, action: 'own', topic: 'x' }]) {
      assert.deepEqual((await emqx('authz', body)).json(), { result: 'deny' })
    }
    const huge = await emqx('authz', { ...question, padding: 'x'.repeat(100_000) })
    assert.deepEqual([huge.statusCode, huge.json()], [200, { result: 'deny' }])
    const basic = Buffer.from(`broker:${SECRET}`).toString('base64')
    assert.deepEqual((await emqx('authz', question, { authorization: `Basic ${basic}` })).json(), { result: 'allow' })
  })

  it('let devices in by the certificate that the broker’s TLS has proved', async () => {
    const { cert } = await (await TestPki.create()).issue(DEVICE)
    identity.certificate = new X509Certificate(cert)
    const answer = await emqx('authn', { cert_pem: cert })
    assert.equal(answer.json().result, 'allow')
    assert.equal(answer.json().client_attrs.device, DEVICE)
    for (const cert_pem of ['nonsense', (await (await TestPki.create()).issue(DEVICE)).cert]) {
      // A certificate decides: a token does not make a bad one good.
      assert.deepEqual((await emqx('authn', { cert_pem, username: TOKEN })).json(), { result: 'deny' })
    }
  })

  it('are throttled when they guess, and not answered without a secret', async () => {
    const strict = await serve({ rates: { questions: 100, strangers: 3 } })
    const ask = (secret: string) =>
      strict.inject({ method: 'POST', url: `/api/v1/broker-auth/mosquitto/${secret}/user`, payload: '{}' })
    for (let i = 0; i < 150; i++) assert.equal((await ask('wrong')).statusCode, 403)
    // The whole allowance is gone, the right secret's too.
    assert.equal((await ask(SECRET)).statusCode, 403)
    await strict.close()
    const closed = await serve({ secret: '' })
    assert.equal((await closed.inject({ method: 'GET', url: '/api/v1/broker-auth/emqx/authn' })).statusCode, 404)
    await closed.close()
    assert.throws(
      () => brokerAuthorisation({ trust: { deviceIdentity: identity }, clock: systemClock, log, secret: 'short' }),
      {
        code: 'MW-BRK-0063',
      },
    )
  })
})
