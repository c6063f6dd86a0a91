import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MOST_ENTRIES, Window } from './window.ts'
import { WindowBudget } from './window-budget.ts'

const ALL = { sum: true, deviation: true, extremes: true, median: true }
const close = (actual: number, expected: number, scale = 1) =>
  assert.ok(
    Object.is(actual, expected) || Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected), scale),
    `${actual} is not ${expected}`,
  )

/** The figures by definition, over all readings ever given. */
function byDefinition(readings: readonly [number, number][], now: number, length: number) {
  const inside = readings.filter(([time]) => time > now - length && time <= now).sort((a, b) => a[0] - b[0])
  const values = inside.map(([, value]) => value)
  const sum = values.reduce((a, b) => a + b, 0)
  const mean = sum / values.length
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0)
  const many = values.length > 1
  const delta = many ? values.at(-1)! - values[0]! : Number.NaN
  return {
    count: values.length,
    sum,
    mean,
    deviation: many ? Math.sqrt(squares / (values.length - 1)) : Number.NaN,
    min: values.length > 0 ? Math.min(...values) : Number.NaN,
    max: values.length > 0 ? Math.max(...values) : Number.NaN,
    median: middleOf(values),
    first: values[0] ?? Number.NaN,
    last: values.at(-1) ?? Number.NaN,
    delta,
    rate: many ? (delta * 1e6) / (inside.at(-1)![0] - inside[0]![0]) : Number.NaN,
  }
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function agrees(window: Window, readings: readonly [number, number][], now: number) {
  window.evict(now)
  const expected = byDefinition(readings, now, window.length)
  for (const [name, value] of Object.entries(expected)) close(window[name as keyof typeof expected], value, 1e6)
}

test('a window gives the figures of their definitions, whatever comes, late and repeated readings too', () => {
  const step = fc.record({
    kind: fc.constantFrom('new', 'new', 'new', 'again', 'late', 'wait'),
    gap: fc.integer({ min: 1, max: 400 }),
    value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 50, max: 2000 }), (steps, length) => {
      const window = new Window(length, ALL, new WindowBudget())
      const readings: [number, number][] = []
      let now = 10_000
      for (const { kind, gap, value } of steps) {
        const newest = readings.reduce((a, [time]) => Math.max(a, time), 0)
        if (kind === 'new' || newest === 0) {
          now = Math.max(now, newest) + gap
          window.push(now, value)
          readings.push([now, value])
        } else if (kind === 'again') {
          window.replaceNewest(value)
          const held = readings.find(([time]) => time === newest)!
          if (newest > now - length) held[1] = value
        } else if (kind === 'late') {
          const time = newest - gap
          window.insertLate(time, value, now)
          if (time > now - length && !readings.some(([other]) => other === time)) readings.push([time, value])
        } else {
          now += gap
        }
        agrees(window, readings, now)
      }
    }),
    { numRuns: 300 },
  )
})

test('a million readings later the sum is still that of the window', () => {
  const window = new Window(100, ALL, new WindowBudget())
  for (let time = 1; time <= 1_000_000; time++) window.push(time, time % 2 === 0 ? 1e12 : 0.1)
  for (let time = 1_000_001; time <= 1_000_100; time++) window.push(time, 0.1)
  close(window.sum, 10)
  close(window.deviation, 0)
})

test('more readings than it may keep: memory stays bounded, and only the old edge blurs', () => {
  const budget = new WindowBudget()
  const length = 60_000_000
  const window = new Window(length, ALL, budget)
  const step = 200
  let now = 0
  for (let i = 0; i < 1_000_000; i++) {
    now += step
    window.push(now, i)
  }
  const inside = length / step
  assert.ok(window.count >= inside && window.count <= inside * (1 + 2.1 / MOST_ENTRIES), String(window.count))
  assert.equal(window.max, 999_999)
  assert.ok(Math.abs(window.median - (1_000_000 - inside / 2)) <= (inside * 2.1) / MOST_ENTRIES)
  assert.ok(Math.abs(window.min - (1_000_000 - inside)) <= (inside * 2.1) / MOST_ENTRIES)
  assert.ok(budget.used <= MOST_ENTRIES * 8 * 9, String(budget.used))
})

test('without budget a window merges early instead of growing', () => {
  const budget = new WindowBudget(0)
  const window = new Window(1_000_000, { sum: true, deviation: false, extremes: false, median: true }, budget)
  for (let time = 1; time <= 3_000_000; time += 100) window.push(time, 5)
  assert.ok(budget.used <= 128 * 8 * 4, String(budget.used))
  assert.equal(window.mean, 5)
  assert.equal(window.median, 5)
})
