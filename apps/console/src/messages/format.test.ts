import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { makeFormatter } from './format.ts'
import { shownUnit, unitLabel } from './units.ts'

const english = makeFormatter({ locale: 'en-GB', timeZone: 'Europe/Amsterdam', units: 'metric' })
const german = makeFormatter({ locale: 'de-DE', timeZone: 'Europe/Berlin', units: 'metric' })
const american = makeFormatter({ locale: 'en-US', timeZone: 'America/New_York', units: 'imperial' })
const at = (iso: string) => Date.parse(iso) * 1000

describe('numbers', () => {
  it('have the digits that their size needs, in the locale', () => {
    assert.deepEqual(
      [0.12345, 1.2345, 123.456, 12_345.6, 42, null].map((value) => english.number(value)),
      ['0.123', '1.23', '123.5', '12,346', '42', '–'],
    )
    assert.equal(german.number(1234.5), '1.235')
    assert.equal(english.number(1.5e12), '1.50e+12')
  })

  it('keep their digits when a measured value happens to be whole', () => {
    assert.equal(english.number(31, false), '31.00')
    assert.equal(english.number(0, false), '0.00')
    assert.equal(english.number(31, true), '31')
  })

  it('of a scale have the same digits all along', () => {
    assert.deepEqual(english.scale([24, 24.1, 24.2]), ['24.0', '24.1', '24.2'])
    assert.deepEqual(english.scale([0, 0.25, 0.5]), ['0.00', '0.25', '0.50'])
    assert.deepEqual(english.scale([0, 50, 100]), ['0', '50', '100'])
  })
})

describe('units', () => {
  it('are written as people write them, and shown in the system that the viewer chose', () => {
    assert.equal(english.unit('Cel'), '°C')
    assert.equal(english.unit('m3/h'), 'm³/h')
    assert.equal(english.unit('1'), '')
    assert.equal(unitLabel('{parts}'), 'parts')
    assert.equal(unitLabel('N.m'), 'N·m')
    assert.equal(`${american.value(100, 'Cel')} ${american.unit('Cel')}`, '212 °F')
    assert.equal(american.value(1, 'bar'), '14.50')
  })

  it('come back to what was stored', () => {
    const units = fc.constantFrom('Cel', 'bar', 'mm', 'm/s', 'kg', 'm3/h', 'V')
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), units, (value, unit) => {
        const { to, from } = shownUnit(unit, 'imperial')
        assert.ok(Math.abs(from(to(value)) - value) <= Math.abs(value) * 1e-9 + 1e-9)
      }),
    )
  })
})

describe('times', () => {
  const time = at('2026-11-20T06:30:05Z')

  it("are in the viewer's time zone", () => {
    assert.equal(english.time(time), '07:30:05')
    assert.equal(american.time(time), '01:30:05')
    assert.equal(english.dateTime(time), '20 Nov 2026, 07:30:05')
  })

  it('leave out the day while it is today', () => {
    assert.equal(english.when(time, at('2026-11-20T20:00:00Z')), '07:30:05')
    assert.equal(english.when(time, at('2026-11-21T06:00:00Z')), '20 Nov, 07:30')
  })

  it('tell how long ago in the largest unit, and do not count the first seconds', () => {
    assert.equal(english.ago(time, time + 1_000_000), 'now')
    assert.equal(english.ago(time, time + 42_000_000), '42 sec ago')
    assert.equal(english.ago(time, time + 59 * 60e6), '59 min ago')
    assert.equal(english.ago(time, time + 26 * 3600e6), '1 day ago')
    assert.equal(english.ago(time + 7200e6, time), 'in 2 hr')
  })

  it('give lengths in their two largest parts', () => {
    assert.equal(english.duration(83_000_000), '1m 23s')
    assert.equal(english.duration(90_061_000_000), '1d 1h')
    assert.equal(english.duration(250_000), '250ms')
    assert.equal(english.duration(0), '0ms')
  })

  it('and sizes as bytes', () => {
    assert.equal(english.bytes(0), '0 byte')
    assert.equal(english.bytes(391_000_112), '391 MB')
  })
})
