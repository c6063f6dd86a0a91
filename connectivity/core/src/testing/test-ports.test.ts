import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { MetricRows, ROW } from '../codecs/rows.ts'
import { TestPorts } from './test-ports.ts'

test('rows are copied before accept returns, so that the caller may use them again', async () => {
  const ports = new TestPorts()
  const rows = new MetricRows()
  rows.push('temperature', ROW.number, 21.5, 0)
  rows.setUnit(0, 'Cel')
  rows.pushWide('state', ROW.state, { kind: 'state', value: 'on' })
  rows.setTime(0, 1_790_000_000_000_000)
  const accepted = ports.readings.accept(rows, 'here', 'Unit 7')
  rows.clear()
  await accepted
  assert.deepEqual(ports.values('temperature', 'Unit 7'), [21.5])
  assert.equal(ports.last('temperature', 'Unit 7')?.unit, 'Cel')
  assert.deepEqual(ports.values('state', 'Unit 7'), ['on'])
  assert.deepEqual(ports.of(), [])
  assert.equal(ports.devices.get('Unit 7')?.online, true)
  ports.close()
  assert.equal(existsSync(ports.directory), false)
})

test('storage lags and holds back as told', async () => {
  const ports = new TestPorts()
  ports.saturate()
  assert.equal(ports.readings.saturated, true)
  const drained = ports.readings.drained()
  ports.drain()
  await drained
  assert.equal(ports.readings.saturated, false)
  ports.hold()
  const rows = new MetricRows()
  rows.push('a', ROW.boolean, 1, 0)
  const accepted = ports.readings.accept(rows, 'here')
  ports.release(new Error('disk full'))
  await assert.rejects(accepted, /disk full/)
  ports.close()
})
