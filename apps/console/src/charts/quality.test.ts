import assert from 'node:assert/strict'
import { it } from 'node:test'
import { qualityKey, severity } from './quality.ts'

it('reads the severity of an OPC UA status code from its top two bits', () => {
  assert.equal(severity(0), 'good')
  assert.equal(severity(0x40940000), 'uncertain')
  assert.equal(severity(0x80000000), 'bad')
  assert.equal(severity(0xffffffff), 'bad')
})

it('has words for known codes, and those of the severity for others', () => {
  assert.equal(qualityKey(0x40940000), 'quality.unitsExceeded')
  assert.equal(qualityKey(0x808c0000), 'quality.sensorFailure')
  assert.equal(qualityKey(0x80ff0000), 'quality.bad')
  assert.equal(qualityKey(0x4fff0000), 'quality.uncertain')
})
