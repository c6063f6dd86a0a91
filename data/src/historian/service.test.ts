import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { QUALITY } from '@millwright/connectivity'
import { DAY, HOUR, MINUTE, newId, SECOND } from '@millwright/foundation'
import type { Actor } from '@millwright/trust'
import { NODE, passing, START, somebody, type TestHistorian, testHistorian } from './testing.ts'

describe('history as the API answers it', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  // biome-ignore lint/suspicious/noExplicitAny: calls are typed per operation; here only their common part is filled in
  const call = (body: unknown, actor: Actor = somebody()): any => ({
    actor,
    body,
    signal: new AbortController().signal,
  })
  const handlers = () => test.historian.handlers
  const code = (number: number) => ({ code: `MW-DATA-${String(number).padStart(4, '0')}` })

  it('writes and reads every kind of value', async () => {
    const kinds = {
      number: [1.5, null],
      boolean: [true, false],
      state: ['running', "it's; drop table readings --\t\n\\"],
      document: [{ part: { id: 7, tags: ['a\\b', '\t"ü€😀'] } }, ['x', null, 1.25]],
      position: [
        { latitude: 48.5, longitude: -122.25, altitude: 12.5 },
        { latitude: -0.1, longitude: 0 },
      ],
    } as const
    for (const [kind, value] of Object.entries(kinds)) {
      const facts = test.signals.add({ kind: kind as keyof typeof kinds })
      const time = [START, START + SECOND]
      const written = handlers().writeReadings(call({ signal: facts.id, time, value }))
      assert.deepEqual(await passing(test.clock, written), { written: 2 })
      const { items } = await handlers().queryReadings(call({ signal: facts.id, from: START, to: START + MINUTE }))
      assert.deepEqual(
        items.map((item: { value: unknown }) => item.value),
        value,
      )
      const latest = await handlers().queryLatest(call({ signals: [facts.id] }))
      assert.deepEqual(latest.items[0]!.value, kind === 'boolean' ? 0 : value[1])
      assert.equal(latest.items[0]!.time, START + SECOND)
      const again = await test.again()
      assert.deepEqual((await again.handlers.queryLatest(call({ signals: [facts.id] }))).items, latest.items)
    }
  })

  it('writes and reads waveforms, newest first', async () => {
    const facts = test.signals.add({ kind: 'waveform', unit: 'm/s2' })
    const samples = Array.from({ length: 25_600 }, (_, i) => Math.fround(Math.sin(i / 9) * 3.3))
    const value = [
      { sampleRate: 25_600, samples },
      { sampleRate: 10, samples: [9, 10, 13, 92, -0.5] },
    ]
    await passing(
      test.clock,
      handlers().writeReadings(call({ signal: facts.id, time: [START, START + SECOND], value })),
    )
    const range = { signal: facts.id, from: START, to: START + MINUTE }
    const { items } = await handlers().queryWaveforms(call({ ...range, limit: 2 }))
    assert.deepEqual(
      items.map((item: { time: number }) => item.time),
      [START + SECOND, START],
    )
    assert.deepEqual(items[0]!.samples, [9, 10, 13, 92, -0.5])
    const { samples: got, ...rest } = items[1]!
    assert.deepEqual(rest, { signal: facts.id, time: START, quality: 0, unit: 'm/s2', sampleRate: 25_600 })
    // Shown as the shortest decimal of each float32.
    assert.ok(Float32Array.from(got).every((sample, i) => sample === samples[i]) && got.length === samples.length)
    const { items: shown } = await handlers().queryReadings(call(range))
    assert.deepEqual(shown[0]!.value, { sampleRate: 25_600, samples: 25_600 })
  })

  it('refuses what is not the signal’s kind, whole and with its place', async () => {
    const number = test.signals.add()
    const position = test.signals.add({ kind: 'position' })
    const write = (body: object) => handlers().writeReadings(call(body))
    await assert.rejects(write({ signal: number.id, time: [START], value: ['1'] }), { ...code(7), path: 'value/0' })
    await assert.rejects(write({ signal: number.id, time: [START, START], value: [1] }), code(6))
    await assert.rejects(write({ signal: number.id, time: [START], value: [1], quality: [] }), code(6))
    await assert.rejects(write({ signal: number.id, time: [5], value: [1] }), { ...code(8), path: 'time/0' })
    await assert.rejects(write({ signal: number.id, time: [START + 10 * DAY], value: [1] }), code(8))
    await assert.rejects(
      write({ signal: position.id, time: [START], value: [{ latitude: 91, longitude: 0 }] }),
      code(7),
    )
    assert.equal(test.historian.latest(number.key), undefined)
  })

  it('shows nothing of what the actor may not see, and lets nobody write who may only read', async () => {
    const own = test.signals.add()
    const foreign = test.signals.add({ tenant: newId('ten') })
    const range = { from: START, to: START + HOUR }
    await assert.rejects(handlers().querySeries(call({ signals: [own.id, foreign.id], ...range })), code(1))
    await assert.rejects(handlers().queryLatest(call({ signals: [foreign.id] })), code(1))
    await assert.rejects(handlers().queryReadings(call({ signal: foreign.id, ...range })), code(1))
    await assert.rejects(handlers().exportReadings(call({ signals: [foreign.id], ...range, format: 'csv' })), code(1))
    await assert.rejects(handlers().writeReadings(call({ signal: foreign.id, time: [START], value: [1] })), code(1))
    const reader = somebody({ permissions: new Map([['*', new Set(['signal:read'] as const)]]) })
    await assert.rejects(handlers().writeReadings(call({ signal: own.id, time: [START], value: [1] }, reader)), {
      status: 403,
    })
    const elsewhere = somebody({ permissions: new Map([[newId('ast'), new Set(['signal:read'] as const)]]) })
    assert.deepEqual((await handlers().queryLatest(call({ under: NODE }, elsewhere))).items, [])
  })

  it('marks what has not been heard of for too long as stale', async () => {
    const steady = test.signals.add()
    const announced = test.signals.add({ staleAfter: 2 * SECOND })
    const silent = test.signals.add()
    const now = test.clock.now()
    for (let i = 5; i >= 0; i--) await test.write(steady, [[now - i * SECOND, i]])
    await test.write(announced, [[now, 1]])
    const stale = async () => {
      const { items } = await handlers().queryLatest(call({ signals: [steady.id, announced.id, silent.id] }))
      return items.map((item: { stale: boolean }) => item.stale)
    }
    assert.deepEqual(await stale(), [false, false, true])
    await test.clock.advance(3 * SECOND)
    assert.deepEqual(await stale(), [false, true, true])
    await test.clock.advance(5 * SECOND)
    assert.deepEqual(await stale(), [true, true, true])
  })

  it('shows Bad readings and pauses as gaps', async () => {
    const facts = test.signals.add()
    const times = [0, 1, 2, 3, 60, 61, 62].map((second) => START + second * SECOND)
    await test.write(
      facts,
      times.map((time, i) => [time, i, i === 2 ? QUALITY.badSensorFailure : 0]),
    )
    const { series } = await handlers().querySeries(call({ signals: [facts.id], from: START, to: START + 2 * MINUTE }))
    assert.deepEqual(series[0]!.value, [0, 1, null, 3, null, 4, 5, 6])
    assert.equal(series[0]!.quality[2], QUALITY.badSensorFailure)
    assert.equal(series[0]!.points, 7)
  })

  it('thins what is finer than the pixels and keeps every peak', async () => {
    const facts = test.signals.add()
    const rows = Array.from({ length: 20_000 }, (_, i): [number, number] => [START + i * 100_000, Math.sin(i / 50)])
    rows[777]![1] = 99
    rows[15_001]![1] = -99
    await test.write(facts, rows)
    const range = { from: START, to: START + 2000 * SECOND }
    const { series } = await handlers().querySeries(call({ signals: [facts.id], ...range, pixels: 200 }))
    const { value, time, resolution, points } = series[0]!
    assert.equal(resolution, 'raw')
    assert.equal(points, 20_000)
    assert.ok(time.length <= 800, `${time.length} rows`)
    assert.deepEqual([Math.max(...value.map(Number)), Math.min(...value.map(Number))], [99, -99])
    assert.equal(time[value.indexOf(99)], START + 77_700_000)
    assert.ok(time.every((at, i) => i === 0 || at > time[i - 1]!))
  })

  it('picks the resolution that a width needs', async () => {
    const facts = test.signals.add()
    await test.write(facts, [[START, 1]])
    const resolution = async (days: number, pixels: number) => {
      const range = { from: START, to: START + days * DAY }
      return (await handlers().querySeries(call({ signals: [facts.id], ...range, pixels }))).series[0]!.resolution
    }
    assert.deepEqual(
      [await resolution(0.1, 1000), await resolution(1, 1000), await resolution(30, 1000), await resolution(600, 1000)],
      ['raw', '1m', '1h', '1d'],
    )
  })

  it('aligns signals on one time axis and fills as asked', async () => {
    const one = test.signals.add()
    const two = test.signals.add()
    await test.write(one, [
      [START - HOUR, 7],
      [START + 10 * SECOND, 1],
      [START + 11 * SECOND, 3],
      [START + 40 * SECOND, 8],
    ])
    await test.write(two, [[START + 20 * SECOND, 5]])
    const ask = { signals: [one.id, two.id], from: START, to: START + MINUTE, step: 10 * SECOND }
    const columns = async (more: object) =>
      (await handlers().queryTable(call({ ...ask, ...more }))).columns.map(({ value }: { value: unknown }) => value)
    assert.deepEqual(await columns({}), [
      [null, 2, null, null, 8, null],
      [null, null, 5, null, null, null],
    ])
    assert.deepEqual(await columns({ fill: 'previous' }), [
      [7, 2, 2, 2, 8, 8],
      [null, null, 5, 5, 5, 5],
    ])
    assert.deepEqual(await columns({ fill: 'linear' }), [
      [null, 2, 4, 6, 8, null],
      [null, null, 5, null, null, null],
    ])
    assert.deepEqual(await columns({ aggregate: 'count' }), [
      [0, 2, 0, 0, 1, 0],
      [0, 0, 1, 0, 0, 0],
    ])
    await assert.rejects(handlers().queryTable(call({ ...ask, step: 1000, to: START + DAY })), code(4))
  })

  it('pages through readings without losing or repeating one', async () => {
    const facts = test.signals.add()
    await test.write(
      facts,
      Array.from({ length: 25 }, (_, i) => [START + i, i]),
    )
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await handlers().queryReadings(
        call({ signal: facts.id, from: START, to: START + SECOND, limit: 10, cursor }),
      )
      seen.push(...page.items.map((item) => item.value as number))
      cursor = page.next
    } while (cursor !== undefined)
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, i) => i),
    )
  })

  it('says what it holds and how it does, each tenant its own', async () => {
    await test.historian.roll(START + DAY)
    const all = await handlers().getDataHealth(call(undefined, somebody({ platform: true })))
    assert.equal(all.state, 'ok')
    assert.ok(all.points > 20_000 && all.bytes > 0)
    const own = await handlers().getDataHealth(call(undefined))
    assert.ok(own.points > 20_000 && own.points <= all.points)
    assert.equal(own.retention.find((rule: { class: string }) => rule.class === 'forever')?.days, null)
    const none = await handlers().getDataHealth(call(undefined, somebody({ tenant: newId('ten') })))
    assert.deepEqual([none.points, none.signals, none.newest, none.pointsPerSecond], [0, 0, null, 0])
    assert.equal(own.pointsPerSecond, all.pointsPerSecond, 'nobody else stores anything')
  })
})
