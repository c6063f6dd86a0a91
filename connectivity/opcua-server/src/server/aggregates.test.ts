import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '@millwright/foundation'
import fc from 'fast-check'
import { Plant } from '../../test/plant.ts'
import { AGGREGATES, type AggregateName, processed } from './aggregates.ts'

/** The definition: over the values of [start, end). */
function byDefinition(name: AggregateName, values: readonly number[]): number | undefined {
  if (name === 'count') return values.length
  if (values.length === 0) return undefined
  const min = Math.min(...values)
  const max = Math.max(...values)
  const by: Record<Exclude<AggregateName, 'count'>, number> = {
    average: values.reduce((a, b) => a + b, 0) / values.length,
    minimum: min,
    maximum: max,
    start: values[0]!,
    end: values.at(-1)!,
    range: max - min,
    delta: values.at(-1)! - values[0]!,
  }
  return by[name]
}

test('aggregates are those of their definitions, wherever the intervals begin and end', async () => {
  const ports = (plant: Plant) => plant.ports().history
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...(Object.keys(AGGREGATES) as AggregateName[])),
      fc.uniqueArray(fc.integer({ min: 0, max: 200 * 500_000 }), { maxLength: 60 }),
      fc.oneof(
        fc.record({
          from: fc.integer({ min: 0, max: 20 }),
          step: fc.integer({ min: 1, max: 12 }),
          unit: fc.constant(SECOND),
        }),
        fc.record({
          from: fc.integer({ min: 0, max: 20_000 }),
          step: fc.integer({ min: 900, max: 12_000 }),
          unit: fc.constant(1000),
        }),
      ),
      fc.integer({ min: 1, max: 100_000_000 }),
      async (name, times, { from, step, unit }, length) => {
        const plant = new Plant()
        const signal = plant.signal(plant.node('P', 'equipment'), 't', 'number')
        const rows = times.sort((a, b) => a - b).map((time, i) => ({ time, quality: 0, value: (i * 37) % 101 }))
        plant.history.set(signal.id, rows)
        const range = { from: from * unit, to: from * unit + length, step: step * unit }
        const found = await processed(ports(plant), signal, name, range, 1e6)
        const expected = found!.map((_, i) => {
          const start = range.from + i * range.step
          const end = Math.min(start + range.step, range.to)
          return byDefinition(
            name,
            rows.filter(({ time }) => time >= start && time < end).map(({ value }) => value),
          )
        })
        assert.equal(found!.length, Math.ceil(length / range.step))
        for (const [i, { value }] of found!.entries()) {
          const shown = value?.value ?? undefined
          if (typeof shown === 'number' && expected[i] !== undefined) assert.ok(Math.abs(shown - expected[i]) < 1e-9)
          else assert.equal(shown, expected[i])
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('more readings than may be looked at are not looked at', async () => {
  const plant = new Plant()
  const signal = plant.signal(plant.node('P', 'equipment'), 't', 'number')
  plant.history.set(
    signal.id,
    Array.from({ length: 120_000 }, (_, time) => ({ time, quality: 0, value: 1 })),
  )
  const range = { from: 1, to: 120_000, step: 1001 }
  assert.equal(await processed(plant.ports().history, signal, 'average', range, 60_000), undefined)
  assert.notEqual(await processed(plant.ports().history, signal, 'average', range, 200_000), undefined)
})
