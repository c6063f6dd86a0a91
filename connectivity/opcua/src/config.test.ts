import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configProblem } from '@millwright/connectivity'
import { opcuaAdapter } from './adapter.ts'
import { completed, type OpcuaConfig } from './config.ts'
import { makeCertificate } from './testing/certificates.ts'

const problem = (config: unknown) => {
  const found = configProblem(opcuaAdapter, config)
  return found === undefined ? undefined : `${found.path}: ${found.message}`
}
const endpoint = 'opc.tcp://10.0.0.5:4840'

test('an address is enough, and everything can be said', async () => {
  assert.equal(problem({ endpoint }), undefined)
  const { key, certificate } = await makeCertificate(10)
  const config: OpcuaConfig = {
    endpoint,
    security: { policy: 'Aes256_Sha256_RsaPss', mode: 'Sign' },
    identity: { type: 'certificate', certificate, key },
    trustedCertificates: [certificate],
    rejectedCertificates: [`${'AB:'.repeat(31)}AB`],
    acceptExpired: true,
    nodes: [{ node: 'ns=2;s=a', metric: 'a', samplingInterval: 0, queueSize: 5, deadband: 0.5, sampleRate: 25_600 }],
    rules: [{ folder: '/Objects/Machine', type: 'AnalogItemType', match: '**/T*', prefix: 'm/', properties: true }],
    publishingInterval: 100,
    itemsPerSubscription: 1000,
    rebrowse: 60,
    history: { enabled: true, hours: 24, values: 1000 },
    timeout: 2000,
  }
  assert.equal(problem(config), undefined)
  assert.ok(completed(config).rejected.has('ab'.repeat(32)))
})

test('what is wrong is named with its place', async () => {
  const { certificate } = await makeCertificate(10)
  const other = await makeCertificate(10)
  const wrong: [object, RegExp][] = [
    [{}, /endpoint/],
    [{ endpoint: 'http://10.0.0.5' }, /endpoint/],
    [{ endpoint, security: { policy: 'Basic128Rsa15' } }, /security\/policy/],
    [{ endpoint, identity: { type: 'password', user: 'x' } }, /identity/],
    [{ endpoint, nodes: [{ node: 'nonsense' }] }, /\/nodes\/0\/node: nonsense is no node id/],
    [
      {
        endpoint,
        nodes: [
          { node: 'i=1', metric: 'a' },
          { node: 'i=2', metric: 'a' },
        ],
      },
      /\/nodes\/1\/metric: a stands for two/,
    ],
    [{ endpoint, rules: [{ folder: '/' }] }, /\/rules\/0\/folder: \/ is no browse path/],
    [{ endpoint, rules: [{ folder: 'i=85', match: 'a**b' }] }, /\/rules\/0\/match: a\*\*b is no pattern/],
    [{ endpoint, rules: [{ folder: 'i=85', type: 'ns=x;i=1' }] }, /\/rules\/0\/type/],
    [{ endpoint, trustedCertificates: ['hello'] }, /\/trustedCertificates\/0: This holds no certificate/],
    [
      { endpoint, identity: { type: 'certificate', certificate, key: other.key } },
      /\/identity\/key: .*not that of the certificate/,
    ],
    [{ endpoint, identity: { type: 'certificate', certificate, key: 'x' } }, /\/identity\/key: .*cannot be read/],
  ]
  for (const [config, reason] of wrong) assert.match(problem(config) ?? 'none', reason)
})
