import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTime } from '@millwright/foundation'
import fc from 'fast-check'
import { detectTime } from './time-detect.ts'
import { instantOf, readTime, type TimeFormat } from './time-format.ts'
import { zoneNamed } from './zone.ts'

const read = (cell: string, format: TimeFormat, zone = 'UTC', before = 0): string | undefined => {
  const written = readTime(cell, format)
  const instant = written === undefined ? undefined : instantOf(written, zoneNamed(zone), before)
  return instant === undefined ? undefined : formatTime(instant)
}

test('each format, exact to the microsecond', () => {
  assert.equal(read('2020-03-09 10:14:33', 'iso'), '2020-03-09T10:14:33.000Z')
  assert.equal(read('2020-03-09 10:14:33.123456', 'iso'), '2020-03-09T10:14:33.123456Z')
  assert.equal(read('2020-03-09T10:14:33,1+02:00', 'iso'), '2020-03-09T08:14:33.100Z')
  assert.equal(read('2020-03-09T10:14Z', 'iso', 'Europe/Berlin'), '2020-03-09T10:14:00.000Z')
  assert.equal(read('2020/3/9', 'iso'), '2020-03-09T00:00:00.000Z')
  assert.equal(read('09.03.2020 10:14:33', 'dmy'), '2020-03-09T10:14:33.000Z')
  assert.equal(read('9.3.20 07:05', 'dmy'), '2020-03-09T07:05:00.000Z')
  assert.equal(read('3/9/2020 1:14:33 PM', 'mdy'), '2020-03-09T13:14:33.000Z')
  assert.equal(read('3/9/2020, 12:00:00 am', 'mdy'), '2020-03-09T00:00:00.000Z')
  assert.equal(read('1583748873.123456789', 'epoch-s'), '2020-03-09T10:14:33.123456Z')
  assert.equal(read('1583748873123', 'epoch-ms'), '2020-03-09T10:14:33.123Z')
  assert.equal(read('1583748873123,5', 'epoch-ms'), '2020-03-09T10:14:33.123500Z')
  assert.equal(read('1583748873123456', 'epoch-us'), '2020-03-09T10:14:33.123456Z')
  assert.equal(read('1583748873123456789', 'epoch-ns'), '2020-03-09T10:14:33.123456Z')
  assert.equal(read('43899.4267708333', 'excel'), '2020-03-09T10:14:32.999997Z')
  assert.equal(read('43899.5', 'excel'), '2020-03-09T12:00:00.000Z')
})

test('what is no date is no date', () => {
  for (const cell of [
    '2020-02-30',
    '2020-13-01',
    '2020-01-01 24:00',
    '2020-01-01 10:60',
    'yesterday',
    '',
    '2020-01-01 13:00 PM',
  ]) {
    assert.equal(read(cell, 'iso'), undefined, cell)
  }
  assert.equal(read('31/04/2020', 'dmy'), undefined)
  assert.equal(read('-5', 'epoch-s'), undefined)
  assert.equal(read('9'.repeat(30), 'epoch-s'), undefined)
})

test('zones: offsets, names, the hour that comes twice and the one that does not come', () => {
  assert.equal(read('2020-07-01 12:00', 'iso', 'Europe/Berlin'), '2020-07-01T10:00:00.000Z')
  assert.equal(read('2020-01-01 12:00', 'iso', 'Europe/Berlin'), '2020-01-01T11:00:00.000Z')
  assert.equal(read('2020-01-01 12:00', 'iso', '+05:30'), '2020-01-01T06:30:00.000Z')
  assert.equal(read('2020-01-01 12:00', 'iso', 'America/New_York'), '2020-01-01T17:00:00.000Z')
  assert.equal(read('2020-10-25 02:30', 'iso', 'Europe/Berlin'), '2020-10-25T00:30:00.000Z')
  assert.equal(
    read('2020-10-25 02:30', 'iso', 'Europe/Berlin', Date.UTC(2020, 9, 25, 0, 59) * 1000),
    '2020-10-25T01:30:00.000Z',
  )
  assert.equal(read('2020-03-29 02:30', 'iso', 'Europe/Berlin'), undefined)
  assert.throws(() => zoneNamed('Middle/Earth'), /There is no time zone Middle\/Earth/)
})

test('detection by the cells', () => {
  assert.deepEqual(detectTime(['2020-03-09 10:14:33', '2020-03-09 10:14:34']), { format: 'iso' })
  assert.deepEqual(detectTime(['09.03.2020 10:14']), { format: 'dmy' })
  assert.deepEqual(detectTime(['25/03/2020']), { format: 'dmy' })
  assert.deepEqual(detectTime(['03/25/2020']), { format: 'mdy' })
  assert.deepEqual(detectTime(['03/04/2020 1:00 PM']), { format: 'mdy' })
  assert.deepEqual(detectTime(['03/04/2020']), { ambiguous: ['dmy', 'mdy'] })
  assert.deepEqual(detectTime(['01/04/2020', '02/04/2020', '03/04/2020']), { format: 'dmy' })
  assert.deepEqual(detectTime(['04/01/2020', '04/02/2020', '04/03/2020']), { format: 'mdy' })
  assert.deepEqual(detectTime(['1583748873']), { format: 'epoch-s' })
  assert.deepEqual(detectTime(['1583748873123']), { format: 'epoch-ms' })
  assert.deepEqual(detectTime(['1583748873123456']), { format: 'epoch-us' })
  assert.deepEqual(detectTime(['43899.42']), { format: 'excel' })
  assert.deepEqual(detectTime(['12.5', '13.5']), { none: true })
  assert.deepEqual(detectTime([]), { none: true })
})

const MICROS = fc.integer({ min: Date.UTC(2000, 0, 1) * 1000, max: Date.UTC(2090, 0, 1) * 1000 })
const two = (n: number) => String(n).padStart(2, '0')

test('property: an instant written in any format is detected and read back to the microsecond', () => {
  const writers: Record<
    Exclude<TimeFormat, 'excel' | 'epoch-ns'>,
    (date: Date, micros: string, time: number) => string
  > = {
    iso: (d, us) => `${d.toISOString().slice(0, 19).replace('T', ' ')}.${us}`,
    dmy: (d, us) =>
      `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()} ${d.toISOString().slice(11, 19)}.${us}`,
    mdy: (d, us) =>
      `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} ${((d.getUTCHours() + 11) % 12) + 1}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}.${us} ${d.getUTCHours() < 12 ? 'AM' : 'PM'}`,
    'epoch-s': (_, us, time) => `${Math.floor(time / 1e6)}.${us}`,
    'epoch-ms': (_, us, time) => `${Math.floor(time / 1000)}.${us.slice(3)}`,
    'epoch-us': (_, __, time) => String(time),
  }
  for (const [format, write] of Object.entries(writers) as [keyof typeof writers, (typeof writers)['iso']][]) {
    fc.assert(
      fc.property(MICROS, (time) => {
        const micros = String(time % 1_000_000).padStart(6, '0')
        const cell = write(new Date(Math.floor(time / 1000)), micros, time)
        assert.deepEqual(detectTime([cell]), { format }, cell)
        assert.equal(read(cell, format), formatTime(time), cell)
      }),
    )
  }
})

test('property: local times of a zone come back from their instants', () => {
  const zone = zoneNamed('Europe/Berlin')
  fc.assert(
    fc.property(MICROS, (time) => {
      const ms = Math.floor(time / 1000)
      const parts = new Intl.DateTimeFormat('sv-SE', {
        timeZone: 'Europe/Berlin',
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(ms)
      const written = readTime(parts, 'iso')
      assert.ok(written !== undefined)
      const whole = Math.floor(ms / 1000) * 1_000_000
      assert.equal(instantOf(written, zone, whole), whole)
    }),
  )
})

test('property: arbitrary text never throws', () => {
  fc.assert(
    fc.property(fc.string(), (cell) => {
      detectTime([cell])
    }),
  )
})
