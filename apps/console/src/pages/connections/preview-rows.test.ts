import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ConnectionPreview, PeerCertificate } from '../../api/types.ts'
import { decided, isRejected } from './draft.ts'
import { previewRows } from './preview-rows.ts'

type Reading = ConnectionPreview['readings'][0]
const reading = (change: Partial<Reading>): Reading => ({
  metric: 'Speed',
  kind: 'number',
  time: 0,
  value: 0,
  quality: 0,
  source: '',
  ...change,
})

it('shows each metric of each device once, by its newest reading', () => {
  const rows = previewRows([
    reading({ time: 2, value: 20 }),
    reading({ time: 1, value: 10 }),
    reading({ time: 3, value: 30, device: 'Press 1' }),
    reading({ metric: 'Oil', time: 1 }),
  ])
  assert.deepEqual(
    rows.map(({ newest, count }) => [newest.device, newest.metric, newest.value, count]),
    [
      [undefined, 'Speed', 20, 2],
      ['Press 1', 'Speed', 30, 1],
      [undefined, 'Oil', 0, 1],
    ],
  )
})

it('keeps a decision about a certificate once, beside those before it', () => {
  const certificate = { pem: 'PEM', fingerprint: 'ab' } as PeerCertificate
  const trusted = decided({ endpoint: 'x', trustedCertificates: ['OLD'] }, certificate, true)
  assert.deepEqual(trusted, { endpoint: 'x', trustedCertificates: ['OLD', 'PEM'] })
  assert.deepEqual(decided(trusted, certificate, true), trusted)
  const turned = decided({}, certificate, false)
  assert.deepEqual(turned, { rejectedCertificates: ['ab'] })
  assert.deepEqual([isRejected({}, certificate), isRejected(turned, certificate)], [false, true])
  assert.deepEqual(decided({ rejectedCertificates: ['A:B', 'cd'] }, certificate, true), {
    rejectedCertificates: ['cd'],
    trustedCertificates: ['PEM'],
  })
  assert.deepEqual(decided(trusted, certificate, false), {
    endpoint: 'x',
    trustedCertificates: ['OLD'],
    rejectedCertificates: ['ab'],
  })
})
