import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Arrivals, Plan } from '../kinds/kind.ts'
import { GridRows } from './grid-rows.ts'

const SECOND = 1_000_000
const NAN = Number.NaN

const plan = (hold: number, inputs = 2): Plan => ({
  step: SECOND,
  inputs: Array.from({ length: inputs }, (_, i) => ({
    signal: `s${i}`,
    name: `s${i}`,
    kind: 'number',
    unit: '1',
    hold,
  })),
})

/** Rows of (input, second, value). */
function arrivals(rows: readonly (readonly [input: number, at: number, value: number])[], now: number): Arrivals {
  return {
    length: rows.length,
    input: Uint16Array.from(rows, ([input]) => input),
    time: Float64Array.from(rows, ([, at]) => Math.round(at * SECOND)),
    value: Float64Array.from(rows, ([, , value]) => value),
    wide: [],
    now: now * SECOND,
  }
}

/** Seconds and values of the rows that came out. */
const shown = (grid: GridRows, given: Arrivals): [at: number, ...values: number[]][] => {
  const { times, columns } = grid.take(given)
  return Array.from(times, (time, row) => [time / SECOND, ...columns.map((column) => column[row]!)])
}

test('a row is the means of its step, told when a reading comes from well after it', () => {
  const grid = new GridRows(plan(0))
  assert.deepEqual(
    shown(
      grid,
      arrivals(
        [
          [0, 10.1, 2],
          [0, 10.9, 4],
          [1, 10.5, 8],
        ],
        11,
      ),
    ),
    [],
  )
  assert.deepEqual(shown(grid, arrivals([[0, 11.2, 5]], 12)), [])
  assert.deepEqual(shown(grid, arrivals([[0, 12.1, 6]], 13)), [[11, 3, 8]])
})

test('values are held as long as they may be, Bad ones are none, and steps without any reading are no rows', () => {
  const grid = new GridRows(plan(2))
  const given = arrivals(
    [
      [0, 0, 1],
      [1, 0, 7],
      [0, 1, NAN],
      [0, 2, 3],
      [0, 3, 4],
      [0, 9, 5],
    ],
    9,
  )
  assert.deepEqual(shown(grid, given), [
    [1, 1, 7],
    [3, 3, 7],
    [4, 4, NAN],
  ])
})

test('what is open when nothing comes any more is told', () => {
  const grid = new GridRows(plan(0))
  assert.deepEqual(shown(grid, arrivals([[0, 5, 1]], 6)), [])
  assert.deepEqual(shown(grid, arrivals([], 8)), [])
  assert.deepEqual(shown(grid, arrivals([], 10)), [[6, 1, NAN]])
})

test('what comes too late is left out and counted; rows are never told twice or out of order', () => {
  const grid = new GridRows(plan(0))
  shown(
    grid,
    arrivals(
      [
        [0, 5, 1],
        [0, 20, 1],
      ],
      20,
    ),
  )
  assert.deepEqual(shown(grid, arrivals([[1, 5.5, 1]], 20)), [])
  assert.equal(grid.late, 1)
})

test('a sender whose clock runs far ahead neither stops the others nor fills the memory', () => {
  const grid = new GridRows(plan(0, 1))
  assert.deepEqual(shown(grid, arrivals([[0, 1e6, 1]], 10)), [])
  shown(grid, arrivals([[0, 10, 2]], 10))
  assert.deepEqual(shown(grid, arrivals([[0, 13, 3]], 13)), [[11, 2]])
  const many = Array.from({ length: 30_000 }, (_, n) => [0, 1e6 - n, 1] as const)
  assert.ok(grid.take(arrivals(many, 1e6)).times.length >= 19_000)
})

test('however readings are cut into batches, the rows are the same', () => {
  const reading = fc.record({ input: fc.nat(1), gap: fc.nat(3000), value: fc.integer({ min: -9, max: 9 }) })
  fc.assert(
    fc.property(
      fc.array(reading, { maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (readings, cuts) => {
        let at = 100
        const rows = readings.map(({ input, gap, value }) => {
          at += gap / 1000
          return [input, at, value] as const
        })
        // The platform's time goes with the readings: silence does not end a step here.
        const whole = new GridRows(plan(3))
        const all = [...shown(whole, arrivals(rows, at)), ...shown(whole, arrivals([], at + 60))]
        const cut = new GridRows(plan(3))
        const parts: [number, ...number[]][] = []
        for (let from = 0, i = 0; from < rows.length; i++) {
          const end = from + cuts[i % cuts.length]!
          const some = rows.slice(from, end)
          parts.push(...shown(cut, arrivals(some, some.at(-1)![1])))
          from = end
        }
        parts.push(...shown(cut, arrivals([], at + 60)))
        assert.deepEqual(parts, all)
      },
    ),
  )
})
