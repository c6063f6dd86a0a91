import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { QUALITY } from '@millwright/connectivity'
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '@millwright/foundation'
import fc from 'fast-check'
import type { SignalFacts } from '../../signals/catalogue.ts'
import { passing, START, type TestHistorian, testHistorian } from '../testing.ts'

/** What a person would compute by hand from all that was ever sent: the last value for each time. */
class Model {
  readonly points = new Map<Micros, { value: number; quality: number }>()

  buckets(step: Micros) {
    const spans = new Map<Micros, { time: Micros; value: number; quality: number }[]>()
    for (const [time, point] of [...this.points].sort(([a], [b]) => a - b)) {
      const start = Math.floor(time / step) * step
      spans.set(start, [...(spans.get(start) ?? []), { time, ...point }])
    }
    return [...spans].map(([time, points]) => {
      const usable = points.filter(({ quality, value }) => quality >>> 30 !== 2 && Number.isFinite(value))
      const values = usable.map(({ value }) => value)
      return {
        time,
        count: values.length,
        mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
        min: values.length === 0 ? null : Math.min(...values),
        max: values.length === 0 ? null : Math.max(...values),
        first: values[0] ?? null,
        last: values.at(-1) ?? null,
        quality: Math.max(...points.map(({ quality }) => quality)),
      }
    })
  }
}

/** More by `RUNS=100`. No limit of time: an interrupted run would go on beside the next test. */
const RUNS = Number(process.env['RUNS'] ?? 6)

const RANGE = { from: START - DAY, to: START + DAY }
const CHECKED = [
  [MINUTE, ['mean', 'last', 'count']],
  [15 * MINUTE, ['first', 'max']],
  [HOUR, ['mean', 'min', 'max', 'first', 'last', 'count']],
  [DAY, ['mean', 'min', 'first', 'count']],
] as const

/** A time in one and a half days, most of them in a few busy minutes, so that points meet again. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 3 * 60 }).map((second) => START + 9 * HOUR + 58 * MINUTE + second * SECOND),
  fc.integer({ min: 0, max: 1.5 * 86_400 }).map((second) => START - DAY + second * SECOND),
)
const anyRow = fc.tuple(
  anyTime,
  fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(Number.NaN)),
  fc.constantFrom(QUALITY.good, QUALITY.good, QUALITY.uncertain, QUALITY.badSensorFailure),
)
type Step = { write: [time: number, value: number, quality: number][] } | 'roll' | 'wait' | 'restart'
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.array(anyRow, { minLength: 1, maxLength: 30 }).map((write) => ({ write })) },
  { weight: 3, arbitrary: fc.constant('roll' as const) },
  { weight: 1, arbitrary: fc.constant('wait' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
)

describe('rollups', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  async function check(facts: SignalFacts, model: Model): Promise<void> {
    for (const [step, aggregates] of CHECKED) {
      const wanted = model.buckets(step)
      const rows = new Map(wanted.map((bucket) => [bucket.time, bucket]))
      for (const aggregate of aggregates) {
        const { time, columns } = await test.historian.table([facts], { ...RANGE, step, aggregate, fill: 'none' })
        for (const [i, at] of time.entries()) {
          const bucket = rows.get(at)
          const expected = aggregate === 'count' ? (bucket?.count ?? 0) : (bucket?.[aggregate] ?? null)
          const found = columns[0]![i]!
          if (aggregate === 'mean' && expected !== null && found !== null) {
            assert.ok(Math.abs(found - expected) < 1e-6, `mean at ${at}: ${found} instead of ${expected}`)
          } else
            assert.equal(found, expected, `${aggregate} at ${(at - START) / MINUTE} min, step ${step / MINUTE} min`)
        }
      }
    }
    const series = await test.historian.series(facts, RANGE, 100, '1h')
    const quality = new Map(model.buckets(HOUR).map((bucket) => [bucket.time, bucket.quality]))
    for (const [i, at] of series.time.entries()) {
      if (quality.has(at)) assert.equal(series.quality[i], quality.get(at))
    }
  }

  it('equal what is computed from the last value of each time, whatever comes late, again or corrected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 12 }), async (steps) => {
        const facts = test.signals.add()
        const model = new Model()
        for (const step of steps) {
          if (step === 'roll') await test.historian.roll(START + 10 * HOUR)
          else if (step === 'wait') await test.clock.advance(SECOND)
          // Without a stop: what was not rolled up is only known by the notes on disk.
          else if (step === 'restart') await test.again()
          else {
            await test.write(facts, step.write)
            for (const [time, value, sent] of step.write) {
              const quality = Number.isFinite(value) || sent >>> 30 === 2 ? sent : QUALITY.bad
              model.points.set(time, { value, quality })
            }
          }
        }
        await check(facts, model)
        await test.historian.roll(START + DAY)
        await check(facts, model)
      }),
      { numRuns: RUNS },
    )
  })

  it('are exact while a pass is under way and readings keep coming for the same minutes', async () => {
    const facts = test.signals.add()
    const model = new Model()
    const write = async (round: number) => {
      const rows = Array.from({ length: 50 }, (_, i): [number, number] => [START + (i * 7 + round) * SECOND, round])
      await test.write(facts, rows)
      for (const [time, value] of rows) model.points.set(time, { value, quality: 0 })
    }
    await write(0)
    for (let round = 1; round < 6; round++) {
      const pass = test.historian.roll(START + DAY)
      await write(round)
      await pass
    }
    await check(facts, model)
    await passing(test.clock, test.historian.roll(START + DAY))
    await check(facts, model)
  })
})
