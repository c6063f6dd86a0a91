import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pinnedFetch } from '@millwright/sdk/device'
import mqtt from 'mqtt'
import { enrolDevice } from './harness/device.ts'
import { PASSWORD, signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

describe('secrets', () => {
  let platform: RunningPlatform
  let directory: string
  /** What must stand nowhere but with its owner -> what it is. */
  const secrets = new Map<string, string>()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-secrets-'))
    platform = await startPlatform({ directory, args: ['--log-level', 'trace'] })
  })
  after(async () => {
    await platform?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const keep = (what: string, secret: string): string => {
    secrets.set(secret, what)
    return secret
  }

  it('come in cookies that scripts and other sites cannot use, and Secure over TLS', async () => {
    const link = platform.signInLink!
    keep('a sign-in link', new URL(link).hash.slice(1))
    keep('a password', PASSWORD)
    const admin = await signIn(platform.url, link)
    keep('a cookie', admin.cookie.split('=')[1]!)
    keep('a CSRF token', (await admin.client.getSession()).csrf)
    const credentials = JSON.stringify({ email: 'admin@millwright.local', password: PASSWORD })
    const { authority } = await platform.client.getInfo()
    const overTls = pinnedFetch(authority)
    for (const [send, base] of [
      [fetch, platform.url],
      [overTls, platform.url.replace('http:', 'https:')],
    ] as const) {
      const sign = (body: string) =>
        send(
          new Request(`${base}/api/v1/session`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          }),
        )
      assert.equal((await sign(credentials.replace('admin@', 'nobody@'))).status, 401)
      const reply = await sign(credentials)
      assert.equal(reply.status, 200)
      const [cookie] = reply.headers.getSetCookie()
      const tls = base.startsWith('https:')
      const shape = tls
        ? /^__Host-millwright=mws_\w+; Path=\/; HttpOnly; SameSite=Strict; Secure$/
        : /^millwright=mws_\w+; Path=\/; HttpOnly; SameSite=Strict$/
      assert.match(cookie!, shape)
      assert.equal(reply.headers.get('cache-control'), 'no-store')
      keep('a cookie', /=(mws_\w+)/.exec(cookie!)![1]!)
      keep('a CSRF token', ((await reply.json()) as { csrf: string }).csrf)
    }
    const expiresAt = Date.now() * 1000 + 1e9
    const made = await admin.client.createToken({ body: { name: 'reader', permissions: ['asset:read'], expiresAt } })
    keep('an API token', made.secret)
    const withToken = (path: string) =>
      fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${made.secret}` } })
    assert.equal((await withToken('/api/v1/assets')).status, 200)
    assert.equal((await withToken('/api/v1/users')).status, 403)
    assert.equal((await withToken('/api/v1/nothing')).status, 404)
  })

  it('of a session open no live connection for the pages of others', async () => {
    const cookie = [...secrets].find(([, what]) => what === 'a cookie')![0]
    const upgrade = (origin: string | undefined) =>
      new Promise<string>((resolve) => {
        const headers = { cookie: `millwright=${cookie}`, ...(origin === undefined ? {} : { origin }) }
        const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/live`, { headers } as never)
        socket.onopen = () => {
          socket.close()
          resolve('open')
        }
        socket.onerror = () => resolve('refused')
      })
    const { host } = new URL(platform.url)
    for (const foreign of [
      'https://evil.example',
      'null',
      `https://${host}.evil.example`,
      `http://evil.example#${host}`,
    ]) {
      assert.equal(await upgrade(foreign), 'refused', foreign)
    }
    assert.equal(await upgrade(platform.url), 'open')
    assert.equal(await upgrade(undefined), 'open')
  })

  it('of devices, in headers, in addresses and at enrolment', async () => {
    const device = await enrolDevice(platform, { name: 'PLC' })
    keep('a private key', device.identity.key.split('\n')[1]!)
    const { client } = platform
    keep('an enrolment token', (await client.createEnrolmentToken({ params: { id: device.id }, body: {} })).token)
    const { token } = await client.createDeviceToken({ params: { id: device.id } })
    keep('a device token', token)
    const post = (path: string, body: string, headers = {}) =>
      fetch(`${platform.url}/api/v1${path}`, { method: 'POST', body, headers })
    const bearer = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    assert.equal((await post('/devices/me/telemetry', '{"values":{"t":1}}', bearer)).status, 204)
    assert.equal((await post('/devices/me/telemetry', '{', bearer)).status, 400)
    // ThingsBoard's way: the token stands in the path.
    assert.equal((await post(`/${token}/telemetry`, '{"t":1}')).status, 200)
    assert.equal((await post(`/${token}/telemetry`, '{"t":')).status, 400)
    assert.equal((await post(`/${token}/telemetry`, 'x'.repeat(2 << 20))).status, 413)
    assert.equal((await post(`/${token}/nothing`, '{}')).status, 404)
    assert.equal((await fetch(`${platform.url}/api/v1/${token}/attributes?clientKeys=%00`)).status < 500, true)
    const [letter] = (await client.listDeadLetters({ query: { device: device.id } })).items
    assert.ok(!JSON.stringify(letter).includes(token), 'a dead letter tells the token')
    const connection = await mqtt.connectAsync(`mqtts://localhost:${platform.mqttPort}`, {
      username: token,
      ca: device.identity.authority,
      protocolVersion: 4,
      reconnectPeriod: 0,
    })
    await connection.publishAsync('mw/v1/telemetry', '{', { qos: 1 })
    await connection.endAsync()
    const wrong = keep('a wrong device token', `mwd_${'0'.repeat(63)}1`)
    const refused = mqtt.connectAsync(`mqtts://localhost:${platform.mqttPort}`, {
      username: wrong,
      ca: device.identity.authority,
      protocolVersion: 4,
      reconnectPeriod: 0,
    })
    await assert.rejects(refused)
    keep('the token of this machine', platform.token)
  })

  it('stand in no line of the log, however much it says, and in no file of the data directory', async () => {
    await platform.stop()
    const log = platform.log()
    assert.match(log, /"level":"debug"/)
    for (const [secret, what] of secrets) assert.ok(!log.includes(secret), `${what} stands in the log`)
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name === 'local-token') continue
      const bytes = await readFile(join(entry.parentPath, entry.name))
      for (const [secret, what] of secrets) {
        assert.ok(!bytes.includes(secret), `${what} stands in ${join(entry.parentPath, entry.name)}`)
      }
    }
  })
})
