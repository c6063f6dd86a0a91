import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { timeFormat } from './format.ts'

const iso = (text: string) => Date.parse(text) * 1000
const auto = timeFormat('auto', 'UTC')

test('ISO 8601 and Unix times are told apart, and exact', () => {
  assert.equal(auto('2026-11-20T09:30:00.123456Z'), iso('2026-11-20T09:30:00Z') + 123_456)
  assert.equal(auto('2026-11-20 09:30:00,5'), iso('2026-11-20T09:30:00.5Z'))
  assert.equal(auto('20261120T093000+0100'), iso('2026-11-20T08:30:00Z'))
  assert.equal(auto('2026-11-20'), iso('2026-11-20T00:00:00Z'))
  assert.equal(auto('1790000000'), 1_790_000_000_000_000)
  assert.equal(auto('1790000000.123456'), 1_790_000_000_123_456)
  assert.equal(auto('1790000000123'), 1_790_000_000_123_000)
  assert.equal(auto('1790000000123456'), 1_790_000_000_123_456)
  assert.equal(auto('1790000000123456789'), 1_790_000_000_123_456)
  for (const text of ['', 'x', '2026-02-30', '2026-13-01', '2026-11-20T25:00', '-5', '1e9', '12:00'])
    assert.ok(Number.isNaN(auto(text)), text)
})

test('patterns and Excel’s days', () => {
  assert.equal(timeFormat('dd.MM.yyyy HH:mm:ss,SSS', 'UTC')('20.11.2026 09:30:01,25'), iso('2026-11-20T09:30:01.25Z'))
  assert.equal(timeFormat("yyyy/M/d'T'h:mm a", 'UTC')('2026/1/2T12:05 AM'), iso('2026-01-02T00:05:00Z'))
  assert.equal(timeFormat('yyMMdd', 'Europe/Berlin')('260701'), iso('2026-06-30T22:00:00Z'))
  assert.equal(timeFormat('excel', 'UTC')('46346,5'), iso('2026-11-20T12:00:00Z'))
  assert.throws(() => timeFormat('HH:mm', 'UTC'), { code: 'MW-FILES-0006' })
  assert.throws(() => timeFormat('yyyy-MM-ddTHH', 'UTC'), /letter T/)
  assert.throws(() => timeFormat('iso', 'Mars/Olympus'), { code: 'MW-FILES-0005' })
})

test('local times follow the zone over its changes', () => {
  const berlin = timeFormat('iso', 'Europe/Berlin')
  assert.equal(berlin('2026-07-01T12:00:00'), iso('2026-07-01T10:00:00Z'))
  assert.equal(berlin('2026-12-01T12:00:00'), iso('2026-12-01T11:00:00Z'))
  // Set back at 3: half past two comes twice, and is the first.
  assert.equal(berlin('2026-10-25T01:59:59'), iso('2026-10-24T23:59:59Z'))
  assert.equal(berlin('2026-10-25T02:30:00'), iso('2026-10-25T00:30:00Z'))
  assert.equal(berlin('2026-10-25T03:00:00'), iso('2026-10-25T02:00:00Z'))
  // Set forward at 2: half past two never comes.
  assert.equal(berlin('2026-03-29T01:59:59'), iso('2026-03-29T00:59:59Z'))
  assert.equal(berlin('2026-03-29T02:30:00'), iso('2026-03-29T01:30:00Z'))
  assert.equal(berlin('2026-03-29T03:00:00'), iso('2026-03-29T01:00:00Z'))
})

test('arbitrary texts are a time or none', () => {
  for (const format of ['auto', 'iso', 'excel', 'unix ms', 'dd.MM.yyyy HH:mm'])
    fc.assert(fc.property(fc.string(), (text) => typeof timeFormat(format, 'Europe/Berlin')(text) === 'number'))
})
