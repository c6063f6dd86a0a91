import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseTime } from './time.ts'
import { localTime, zoneOf } from './time-zone.ts'

const iso = (text: string) => parseTime(text)!

test('an hour that comes twice has two offsets, one that never comes has none', () => {
  const berlin = zoneOf('Europe/Berlin')!
  assert.deepEqual(berlin.offsets(iso('2026-10-25T02:30:00Z')), [7_200_000_000, 3_600_000_000])
  assert.deepEqual(berlin.offsets(iso('2026-03-29T02:30:00Z')), [])
  assert.deepEqual(berlin.offsets(iso('2026-07-01T12:00:00Z')), [7_200_000_000])
  assert.deepEqual(zoneOf('-03:30')!.offsets(0), [-12_600_000_000])
  assert.deepEqual(zoneOf('UTC')!.offsets(0), [0])
  assert.equal(zoneOf('Mars/Olympus'), undefined)
})

test('local time is the first of two, and what never comes is read as if clocks had not been set', () => {
  const berlin = localTime('Europe/Berlin')!
  assert.equal(berlin(iso('2026-10-25T02:30:00Z')), iso('2026-10-25T00:30:00Z'))
  assert.equal(berlin(iso('2026-03-29T02:30:00Z')), iso('2026-03-29T01:30:00Z'))
  assert.equal(berlin(9e17), Number.NaN)
  assert.equal(localTime('Nowhere'), undefined)
})

test('what a zone shows is what it is read back to', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia']) {
    const toUtc = localTime(zone)!
    const show = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800, max: 1_900_000_000 }), (seconds) => {
        const shown = show.format(seconds * 1000)
        const back = toUtc(iso(`${shown.replace(' ', 'T')}Z`))
        // A time that comes twice is read as the first.
        assert.ok(back === seconds * 1e6 || show.format(back / 1000) === shown, `${zone} ${shown}`)
      }),
      { numRuns: 200 },
    )
  }
})
