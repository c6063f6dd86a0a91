import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBus, createLog, DAY, HOUR, MINUTE, SECOND } from '@millwright/foundation'
import { periodOf, RETENTION_NUMBERS } from './retention-classes.ts'
import { START, type TestHistorian, testHistorian } from './testing.ts'

describe('retention', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  const range = { from: START, to: START + HOUR }
  const rows = Array.from({ length: 60 }, (_, i): [number, number] => [START + i * SECOND, i])

  it('drops readings and keeps rollups, each as long as the class says', async () => {
    const short = test.signals.add({ retention: 'short' })
    const standard = test.signals.add({ retention: 'standard' })
    for (const facts of [short, standard]) await test.write(facts, rows)
    await test.historian.roll(START + HOUR)
    assert.equal(await test.historian.sweep(), 0)

    await test.again({}, START + 30 * DAY)
    assert.ok((await test.historian.sweep()) > 0)
    const series = async (facts: typeof short) => {
      const { resolution, points, max } = await test.historian.series(facts, range)
      return { resolution, points, max }
    }
    assert.deepEqual(await series(standard), { resolution: 'raw', points: 60, max: undefined })
    assert.deepEqual(await series(short), { resolution: '1m', points: 60, max: [59] })

    await test.again({}, START + 500 * DAY)
    await test.historian.sweep()
    assert.equal((await series(short)).points, 0)
    assert.deepEqual(await series(standard), { resolution: '1m', points: 60, max: [59] })
    assert.equal(await test.historian.sweep(), 0)
  })

  it('does not let a late reading wipe out the rollup of readings that are gone', async () => {
    const facts = test.signals.add({ retention: 'short' })
    await test.again({}, START + HOUR)
    await test.write(facts, rows)
    await test.historian.roll(START + HOUR)
    await test.again({}, START + 30 * DAY)
    await test.historian.sweep()
    await test.write(facts, [[START + 30 * SECOND, -5]])
    await test.historian.roll()
    const { max, points } = await test.historian.series(facts, range, 1000, '1m')
    assert.deepEqual([max, points], [[59], 60])
  })

  it('counts from the writing for history that is imported late', async () => {
    const now = START + 300 * DAY
    const facts = test.signals.add({ retention: 'short' })
    await test.again({}, now)
    await test.write(facts, rows)
    await test.historian.sweep()
    assert.equal((await test.historian.series(facts, range, 1000, 'raw')).points, 60)
    await test.again({}, now + 13 * DAY)
    await test.historian.sweep()
    assert.equal((await test.historian.series(facts, range, 1000, 'raw')).points, 60)
    await test.again({}, now + 15 * DAY)
    await test.historian.sweep()
    assert.equal((await test.historian.series(facts, range, 1000, 'raw')).points, 0)
  })

  it('keeps one point per time when a signal’s class changes', async () => {
    const log = createLog({ level: 'silent' })
    const bus = createBus(log)
    const facts = test.signals.add({ retention: 'long' })
    await test.again({ bus }, START + HOUR)
    await test.write(facts, [
      [START, 1],
      [START + SECOND, 2],
    ])
    for (const [retention, value] of [
      ['short', 10],
      ['forever', 20],
      ['standard', 30],
    ] as const) {
      const changed = test.signals.add({ ...facts, retention })
      await bus.publish({
        id: 'evt',
        type: 'millwright.signal.changed',
        source: 'test',
        subject: facts.id,
        tenant: facts.tenant,
        time: test.clock.now(),
        data: {},
      })
      await test.write(changed, [[START, value]])
      assert.deepEqual((await test.historian.series(changed, range)).value, [value, 2])
      await test.historian.roll(START + HOUR)
      assert.deepEqual((await test.historian.series(changed, range, 1000, '1m')).min, [2])
      assert.deepEqual((await test.historian.series(changed, range, 1000, '1m')).max, [value])
    }
    await test.again({}, START + HOUR)
    await test.write(facts, [[START + SECOND, 7]])
    assert.deepEqual((await test.historian.series(facts, range)).value, [30, 7])
  })

  it('runs by itself', async () => {
    const later = START + 70 * DAY
    const facts = test.signals.add({ retention: 'short' })
    await test.again({}, later + HOUR)
    await test.write(facts, [[later, 1]])
    await test.again({}, later + 40 * DAY)
    const range = { from: later, to: later + HOUR }
    const left = async () => (await test.historian.series(facts, range, 1000, 'raw')).points
    assert.equal(await left(), 1)
    for (let tries = 0; (await left()) > 0; tries++) {
      assert.ok(tries < 20, 'nothing was dropped in twenty times six hours')
      await test.clock.advance(6 * HOUR)
    }
  })

  it('counts in weeks for the short class and calendar months for the others', () => {
    const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date) * 1000
    const wednesday = day(2026, 11, 4) + 5 * MINUTE
    const { short, standard } = RETENTION_NUMBERS
    assert.deepEqual(periodOf(short, wednesday), { start: day(2026, 11, 2), end: day(2026, 11, 9) })
    assert.deepEqual(periodOf(short, day(2026, 11, 2)), { start: day(2026, 11, 2), end: day(2026, 11, 9) })
    assert.deepEqual(periodOf(short, day(2026, 11, 2) - 1), { start: day(2026, 10, 26), end: day(2026, 11, 2) })
    assert.deepEqual(periodOf(standard, wednesday), { start: day(2026, 11, 1), end: day(2026, 12, 1) })
    assert.deepEqual(periodOf(standard, day(2027, 1, 1) - 1), { start: day(2026, 12, 1), end: day(2027, 1, 1) })
  })
})
