import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '@millwright/foundation'
import { trustedProxies } from './proxies.ts'
import { createHttpServer } from './server.ts'

const PROXY = '192.0.2.7'
/** As a socket that listens on IPv6 and IPv4 shows it. */
const MAPPED = `::ffff:${PROXY}`

async function server(proxies: readonly string[]) {
  const log = createLog({ level: 'silent' })
  const { app } = await createHttpServer({ log, tls: {}, isProxy: trustedProxies(proxies) })
  app.get('/api/v1/seen', async (request) => ({ ip: request.ip, protocol: request.protocol }))
  app.get('/page', async () => 'page')
  return (url: string, remoteAddress: string, headers: Record<string, string> = {}) =>
    app.inject({ url, remoteAddress, headers })
}

test('plain HTTP is answered to this machine and to named proxies; others are sent to https', async () => {
  const ask = await server([PROXY])
  for (const address of ['127.0.0.1', '::1', PROXY, MAPPED]) {
    assert.equal((await ask('/api/v1/seen', address)).statusCode, 200, address)
  }
  assert.equal((await ask('/api/v1/seen', '192.0.2.8')).json().code, 'MW-API-0006')
  const page = await ask('/page?a=1', '192.0.2.8', { host: 'plant.example:8080' })
  assert.equal(page.statusCode, 308)
  assert.equal(page.headers.location, 'https://plant.example:8080/page?a=1')
})

test('who a request is for is taken from a named proxy, and from nobody else', async () => {
  const ask = await server([PROXY])
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  assert.deepEqual((await ask('/api/v1/seen', MAPPED, forwarded)).json(), { ip: '203.0.113.9', protocol: 'https' })
  // What a client wrote itself stands before what the proxy added.
  const spoofed = { 'x-forwarded-for': '127.0.0.1, 203.0.113.9', 'x-forwarded-proto': 'https' }
  assert.equal((await ask('/api/v1/seen', PROXY, spoofed)).json().ip, '203.0.113.9')
  assert.equal((await ask('/api/v1/seen', '192.0.2.8', forwarded)).statusCode, 403, 'no proxy: still plain HTTP')
  assert.deepEqual((await ask('/api/v1/seen', '127.0.0.1', forwarded)).json(), { ip: '127.0.0.1', protocol: 'http' })
  const none = await server([])
  assert.equal((await none('/api/v1/seen', PROXY, forwarded)).statusCode, 403)
})
