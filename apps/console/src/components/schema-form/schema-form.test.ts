import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf, pointerOf } from './faults.ts'
import { fieldOf, folded, type Schema, titleOf } from './schema.ts'
import { fresh, isPicked, merged, picked, pointerTo, switched, unpicked, valueAt, withValue } from './values.ts'

const tcp: Schema = {
  type: 'object',
  required: ['type', 'host'],
  properties: {
    type: { const: 'tcp', type: 'string', title: 'Modbus TCP' },
    host: { type: 'string', title: 'Host', minLength: 1 },
    port: { type: 'integer', minimum: 1, maximum: 65_535, default: 502 },
  },
}
const serial: Schema = {
  type: 'object',
  required: ['type', 'path'],
  properties: {
    type: { const: 'rtu', type: 'string', title: 'Serial port' },
    path: { type: 'string' },
    stopBits: { type: 'integer', enum: [1, 2], default: 1 },
  },
}
const schema: Schema = {
  type: 'object',
  required: ['transport', 'registers'],
  properties: {
    transport: { anyOf: [tcp, serial], title: 'Transport' },
    password: { type: 'string', secret: true },
    equipment: { anyOf: [{ type: 'string' }, { type: 'null' }], title: 'Machine' },
    registers: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['name', 'address'],
        properties: {
          name: { type: 'string', pattern: '^[^\\u0000-\\u001f]+$' },
          address: { type: 'integer', minimum: 0 },
          scale: { type: 'number', exclusiveMinimum: 0, default: 1 },
        },
      },
    },
    timeout: { type: 'integer', default: 1000 },
    retries: { type: 'integer', default: 3 },
  },
}
const NONE: ReadonlySet<string> = new Set()

describe('a schema as fields', () => {
  it('knows texts, numbers, choices, ways and rows; null only says that it may be left out', () => {
    const kinds = Object.fromEntries(Object.entries(schema.properties!).map(([name, one]) => [name, fieldOf(one).kind]))
    assert.deepEqual(kinds, {
      transport: 'branches',
      password: 'text',
      equipment: 'text',
      registers: 'rows',
      timeout: 'number',
      retries: 'number',
    })
    assert.equal(fieldOf(schema.properties!['equipment']!).schema.title, 'Machine')
    assert.equal(fieldOf({ type: 'array', items: { type: 'string', maxLength: 16_384 } }).kind, 'texts')
    assert.equal(fieldOf({ type: 'object' }).kind, 'json')
    assert.deepEqual(fieldOf({ anyOf: [{ const: 'a' }, { const: 'b' }] }), {
      kind: 'choice',
      schema: { anyOf: [{ const: 'a' }, { const: 'b' }] },
      options: ['a', 'b'],
    })
  })

  it('names the ways of a union by their titles', () => {
    const field = fieldOf(schema.properties!['transport']!)
    assert.deepEqual(field.kind === 'branches' && field.branches.map(({ value, title }) => [value, title]), [
      ['tcp', 'Modbus TCP'],
      ['rtu', 'Serial port'],
    ])
    const kind = (value: string): Schema => ({
      type: 'object',
      title: value.toUpperCase(),
      properties: { type: { const: value, title: 'Kind' } },
    })
    const named = fieldOf({ anyOf: [kind('anonymous'), kind('password')] })
    assert.deepEqual(named.kind === 'branches' && named.branches.map(({ title }) => title), ['ANONYMOUS', 'PASSWORD'])
  })

  it('folds tuning away, unless the adapter says otherwise', () => {
    assert.deepEqual(folded(schema).advanced, ['timeout', 'retries'])
    const said: Schema = {
      ...schema,
      properties: { ...schema.properties, timeout: { type: 'integer', default: 1, advanced: false } },
    }
    assert.deepEqual(folded(said).advanced, [])
    assert.equal(titleOf({}, 'pollInterval'), 'Poll interval')
  })
})

describe('values', () => {
  it('start with what cannot be left out', () => {
    assert.deepEqual(fresh(schema), { transport: { type: 'tcp' }, registers: [] })
  })

  it('are put, taken away and found by pointer, in copies', () => {
    const before = fresh(schema) as Record<string, unknown>
    const after = withValue(before, '/transport/host', '10.0.0.5')
    assert.equal(valueAt(after, '/transport/host'), '10.0.0.5')
    assert.equal(valueAt(before, '/transport/host'), undefined)
    assert.deepEqual(withValue(after, '/transport/host', undefined), before)
    assert.equal(pointerTo('/topics', 'a/b~c'), '/topics/a~1b~0c')
    assert.equal(valueAt({ topics: { 'a/b~c': 1 } }, '/topics/a~1b~0c'), 1)
  })

  it('keep what both ways of a union have', () => {
    assert.deepEqual(switched({ type: 'tcp', host: 'here', path: '/dev/ttyUSB0' }, serial), {
      type: 'rtu',
      path: '/dev/ttyUSB0',
    })
  })

  it('take a pick once, and give it back even after its other fields changed', () => {
    const pick = { path: '/registers', value: { name: 'Speed', address: 4 } }
    const once = picked(schema, { registers: [{ name: 'Flow', address: 1 }] }, pick)
    assert.deepEqual(picked(schema, once, pick), once)
    assert.ok(isPicked(once, pick))
    const changed = withValue(once, '/registers/1/scale', 0.1)
    assert.ok(isPicked(changed, pick))
    assert.deepEqual(unpicked(changed, pick), { registers: [{ name: 'Flow', address: 1 }] })
    assert.deepEqual(picked(schema, {}, { path: '/registers', value: 1 }), { registers: [1] })
    assert.deepEqual(picked(schema, {}, { path: '/password', value: 'x' }), { password: 'x' })
  })

  it('take in a file of the field: objects are merged, lists replaced', () => {
    assert.deepEqual(merged({ a: { b: 1, c: 2 }, list: [1, 2], kept: true }, { a: { c: 3 }, list: [9] }), {
      a: { b: 1, c: 3 },
      list: [9],
      kept: true,
    })
  })
})

describe('faults', () => {
  it('say what is missing where it is missing, also within what is not there at all', () => {
    assert.deepEqual([...faultsOf(schema, {}, NONE)], [['/transport/host', { what: 'missing' }]])
  })

  it('hold bounds, forms and lengths of lists', () => {
    const config = {
      transport: { type: 'tcp', host: '', port: 70_000 },
      registers: [{ name: 'a\u0001', address: -1 }, { name: 'b', address: 1.5, scale: 0 }, {}, {}],
    }
    assert.deepEqual(Object.fromEntries(faultsOf(schema, config, NONE)), {
      '/transport/host': { what: 'short', limit: 1 },
      '/transport/port': { what: 'most', limit: 65_535 },
      '/registers': { what: 'many', limit: 3 },
      '/registers/0/name': { what: 'form' },
      '/registers/0/address': { what: 'least', limit: 0 },
      '/registers/1/address': { what: 'whole' },
      '/registers/1/scale': { what: 'above', limit: 0 },
      '/registers/2/name': { what: 'missing' },
      '/registers/2/address': { what: 'missing' },
      '/registers/3/name': { what: 'missing' },
      '/registers/3/address': { what: 'missing' },
    })
  })

  it('do not ask again for a secret that is set', () => {
    const secret: Schema = { type: 'object', required: ['key'], properties: { key: { type: 'string', secret: true } } }
    assert.equal(faultsOf(secret, {}, new Set(['/key'])).size, 0)
    assert.equal(faultsOf(secret, {}, NONE).size, 1)
  })

  it("find the field that the platform's error names", () => {
    assert.equal(pointerOf('config/units/0/host'), '/units/0/host')
    assert.equal(pointerOf('body/config/host'), '/host')
    assert.equal(pointerOf('config'), '')
    assert.equal(pointerOf('settings/jobs/0/hours', 'settings'), '/jobs/0/hours')
    assert.equal(pointerOf('settings', 'config'), undefined)
    assert.equal(pointerOf('body/name'), undefined)
    assert.equal(pointerOf(undefined), undefined)
  })
})

describe('what is chosen from what the platform knows', () => {
  const signals: Schema = { type: 'array', items: { type: 'string' }, format: 'signals', minItems: 1 }
  const nodes: Schema = { type: 'array', items: { type: 'string', format: 'node' } }

  it('is a choice of one or of many, by the format of the field or of its items', () => {
    const asked = (schema: Schema) => {
      const field = fieldOf(schema)
      return field.kind === 'pick' ? `${field.what} ${field.many ? 'many' : 'one'}` : field.kind
    }
    assert.equal(asked(signals), 'signal many')
    assert.equal(asked(nodes), 'node many')
    assert.equal(asked({ type: 'string', format: 'any-signal' }), 'any-signal one')
    assert.equal(asked({ type: 'string', format: 'date-time' }), 'text')
    assert.equal(asked({ type: 'number', format: 'signal' }), 'number')
  })

  it('is held to how many it must be, and begins with none', () => {
    const schema: Schema = { type: 'object', required: ['signals'], properties: { signals } }
    assert.deepEqual(fresh(schema), { signals: [] })
    assert.deepEqual([...faultsOf(schema, { signals: [] }, NONE)], [['/signals', { what: 'few', limit: 1 }]])
    assert.equal(faultsOf(schema, { signals: ['flow'] }, NONE).size, 0)
  })

  it('leaves out what the platform puts there itself', () => {
    const schema: Schema = { type: 'object', properties: { step: { type: 'number' }, manifest: { readOnly: true } } }
    assert.deepEqual(folded(schema), { plain: ['step'], advanced: [] })
  })
})
