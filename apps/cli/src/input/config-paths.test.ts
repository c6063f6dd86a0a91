import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPaths } from './config-paths.ts'

test('fields are set by their paths, lists by numbers from 0', () => {
  const before = { transport: { type: 'tcp', host: 'a' }, devices: [{ unit: 1 }] }
  const after = withPaths(before, [
    'transport.host=10.0.0.5',
    'devices.0.unit=7',
    'devices.1.name=Drive',
    'maps.0={"a":1}',
  ])
  assert.deepEqual(after, {
    transport: { type: 'tcp', host: '10.0.0.5' },
    devices: [{ unit: 7 }, { name: 'Drive' }],
    maps: [{ a: 1 }],
  })
  assert.equal(before.transport.host, 'a')
})

test('a path that leads nowhere is said', () => {
  assert.throws(() => withPaths({ devices: [] }, ['devices.2.unit=1']), /devices\.2\.unit/)
  assert.throws(() => withPaths({ devices: [] }, ['devices.unit=1']), /devices\.unit/)
  assert.throws(() => withPaths({}, ['nothing']))
  assert.equal(Object.getPrototypeOf(withPaths({}, ['__proto__.a=1'])), Object.prototype)
})
