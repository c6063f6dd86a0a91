import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alarmMessage } from './message.ts'

const signal = (name: string, value: number | boolean | string | null, unit = '1') => ({ id: name, name, unit, value })

test('places are filled with values and units, which never come twice', () => {
  const signals = [
    signal('temperature', 81.34567, 'Cel'),
    signal('rpm', 1480),
    signal('running', true),
    signal('state', 'fault'),
    signal('Volume Flow Rate', 12.5, 'm3/h'),
    signal('level', null, '%'),
  ]
  const filled = (template: string) => alarmMessage(template, 'Bearing hot', signals)
  assert.equal(filled('Bearing at {temperature}'), 'Bearing at 81.346 °C')
  assert.equal(filled('Bearing at {temperature} °C, {rpm} 1/min'), 'Bearing at 81.346 °C, 1480 1/min')
  assert.equal(filled('{state} {running} {Volume Flow Rate} {level}'), 'fault true 12.5 m³/h —')
  assert.equal(filled('{nothing} { temperature }'), '— 81.346 °C')
  assert.equal(filled('  '), 'Bearing hot')
})

test('whatever a device sends, the message is text that the database can hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), fc.string({ unit: 'binary' }), (value, template) => {
      const message = alarmMessage(`${template} {state}`, 'Rule', [signal('state', value)])
      assert.ok(message.length <= 4000)
      assert.ok(!message.includes('\u0000') && message.isWellFormed())
    }),
  )
})
