import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  before,
  PRESETS,
  panBy,
  parseSpan,
  rangeSearch,
  readRange,
  spanOf,
  spanText,
  zoomBy,
  zoomTo,
} from './time-range.ts'

const MINUTE = 60_000_000
const NOW = 1_795_000_000_000_000

describe('time range', () => {
  it('reads what the address holds, and falls back on nonsense', () => {
    assert.deepEqual(readRange({ last: '6h' }), { kind: 'last', span: 360 * MINUTE })
    assert.deepEqual(readRange({ from: 1_000_000, to: 5_000_000 }), { kind: 'fixed', from: 1_000_000, to: 5_000_000 })
    for (const nonsense of [{}, { last: 'soon' }, { last: '0m' }, { from: 5, to: 4 }, { from: 1_000_000 }]) {
      assert.deepEqual(readRange(nonsense), { kind: 'last', span: 15 * MINUTE })
    }
  })

  it('writes each form so that it reads back as it was', () => {
    for (const preset of PRESETS) {
      const range = readRange({ last: preset })
      assert.deepEqual(readRange(rangeSearch(range)), range)
      assert.equal(spanText(parseSpan(preset)!), preset)
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: NOW }), fc.integer({ min: 1_000, max: 1e15 }), (from, length) => {
        const range = zoomTo(from, from + length)
        assert.deepEqual(readRange(rangeSearch(range)), range)
      }),
    )
  })

  it('zooms around a point that stays where it is', () => {
    const range = { kind: 'fixed', from: NOW - 100 * MINUTE, to: NOW } as const
    const zoomed = zoomBy(range, 0.5, NOW, NOW - 25 * MINUTE)
    assert.deepEqual(zoomed, { kind: 'fixed', from: NOW - 62.5 * MINUTE, to: NOW - 12.5 * MINUTE })
  })

  it('keeps following now when a following range is zoomed', () => {
    assert.deepEqual(zoomBy({ kind: 'last', span: 10 * MINUTE }, 2, NOW), { kind: 'last', span: 20 * MINUTE })
  })

  it('moves back in time, and forward again until it follows now', () => {
    const back = panBy({ kind: 'last', span: 10 * MINUTE }, -0.5, NOW)
    assert.deepEqual(back, { kind: 'fixed', from: NOW - 15 * MINUTE, to: NOW - 5 * MINUTE })
    assert.deepEqual(panBy(back, 0.5, NOW), { kind: 'last', span: 10 * MINUTE })
  })

  it('never leaves the time that can be asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (factor, part) => {
          const range = panBy(zoomBy({ kind: 'fixed', from: 0, to: 1_000_000 }, factor, NOW), part, NOW)
          const { from, to } = spanOf(range, NOW)
          assert.ok(from >= 0 && to > from, `${from} – ${to}`)
        },
      ),
    )
  })

  it('compares with the same length right before', () => {
    assert.deepEqual(before({ from: 30, to: 50 }), { from: 10, to: 30 })
  })
})
