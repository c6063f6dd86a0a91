import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeCertificate } from '../testing/certificates.ts'
import { judge, splitChain, warningOf } from './trust-list.ts'

const made = new X509Certificate((await makeCertificate(100)).certificate)
const other = new X509Certificate((await makeCertificate(100, 'Other')).certificate)
const now = Date.now() * 1000
const list = { trusted: [] as X509Certificate[], rejected: new Set<string>(), acceptExpired: false }
const shown = { certificate: made.raw, host: 'localhost', applicationUri: 'urn:millwright:test-server' }
const fingerprint = made.fingerprint256.replaceAll(':', '').toLowerCase()

test('a certificate is trusted by itself, and by nothing that only has its name', () => {
  assert.equal(judge(shown, list, now).trust, 'unknown')
  assert.equal(judge(shown, { ...list, trusted: [made] }, now).trust, 'accepted')
  assert.equal(judge(shown, { ...list, trusted: [other] }, now).trust, 'unknown')
  assert.equal(judge(shown, { ...list, trusted: [made], rejected: new Set([fingerprint]) }, now).trust, 'rejected')
})

test('who is asked is told what to look at', () => {
  const verdict = judge({ ...shown, host: '10.0.0.9', applicationUri: 'urn:else' }, list, now)
  assert.ok(verdict.trust === 'unknown')
  assert.match(verdict.reason, /does not name 10\.0\.0\.9.*does not name the server’s application URI/)
  const late = judge(shown, list, now + 200 * 86_400_000_000)
  assert.ok(late.trust === 'unknown')
  assert.match(late.reason, /expired on/)
})

test('an accepted certificate that is not in force is refused, or borne when so configured', () => {
  const later = now + 200 * 86_400_000_000
  assert.equal(judge(shown, { ...list, trusted: [made] }, later).trust, 'refused')
  const borne = judge(shown, { ...list, trusted: [made], acceptExpired: true }, later)
  assert.ok(borne.trust === 'accepted')
  assert.match(warningOf(borne.certificate, later) ?? '', /expired on/)
  assert.match(warningOf(borne.certificate, now + 90 * 86_400_000_000) ?? '', /expires on .*renew it/)
  assert.equal(warningOf(borne.certificate, now), undefined)
  assert.equal(judge(shown, { ...list, trusted: [made] }, now - 900 * 86_400_000_000).trust, 'refused')
})

test('chains are split; bytes that are none are unreadable', () => {
  assert.equal(splitChain(Buffer.concat([made.raw, other.raw]))?.length, 2)
  assert.equal(splitChain(Buffer.concat([made.raw, Buffer.from([0x30])])), undefined)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(made.raw.length - 1), (noise, at) => {
      const bytes = Buffer.from(made.raw)
      bytes.set(noise.subarray(0, bytes.length - at), at)
      for (const certificate of [noise, bytes]) {
        assert.ok(['unreadable', 'unknown'].includes(judge({ ...shown, certificate }, list, now).trust))
      }
    }),
    { numRuns: 200, examples: [[new Uint8Array(0), 0]] },
  )
})
