import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, formatTime, HOUR, MINUTE, SECOND } from '@millwright/foundation'
import fc from 'fast-check'
import { exactTime } from '../output/times.ts'
import { readDuration, writeDuration } from './durations.ts'
import { readExactTime } from './exact-time.ts'
import { parseMoment, parseSpan } from './times.ts'

const NOW = 1_790_000_000_123_456
const someTime = fc.integer({ min: Date.UTC(2000, 0, 1) * 1000, max: Date.UTC(2200, 0, 1) * 1000 })

test('a time that was shown can be given again, in any zone it was shown in, to the microsecond', () => {
  fc.assert(
    fc.property(someTime, fc.constantFrom('utc', 'local'), (time, zone) => {
      assert.equal(parseMoment(exactTime(time, zone as 'utc' | 'local'), NOW), time)
    }),
  )
})

test('a local time of day is what a clock on the wall shows', () => {
  const spring = parseMoment('2026-03-01 06:30:15.25', NOW) / 1000
  const date = new Date(spring)
  assert.deepEqual(
    [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()],
    [2026, 2, 1, 6, 30, 15],
  )
  assert.equal(spring % 1000, 250)
  assert.equal(parseMoment('2026-03-01', NOW), new Date(2026, 2, 1).getTime() * 1000)
})

test('relative times are exact', () => {
  const cases: [string, number][] = [
    ['now', NOW],
    ['-1h', NOW - HOUR],
    ['now-90s', NOW - 90 * SECOND],
    ['now - 1h30m', NOW - 90 * MINUTE],
    ['+5m', NOW + 5 * MINUTE],
    ['-2d', NOW - 2 * DAY],
    ['-250us', NOW - 250],
    [String(NOW), NOW],
  ]
  for (const [given, expected] of cases) assert.equal(parseMoment(given, NOW), expected, given)
})

test('what is no time is refused, never guessed', () => {
  const wrong = [
    '',
    'soon',
    '1h',
    '2026-02-30',
    '2026-13-01',
    '2026-01-01 25:00',
    '1790000000',
    '1790000000123',
    '-1x',
    '--1h',
    '-h',
  ]
  for (const given of wrong) assert.throws(() => parseMoment(given, NOW), { exit: 2 }, given)
  fc.assert(
    fc.property(fc.string(), (given) => {
      try {
        assert.ok(Number.isSafeInteger(parseMoment(given, NOW)))
      } catch (error) {
        assert.equal((error as { exit?: number }).exit, 2)
      }
    }),
  )
})

test('durations are read as they are written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (micros) => {
      assert.equal(readDuration(writeDuration(micros)), micros)
    }),
  )
  assert.equal(readDuration('1.5d'), 36 * HOUR)
  assert.equal(readDuration('1h 30min'), 90 * MINUTE)
  for (const wrong of ['', '5', 'h', '5 parsecs', '-5s', '1e3s', '99999999999999d']) {
    assert.equal(readDuration(wrong), undefined, wrong)
  }
})

test('a span runs forwards, and is the last hour when nothing is said', () => {
  assert.deepEqual(parseSpan({}, NOW), { from: NOW - HOUR, to: NOW })
  assert.deepEqual(parseSpan({ to: '-1d' }, NOW), { from: NOW - DAY - HOUR, to: NOW - DAY })
  assert.throws(() => parseSpan({ from: 'now', to: '-1h' }, NOW), { exit: 2 })
  assert.throws(() => parseSpan({ from: 'now' }, NOW), { exit: 2 })
})

test('times of files are exact in each unit, and too fine ones are refused', () => {
  fc.assert(
    fc.property(someTime, (time) => {
      assert.equal(readExactTime(formatTime(time), 'auto'), time)
      assert.equal(readExactTime(String(time), 'us'), time)
      assert.equal(readExactTime(`${time}000`, 'ns'), time)
      const seconds = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, '0')}`
      assert.equal(readExactTime(seconds, 's'), time)
      const millis = `${Math.floor(time / 1e3)}.${String(time % 1e3).padStart(3, '0')}`
      assert.equal(readExactTime(millis, 'ms'), time)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2001, 8, 10) * 1000, max: Date.UTC(2200, 0, 1) * 1000 }), (time) => {
      const whole = Math.floor(time / 1e6) * 1e6
      assert.equal(readExactTime(String(whole / 1e6), 'auto'), whole)
      assert.equal(readExactTime(String(whole / 1e3), 'auto'), whole)
      assert.equal(readExactTime(String(whole), 'auto'), whole)
      assert.equal(readExactTime(`${whole}000`, 'auto'), whole)
    }),
  )
  for (const fine of [
    '1790000000.1234567',
    '1790000000123456789',
    '2026-01-01T00:00:00.1234567Z',
    '2026-01-01T00:00:00',
    '',
    'x',
  ]) {
    assert.equal(readExactTime(fine, 'auto'), undefined, fine)
  }
  assert.equal(readExactTime('1790000000.1234560', 'auto'), 1_790_000_000_123_456)
})
