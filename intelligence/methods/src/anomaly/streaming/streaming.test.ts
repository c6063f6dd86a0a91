import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { resumeStreaming, type StreamingDetector, streamingDetector } from './index.ts'

const MINUTE = 60e6
const MONDAY = Date.UTC(2026, 0, 5) * 1000
const WEEK = 7 * 24 * 60 * MINUTE

type Reading = readonly [time: number, value: number]
const readings = (values: Iterable<number>, step = 5 * MINUTE): Reading[] =>
  [...values].map((value, i) => [MONDAY + i * step, value])
const scored = (detector: StreamingDetector, given: readonly Reading[]): number[] =>
  given.map(([time, value]) => detector.push(time, value))
/** What was told at the threshold or above: row, and cause. */
const told = (given: readonly Reading[], detector = streamingDetector()): [number, string | undefined][] =>
  given.flatMap(([time, value], row) => (detector.push(time, value) >= 0.5 ? [[row, detector.cause()] as const] : []))
const toldAfter = (row: number, given: readonly Reading[]) => told(given).filter(([at]) => at >= row)
const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted

function noise(rows: number, seed: number, value = (_: number, normal: number) => normal): number[] {
  const random = seeded(seed)
  return Array.from({ length: rows }, (_, i) => value(i, gaussian(random)))
}

/** Values that repeat, jump, vanish and are of any size; times that run ahead, stand, go back or are missing. */
const wild = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: MONDAY, max: MONDAY + 9 * WEEK }), fc.double()),
    fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -5, max: 5 }) }, { weight: 1, arbitrary: fc.double() }),
  ),
  { maxLength: 300 },
)
const eager = { warmUp: 10, memory: 100, refractory: 3 }

describe('a streaming detector', () => {
  it('goes on with the same scores wherever it was saved and restored', () => {
    const detector = streamingDetector()
    const given = readings(noise(3000, 1, (i, normal) => (i % 900 === 899 ? i / 200 : Math.sin(i / 46) + 0.1 * normal)))
    const expected = scored(detector, given)
    assert.ok(expected.filter((score) => score >= 0.5).length >= 3, 'something to compare')
    fc.assert(
      fc.property(fc.nat(given.length), (cut) => {
        const first = streamingDetector()
        const before = scored(first, given.slice(0, cut))
        const second = resumeStreaming(first.save())
        assert.deepEqual([...before, ...scored(second, given.slice(cut))], expected)
        assert.deepEqual(second.save(), detector.save())
      }),
      { numRuns: 10 },
    )
    fc.assert(
      fc.property(wild, fc.nat(300), (stream, cut) => {
        const first = streamingDetector(eager)
        const before = scored(first, stream.slice(0, cut))
        const after = scored(resumeStreaming(first.save(), eager), stream.slice(cut))
        assert.deepEqual([...before, ...after], scored(streamingDetector(eager), stream))
      }),
    )
  })

  it('gives a score from 0 to 1 and a cause for each that is not 0, whatever comes', () => {
    fc.assert(
      fc.property(wild, (stream) => {
        const detector = streamingDetector(eager)
        for (const [time, value] of stream) {
          const score = detector.push(time, value)
          assert.ok(score >= 0 && score < 1, String(score))
          assert.equal(detector.cause() !== undefined, score > 0)
        }
      }),
    )
  })

  it('passes over missing values as if they had not come', () => {
    fc.assert(
      fc.property(wild, (stream) => {
        const scores = scored(streamingDetector(eager), stream)
        const there = stream.flatMap(([, value], row) => (Number.isFinite(value) ? [row] : []))
        const alone = scored(
          streamingDetector(eager),
          there.map((row) => stream[row]!),
        )
        assert.deepEqual(
          there.map((row) => scores[row]),
          alone,
        )
        assert.ok(scores.every((score, row) => there.includes(row) || score === 0))
      }),
    )
  })

  it('does not care for the unit, nor for the week', () => {
    const whole = fc.array(fc.tuple(fc.nat(3 * WEEK), fc.integer({ min: -50, max: 50 })), { maxLength: 300 })
    fc.assert(
      fc.property(whole, fc.integer({ min: -20, max: 20 }), fc.nat(500), (stream, power, weeks) => {
        const other = stream.map(([time, value]): Reading => [time + weeks * WEEK, value * 2 ** power])
        assert.deepEqual(scored(streamingDetector(eager), other), scored(streamingDetector(eager), stream))
      }),
    )
  })

  it('keeps its state of one size, below 64 kB', () => {
    const detector = streamingDetector()
    const sizes = [detector.save().length]
    for (let block = 0; block < 3; block++) {
      scored(detector, readings(noise(20_000, block, (i, normal) => normal * 10 ** (i % 7))))
      sizes.push(detector.save().length)
    }
    assert.ok(Math.max(...sizes) < 64 * 1024, sizes.join())
    assert.ok(Math.max(...sizes) - Math.min(...sizes) < 1024, sizes.join())
  })

  it('reads a damaged state as such, or scores on', () => {
    const detector = streamingDetector(eager)
    scored(detector, readings(noise(300, 2)))
    const whole = detector.save()
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bent = whole.slice()
        bent[at] = byte
        let resumed: StreamingDetector
        try {
          resumed = resumeStreaming(bent, eager)
        } catch (error) {
          assert.ok(code('MW-MODEL-0001')(error), String(error))
          return
        }
        for (const score of scored(resumed, readings(noise(50, 3)))) assert.ok(score >= 0 && score < 1)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses settings out of their range', () => {
    for (const settings of [
      { memory: 0 },
      { warmUp: 2.5 },
      { refractory: -1 },
      { threshold: 0 },
      { threshold: Number.NaN },
    ])
      assert.throws(() => streamingDetector(settings), code('MW-ANOMALY-0008'))
  })
})

describe('what a streaming detector tells', () => {
  it('nothing of a constant, nor of what rounding does to it', () => {
    const values = Array.from({ length: 3000 }, (_, i) => 21.3 + (i % 3) * 1e-12)
    assert.deepEqual(told(readings(values)), [])
    assert.deepEqual(told(readings(values.fill(21.3))), [])
  })

  it('the first other value after a constant', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i < 400 ? 21.3 : 21.5))
    assert.deepEqual(told(readings(values)), [[400, 'value']])
  })

  it('a step once, when it comes', () => {
    const values = noise(3000, 4, (i, normal) => 0.1 * normal + (i < 2000 ? 0 : 3))
    assert.deepEqual(toldAfter(1900, readings(values))[0], [2000, 'value'])
    assert.ok(toldAfter(1900, readings(values)).length <= 3)
  })

  it('a value that is usual, but not at this hour', () => {
    const values = noise(288 * 14, 5, (i, normal) => (i % 288 < 144 ? 1 : -1) + 0.05 * normal)
    const night = 288 * 12 + 200
    values.fill(1, night, night + 30)
    const found = toldAfter(night - 100, readings(values))
    assert.deepEqual(found, [[night, 'day']])
  })

  it('a value that is usual at this hour, but not on this day of the week', () => {
    const hours = 24 * 7 * 12
    const values = noise(hours, 6, (i, normal) => (i % 168 < 120 && i % 24 > 5 ? 1 : -1) + 0.02 * normal)
    const sunday = 168 * 11 + 150
    values.fill(1, sunday, sunday + 10)
    const found = toldAfter(168 * 10, readings(values, 60 * MINUTE))
    assert.ok(
      found.some(([row, cause]) => row >= sunday && row < sunday + 10 && cause === 'week'),
      String(found),
    )
  })

  it('a signal that sticks, once', () => {
    const values = noise(3000, 7)
    values.fill(values[2000]!, 2000, 2500)
    const found = told(readings(values)).filter(([, cause]) => cause === 'stuck')
    assert.deepEqual(found, [[2008, 'stuck']])
  })

  it('known values in an order that never was', () => {
    const values = noise(3000, 9, (i, normal) => (i % 10 < 5 ? 0 : 1) + 0.02 * normal)
    values.splice(2000, 0, 1.01, 0.99, 1, 0.98, 1.02)
    assert.deepEqual(toldAfter(1900, readings(values))[0], [2000, 'context'])
  })

  it('less and less of noise, and nothing of a slow day that it knows', () => {
    const rows = told(readings(noise(60_000, 10))).map(([row]) => row)
    assert.ok(rows.filter((row) => row >= 10_000).length <= 8, rows.join())
    const day = noise(3 * 86_400, 11, (i, normal) => Math.sin((2 * Math.PI * i) / 86_400) + 0.02 * normal)
    const later = toldAfter(2 * 86_400, readings(day, 1e6))
    assert.ok(later.length <= 8, later.join())
  })

  it('a shift soon after a wild value, however wild', () => {
    for (const wild of [1e3, 1e9, -1e90, Number.MAX_VALUE]) {
      const values = noise(6000, 12, (i, normal) => 0.1 * normal + (i < 5000 ? 0 : 2))
      values[2500] = wild
      const found = toldAfter(2490, readings(values))
      assert.deepEqual(found[0], [2500, 'value'])
      assert.deepEqual(
        found.find(([row]) => row >= 5000),
        [5000, 'value'],
      )
      assert.ok(
        found.filter(([row]) => row > 2500 && row < 5000).length <= 4,
        'usual values are not news because of it',
      )
    }
  })

  it('a value again that it has forgotten', () => {
    const values = noise(4000, 8, (_, normal) => Math.max(-1, Math.min(1, normal)))
    for (const row of [500, 1000, 3500]) values[row] = 8
    const rows = told(readings(values), streamingDetector({ memory: 1500 })).map(([row]) => row)
    assert.ok(rows.includes(500) && !rows.includes(1000) && rows.includes(3500), rows.join())
  })
})
