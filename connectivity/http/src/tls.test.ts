/** The adapter with the real trust below it: certificates over mutual TLS, device tokens, revocation. */
import assert from 'node:assert/strict'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import {
  type Connectivity,
  connectivityMigrations,
  createConnectivity,
  createDevicePlaces,
} from '@millwright/connectivity'
import { MemoryAssets, MemorySignals, MemorySink } from '@millwright/connectivity/testing'
import { createLog } from '@millwright/foundation'
import type { Actor, DevicePlaces } from '@millwright/trust'
import { deviceKeys, openTestTrust, type TestTrust } from '@millwright/trust/testing'
import Fastify, { type FastifyInstance } from 'fastify'
import { httpAdapter } from './adapter.ts'

interface Credentials {
  readonly key?: string
  readonly cert?: string
  readonly token?: string
}

describe('HTTP adapter over TLS', () => {
  let held: TestTrust
  let connectivity: Connectivity
  let app: FastifyInstance
  let administrator: Actor
  const sink = new MemorySink()

  before(async () => {
    let places: DevicePlaces | undefined
    held = await openTestTrust({
      migrations: connectivityMigrations,
      devicePlaces: { place: async (device) => places?.place(device) },
    })
    const { database, bus, clock, trust } = held
    places = createDevicePlaces({ database, bus })
    administrator = await held.administrator()
    const log = createLog({ level: 'silent' })
    connectivity = createConnectivity({
      database,
      bus,
      clock,
      log,
      trust,
      assetPaths: new MemoryAssets(),
      sink,
      signals: new MemorySignals(),
      adapters: new Map(),
      directory: held.directory,
    })
    await connectivity.start()
    const { key, cert, ca } = trust.authority.serverTls()
    app = Fastify({
      https: { key, cert, ca, requestCert: true, rejectUnauthorized: false },
    }) as unknown as FastifyInstance
    await app.register(httpAdapter({ connectivity, trust, clock }))
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  after(async () => {
    await app.close()
    await connectivity.stop()
    await held.close()
  })

  const post = (as: Credentials): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = app.server.address() as AddressInfo
      const { key, cert, token } = as
      const sent = request(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port,
          path: '/api/v1/devices/me/telemetry',
          method: 'POST',
          ca: held.trust.authority.certificate,
          agent: false,
          headers: {
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          ...(key === undefined ? {} : { key, cert }),
        },
        (answer) => {
          answer.resume()
          answer.on('end', () => resolve(answer.statusCode!))
        },
      )
      sent.on('error', reject)
      sent.end('{"values":{"temperature":61.25}}')
    })
  const announce = async (name: string) => (await connectivity.devices.create(administrator, { name })).id

  it('knows a device by its certificate, until that is revoked', async () => {
    const device = await announce('Controller')
    const { token } = await held.trust.enrolment.createToken(administrator, device)
    const { key, csr } = await deviceKeys()
    const { certificate } = await held.trust.enrolment.enrol({ token, csr, address: '127.0.0.1' })
    assert.equal((await connectivity.devices.get(administrator, device)).state, 'enrolled')
    assert.equal(await post({ key, cert: certificate }), 204)
    assert.deepEqual(
      sink.rows.map(({ value }) => value),
      [61.25],
    )
    const [session] = connectivity.sessions.of(device)
    const [found] = await held.trust.enrolment.certificates(administrator, device)
    await held.trust.enrolment.revoke(administrator, device, found!.serial, 'stolen')
    assert.equal(session!.closed, true)
    assert.equal(await post({ key, cert: certificate }), 401)
    assert.equal(
      (await connectivity.devices.get(administrator, device)).connection.reason,
      'its certificate was revoked',
    )
  })

  it('knows a device by its token, until that is taken back', async () => {
    const device = await announce('Sensor')
    const { token } = await held.trust.enrolment.createDeviceToken(administrator, device)
    assert.equal(await post({ token }), 204)
    await held.trust.enrolment.revokeDeviceToken(administrator, device)
    assert.equal(await post({ token }), 401)
    assert.equal(
      (await connectivity.devices.get(administrator, device)).connection.reason,
      'its access token was taken back',
    )
  })

  it('does not take a certificate of another authority, nor none', async () => {
    const elsewhere = await openTestTrust({ publicUrl: 'https://localhost:8080' })
    try {
      const device = elsewhere.devices.add(elsewhere.tenant, await announce('Double'), [], 'Double')
      const { token } = await elsewhere.trust.enrolment.createToken(await elsewhere.administrator(), device)
      const { key, csr } = await deviceKeys()
      const { certificate } = await elsewhere.trust.enrolment.enrol({ token, csr, address: '127.0.0.1' })
      assert.equal(await post({ key, cert: certificate }), 401)
    } finally {
      await elsewhere.close()
    }
    assert.equal(await post({}), 401)
  })
})
