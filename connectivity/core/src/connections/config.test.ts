import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Choice, Secret, Strict } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import { type TObject, Type } from 'typebox'
import type { ConnectionAdapter } from './adapter.ts'
import { checkedConfig, configProblem } from './config.ts'
import { joinSecrets, keepSecrets, splitSecrets } from './secrets.ts'

const Auth = Type.Union(
  [
    Strict({ type: Type.Literal('anonymous') }),
    Strict({ type: Type.Literal('user'), user: Type.String({ title: 'User name' }), password: Secret() }),
  ],
  { title: 'Sign-in', default: { type: 'anonymous' } },
)
const Schema = Strict({
  host: Type.String({ title: 'Host', minLength: 1 }),
  port: Type.Integer({ title: 'Port', default: 502, minimum: 1, maximum: 65_535 }),
  mode: Type.Optional(Choice(['fast', 'slow'])),
  auth: Auth,
  token: Type.Optional(Secret({ title: 'Token' })),
  units: Type.Array(
    Strict({
      id: Type.Integer({ default: 1 }),
      key: Type.Optional(Secret()),
      kind: Type.Union([
        Strict({ type: Type.Literal('a'), n: Type.Integer({ default: 3 }) }),
        Strict({ type: Type.Literal('b'), s: Type.String({ title: 'Text' }) }),
      ]),
    }),
    { default: [] },
  ),
})

const adapter = {
  configSchema: Schema as TObject,
  check(config: { host: string }) {
    if (config.host === 'nowhere')
      throw new MillwrightError('MW-TEST-0001', 400, 'There is no such place.', { path: 'host' })
  },
} as unknown as ConnectionAdapter

const problem = (config: unknown) => {
  const { message, path } = configProblem(adapter, config)!
  return [path, message]
}

describe('configuration', () => {
  it('fills in defaults, in the branch of a union that is meant', () => {
    assert.deepEqual(checkedConfig(adapter, { host: 'x', units: [{ kind: { type: 'a' } }] }), {
      host: 'x',
      port: 502,
      auth: { type: 'anonymous' },
      units: [{ id: 1, kind: { type: 'a', n: 3 } }],
    })
  })

  it('names what is wrong, with its path', () => {
    assert.deepEqual(problem({}), ['config/host', '"Host" is missing (config/host).'])
    assert.deepEqual(problem({ host: 'x', port: 70_000 }), ['config/port', '"Port" (config/port) must be <= 65535.'])
    assert.deepEqual(problem({ host: 'x', prot: 1 }), [
      'config/prot',
      'There is no field "prot" in config; take it out or mend its name.',
    ])
    assert.deepEqual(problem({ host: 'x', auth: { type: 'user', password: 'p' } }), [
      'config/auth/user',
      '"User name" is missing (config/auth/user).',
    ])
    assert.deepEqual(problem({ host: 'x', units: [{ kind: { type: 'a' } }, { kind: { type: 'b', s: 1 } }] }), [
      'config/units/1/kind/s',
      '"Text" (config/units/1/kind/s) must be string.',
    ])
    assert.deepEqual(problem({ host: 'x', mode: 'slower' }), [
      'config/mode',
      '"mode" (config/mode) must be one of fast, slow.',
    ])
    assert.deepEqual(problem({ host: 'nowhere' }), ['config/host', 'There is no such place.'])
    assert.equal(problem(null)[0], 'config')
    assert.equal(problem({ host: 'nul\0' })[0], 'config/host')
  })
})

describe('secrets of a configuration', () => {
  const config = {
    host: 'x',
    auth: { type: 'user', user: 'u', password: 'p1' },
    token: 't',
    units: [
      { id: 1, key: 'k1' },
      { id: 2, key: 'k2' },
    ],
  }

  it('are taken out by their paths and put back', () => {
    const { config: open, secrets } = splitSecrets(adapter, config)
    assert.ok(!/p1|"t"|k1|k2/.test(JSON.stringify(open)))
    assert.deepEqual(secrets, { '/auth/password': 'p1', '/token': 't', '/units/0/key': 'k1', '/units/1/key': 'k2' })
    assert.deepEqual(joinSecrets(open, secrets), config)
  })

  it('are kept when left out, changed when given, and never move to another row or branch', () => {
    const { config: open } = splitSecrets(adapter, config)
    assert.deepEqual(keepSecrets(adapter, config, open), config)
    assert.deepEqual(keepSecrets(adapter, config, { ...open, token: 'new' })['token'], 'new')
    assert.deepEqual(keepSecrets(adapter, config, { ...open, units: [{ id: 2 }] })['units'], [{ id: 2, key: 'k2' }])
    assert.deepEqual(keepSecrets(adapter, config, { ...open, units: [{ id: 9 }] })['units'], [{ id: 9 }])
    assert.deepEqual(keepSecrets(adapter, config, { ...open, units: [{ id: 1 }, { id: 3 }] })['units'], [
      { id: 1, key: 'k1' },
      { id: 3, key: 'k2' },
    ])
    assert.deepEqual(keepSecrets(adapter, config, { ...open, auth: { type: 'anonymous' } })['auth'], {
      type: 'anonymous',
    })
    const emptied = keepSecrets(adapter, config, { ...open, token: '' })
    assert.deepEqual(splitSecrets(adapter, emptied).secrets['/token'], undefined)
  })
})
