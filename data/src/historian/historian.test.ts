import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY, HOUR, MINUTE, SECOND } from '@millwright/foundation'
import { passing, START, type TestHistorian, testHistorian } from './testing.ts'

describe('the historian', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  it('gives back every float64 bit for bit, a minus zero included', async () => {
    const facts = test.signals.add()
    const values = [0, -0, 5e-324, -2.2250738585072014e-308, 1e308, -1.7976931348623157e308, 0.1, 1 / 3, 1e21, 2 ** 53]
    await test.write(
      facts,
      values.map((value, i) => [START + i * SECOND, value]),
    )
    const series = await test.historian.series(facts, { from: START, to: START + MINUTE }, 1000, 'raw')
    assert.deepEqual(
      series.value.map((value) => (Object.is(value, -0) ? '-0' : value)),
      values.map((value) => (Object.is(value, -0) ? '-0' : value)),
    )
    assert.deepEqual(
      series.time,
      values.map((_, i) => START + i * SECOND),
    )
  })

  it('keeps one point per signal and time, the last one written', async () => {
    const facts = test.signals.add()
    await test.write(facts, [
      [START, 1],
      [START + SECOND, 2],
      [START, 3],
    ])
    await test.write(facts, [
      [START + SECOND, 4],
      [START + 2 * SECOND, 5],
    ])
    const range = { from: START, to: START + MINUTE }
    const raw = await test.historian.series(facts, range)
    assert.deepEqual(raw.value, [3, 4, 5])
    assert.equal(raw.points, 3)
    const spans = await test.historian.series(facts, range, 1000, '1m')
    assert.deepEqual([spans.value, spans.min, spans.max, spans.points], [[4], [3], [5], 3])
  })

  it('answers the same from rollups as from readings', async () => {
    const facts = test.signals.add()
    const rows = Array.from({ length: 3000 }, (_, i): [number, number] => [
      START + i * 7 * SECOND,
      Math.round(Math.sin(i) * 1e4) / 1e3,
    ])
    await test.write(facts, rows)
    const range = { from: START, to: START + DAY }
    const before = await test.historian.series(facts, range, 24, '1h')
    await test.historian.roll(START + DAY)
    const after = await test.historian.series(facts, range, 24, '1h')
    assert.deepEqual(after.min, before.min)
    assert.deepEqual(after.points, 3000)
    assert.deepEqual(after.time.length, 6)
    for (const [i, value] of after.value.entries()) assert.ok(Math.abs(value! - before.value[i]!) < 1e-9)
    assert.equal(after.step, HOUR)
  })

  it('finds the latest values again after a crash', async () => {
    const facts = test.signals.add()
    await test.write(facts, [
      [START, 1],
      [START + SECOND, 2],
    ])
    await test.again()
    assert.deepEqual(test.historian.latest(facts.key), { time: START + SECOND, value: 2, quality: 0, wide: undefined })
    await test.write(facts, [[START, 9]])
    assert.equal(test.historian.latest(facts.key)?.value, 2)
  })

  it('tells listeners of each window once it is durable', async () => {
    const facts = test.signals.add({ max: 5 })
    const seen: [number, number][] = []
    const cancel = test.historian.onCommit((batch) => {
      for (let row = 0; row < batch.length; row++) seen.push([batch.value[row]!, batch.quality[row]!])
    })
    await test.write(facts, [
      [START, 1],
      [START + SECOND, 6],
    ])
    cancel()
    await test.write(facts, [[START + 2 * SECOND, 2]])
    assert.deepEqual(seen, [
      [1, 0],
      [6, 0x40940000],
    ])
  })

  it('goes on when the platform’s clock jumps back or ahead', async () => {
    const facts = test.signals.add()
    const { clock, historian } = test
    const real = clock.now.bind(clock)
    const range = { from: START, to: START + DAY }
    for (const [i, jump] of [0, -2 * HOUR, 3 * HOUR, 0].entries()) {
      clock.now = () => real() + jump
      await test.write(facts, [[START + 11 * HOUR + i * SECOND, i]])
      await historian.roll()
      assert.equal(historian.latest(facts.key)?.value, i)
    }
    clock.now = real
    assert.deepEqual((await historian.series(facts, range, 1000, 'raw')).value, [0, 1, 2, 3])
    assert.equal((await historian.series(facts, range, 1000, '1h')).points, 4)
  })

  it('takes tens of thousands of readings a second of a thousand signals', async () => {
    const all = Array.from({ length: 1000 }, () => test.signals.add())
    for (let second = 0; second < 50; second++) {
      for (const { key } of all) test.historian.sink.open.push(key, START + second * SECOND, second + key / 8, 0)
      if (second % 10 === 9) await passing(test.clock, test.historian.sink.committed())
    }
    const range = { from: START, to: START + MINUTE }
    const counts = await Promise.all(all.slice(0, 20).map((facts) => test.historian.series(facts, range)))
    assert.ok(counts.every(({ points }) => points === 50))
  })

  it('takes one window that reaches over decades', async () => {
    const facts = test.signals.add()
    const months = Array.from({ length: 105 }, (_, i) => Date.UTC(2016, i, 15) * 1000)
    await test.write(
      facts,
      months.map((time, i) => [time, i]),
    )
    const series = await test.historian.series(facts, { from: months[0]!, to: START }, 10_000, 'raw')
    assert.equal(series.points, months.length)
    assert.deepEqual(
      await test.historian.table([facts], {
        from: months[5]!,
        to: months[5]! + DAY,
        step: DAY,
        aggregate: 'last',
        fill: 'none',
      }),
      {
        time: [Math.floor(months[5]! / DAY) * DAY],
        columns: [[5]],
      },
    )
  })
})
