import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventually } from './testing/eventually.ts'
import { VirtualClock } from './testing/virtual-clock.ts'
import { DAY, formatTime, HOUR, MILLISECOND, parseTime, SECOND, systemClock } from './time.ts'

test('RFC 3339 is read to the microsecond', () => {
  const base = Date.UTC(2026, 10, 20, 5, 36, 25) * 1000
  const cases: [string, number | undefined][] = [
    ['2026-11-20T05:36:25Z', base],
    ['2026-11-20T05:36:25.1Z', base + 100_000],
    ['2026-11-20 05:36:25.123456Z', base + 123_456],
    ['2026-11-20T05:36:25.123456789Z', base + 123_456],
    ['2026-11-20T07:36:25+02:00', base],
    ['2026-11-19T23:36:25,5-06:00', base + 500_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-04-31T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-20T25:00:00Z', undefined],
    ['2026-11-20T05:60:00Z', undefined],
    ['2026-11-20T05:36:25', undefined],
    ['2026-11-20', undefined],
    ['1790000000', undefined],
    ['', undefined],
    ['2026-11-20T05:36:25Zx', undefined],
  ]
  for (const [text, time] of cases) assert.equal(parseTime(text), time, text)
})

test('property: what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_000_000_000_000_000, max: 9_000_000_000_000_000 }), (time) => {
      assert.equal(parseTime(formatTime(time)), time)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => ['number', 'undefined'].includes(typeof parseTime(text))))
})

test('a virtual clock runs what is due in the order of its time, and only when told', async () => {
  const clock = new VirtualClock(0)
  const seen: string[] = []
  clock.after(2 * SECOND, () => seen.push(`b ${clock.now()}`))
  clock.after(SECOND, () => {
    seen.push(`a ${clock.now()}`)
    clock.after(SECOND / 2, () => seen.push(`c ${clock.now()}`))
  })
  clock.after(SECOND, () => seen.push('never')).cancel()
  await clock.advance(SECOND - 1)
  assert.deepEqual(seen, [])
  await clock.advance(HOUR)
  assert.deepEqual(seen, ['a 1000000', 'c 1500000', 'b 2000000'])
})

test('a virtual clock that is set lets no time pass', async () => {
  const clock = new VirtualClock(0)
  const seen: number[] = []
  clock.after(SECOND, () => seen.push(clock.now()))
  clock.set(HOUR)
  assert.deepEqual([clock.now(), clock.steady(), seen], [HOUR, 0, []])
  await clock.advance(SECOND)
  assert.deepEqual([clock.now(), clock.steady(), seen], [HOUR + SECOND, SECOND, [HOUR + SECOND]])
})

test('the system clock is the wall clock, in microseconds, and its timers fire', async () => {
  const apart = systemClock.now() / 1000 - Date.now()
  assert.ok(Math.abs(apart) < 50, String(apart))
  assert.ok(Number.isInteger(systemClock.now()))
  let fired = false
  systemClock.after(MILLISECOND, () => {
    fired = true
  })
  // A wait longer than setTimeout can count must not fire at once.
  const long = systemClock.after(40 * DAY, () => assert.fail('too early'))
  await eventually(() => fired)
  long.cancel()
})
