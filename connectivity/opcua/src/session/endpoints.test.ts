import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completed, type OpcuaConfig } from '../config.ts'
import { chooseOffer, type Offer } from './endpoints.ts'

const offer = (
  policy: Offer['policy'],
  mode: Offer['mode'],
  identities: Offer['identities'] = ['anonymous'],
): Offer => ({
  policy,
  mode,
  identities,
  certificate: undefined,
  applicationUri: undefined,
  url: '',
})
const choose = (offers: Offer[], config: Partial<OpcuaConfig> = {}) =>
  chooseOffer(offers, completed({ endpoint: 'opc.tcp://x:1', ...config }))

test('the best is the strongest, and never an unsecured one', () => {
  const weak = offer('Basic256Sha256', 'SignAndEncrypt')
  const strong = offer('Aes256_Sha256_RsaPss', 'SignAndEncrypt')
  assert.equal(choose([offer('None', 'None'), weak, strong]), strong)
  assert.match(
    String(choose([offer('None', 'None')])),
    /does not offer a secured endpoint.*It offers: None\. Choose None only on/,
  )
  assert.match(
    String(choose([weak], { security: { policy: 'None' } })),
    /does not offer None\. It offers: Basic256Sha256/,
  )
  assert.match(String(choose([])), /nothing this adapter speaks/)
})

test('an endpoint that takes the identity is chosen, or the one it takes is said', () => {
  const named = offer('Basic256Sha256', 'SignAndEncrypt', ['password'])
  const strong = offer('Aes256_Sha256_RsaPss', 'SignAndEncrypt', ['anonymous'])
  const identity = { type: 'password', user: 'a', password: 'b' } as const
  assert.equal(choose([named, strong], { identity }), named)
  assert.match(String(choose([strong], { identity })), /takes no user name and password here\. It takes: anonymous/)
})
