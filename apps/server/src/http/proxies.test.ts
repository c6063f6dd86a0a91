import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback } from '../local-operator.ts'
import { trustedProxies } from './proxies.ts'

test('a proxy is known by its address or network, in every form a socket shows it', () => {
  const isProxy = trustedProxies(['192.0.2.7', '10.1.0.0/16', 'fd00::/8'])
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:10.1.255.3', '10.1.0.1', 'fd12::1']) {
    assert.ok(isProxy(address), address)
  }
  for (const address of ['192.0.2.8', '10.2.0.1', 'fe80::1', '', 'proxy', '192.0.2.7, 10.1.0.1', undefined]) {
    assert.ok(!isProxy(address), String(address))
  }
  assert.ok(!trustedProxies([])('127.0.0.1'))
})

test('what is no address is named', () => {
  for (const given of ['proxy.example', '10.1.0.0/33', '10.1.0.0/', '10.1.0.0/8/8', 'fd00::/129', '10.1/16', '']) {
    assert.throws(() => trustedProxies([given]), { code: 'MW-API-0009' }, given)
  }
})

test('only addresses of this machine itself are loopback, not names that begin alike', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopback(address), address)
  for (const address of ['127.evil.example', '127.0.0.1.evil.example', '::ffff:10.0.0.1', 'localhost', '', undefined]) {
    assert.ok(!isLoopback(address), String(address))
  }
})
