import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatEnrolmentToken, newEnrolmentToken, parseEnrolmentToken } from '../identity/enrolment-token.ts'
import { sessionCookie, sessionSecret } from '../sessions/cookies.ts'
import { callerOf } from '../throttle/address.ts'
import { csrfToken, hashSecret, isSecret, newSecret, sameText } from './secret.ts'

test('secrets are 256 random bits of their kind', () => {
  const secret = newSecret('mwt')
  assert.ok(isSecret('mwt', secret))
  assert.ok(!isSecret('mwd', secret))
  assert.notEqual(secret, newSecret('mwt'))
  assert.match(hashSecret(secret), /^[0-9a-f]{64}$/)
  assert.notEqual(csrfToken(newSecret('mws')), csrfToken(newSecret('mws')))
  fc.assert(fc.property(fc.string(), (text) => !isSecret('mwt', text)))
  assert.ok(!isSecret('mwt', `${secret}\n`))
})

test('texts compare as they are', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameText(a, b) === (a === b) && sameText(a, a)))
})

test('an enrolment token reads as it was written, and nothing else reads as one', () => {
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
  fc.assert(
    fc.property(hex(64), hex(32), (secret, authority) => {
      assert.deepEqual(parseEnrolmentToken(formatEnrolmentToken({ secret, authority })), { secret, authority })
    }),
  )
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => parseEnrolmentToken(text) === undefined))
  const token = formatEnrolmentToken(newEnrolmentToken('ab'.repeat(32)))
  assert.equal(token.length, 101)
  assert.equal(token.slice(-32), 'ab'.repeat(16))
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom('_', 'g', 'A', ' ', '\n', 'é', ''), (at, by) => {
      // The underscores stand where they stand.
      if (token[at] === by) return
      assert.equal(parseEnrolmentToken(token.slice(0, at) + by + token.slice(at + 1)), undefined)
    }),
  )
})

test('a cookie is read back over the connection it was made for', () => {
  const secret = newSecret('mws')
  for (const secure of [true, false]) {
    const made = sessionCookie(secret, secure)
    assert.match(made, /; Path=\/; HttpOnly; SameSite=Strict/)
    assert.equal(/; Secure$/.test(made), secure)
    const pair = made.split(';')[0]
    assert.equal(sessionSecret(`a=b; ${pair}; c=d`, secure), secret)
    assert.equal(sessionSecret(`a=b; ${pair}; c=d`, !secure), undefined)
  }
  assert.match(sessionCookie('', true), /Max-Age=0$/)
})

test('a cookie header from outside never breaks, and yields only secrets', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (header, secure) => {
      assert.equal(sessionSecret(header, secure), undefined)
      assert.equal(sessionSecret(`__Host-millwright=${header}; millwright=${header}`, secure), undefined)
    }),
  )
  assert.equal(sessionSecret(undefined, true), undefined)
  assert.equal(sessionSecret(`${'x'.repeat(20_000)}; millwright=${newSecret('mws')}`, false), undefined)
})

test('callers are told by their IPv4 address or their IPv6 network', () => {
  assert.equal(callerOf('192.0.2.1'), '192.0.2.1')
  assert.equal(callerOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(callerOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
  assert.equal(callerOf('2001:0db8:0001:0002::9'), '2001:db8:1:2::/64')
  assert.equal(callerOf('2001:db8::1'), '2001:db8:0:0::/64')
  assert.equal(callerOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
  assert.equal(callerOf('::1'), '0:0:0:0::/64')
  assert.equal(callerOf('64:ff9b::192.0.2.33'), '64:ff9b:0:0::/64')
  assert.equal(callerOf('not an address'), 'unknown')
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      assert.match(callerOf(address), /^([0-9a-f]{1,4}(:[0-9a-f]{1,4}){3}::\/64|\d+\.\d+\.\d+\.\d+)$/)
    }),
  )
})
