import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { QUALITY, type ReadingBatch } from '@millwright/connectivity'
import { DAY, SECOND } from '@millwright/foundation'
import { passing, START, type TestHistorian, testHistorian } from '../testing.ts'

describe('stored readings played again', () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian()
  })
  after(() => test.close())

  const rowsOf = (batch: ReadingBatch) => [
    ...Array.from({ length: batch.length }, (_, i) => [batch.signal[i]!, batch.time[i]!, batch.value[i]!]),
    ...batch.wide.map(({ signal, time, value }) => [signal, time, value.kind === 'state' ? value.value : '']),
  ]

  it('come in the order of time, once each, numbers and states', async () => {
    const number = test.signals.add()
    const state = test.signals.add({ kind: 'state' })
    await test.write(number, [
      [START + 2 * SECOND, 2],
      [START, 9],
      [START, 0],
    ])
    const value = { kind: 'state', value: 'run' } as const
    test.historian.sink.open.wide.push({ signal: state.key, time: START + SECOND, quality: 0, value })
    await passing(test.clock, test.historian.sink.committed())
    const found: unknown[] = []
    for await (const batch of test.historian.replay.raw([number.key, state.key], START, START + DAY)) {
      found.push(...rowsOf(batch))
    }
    assert.deepEqual(found, [
      [number.key, START, 0],
      [number.key, START + 2 * SECOND, 2],
      [state.key, START + SECOND, 'run'],
    ])
  })

  it('begin with the newest before a moment that is not Bad, as last written', async () => {
    const number = test.signals.add()
    const state = test.signals.add({ kind: 'state' })
    const unheard = test.signals.add()
    await test.write(number, [
      [START, 1],
      [START, 2],
      [START + SECOND, 3, QUALITY.badSensorFailure],
    ])
    const value = { kind: 'state', value: 'run' } as const
    test.historian.sink.open.wide.push({ signal: state.key, time: START, quality: 0, value })
    await passing(test.clock, test.historian.sink.committed())
    const keys = [number.key, state.key, unheard.key]
    assert.deepEqual(rowsOf(await test.historian.replay.newest(keys, START + 2 * SECOND)), [
      [number.key, START, 2],
      [state.key, START, 'run'],
    ])
  })

  it('come of every kind, many in slices that never cut a moment, also when they stand close together', async () => {
    const number = test.signals.add()
    const other = test.signals.add({ kind: 'boolean' })
    const vibration = test.signals.add({ kind: 'waveform' })
    const count = 60_000
    for (let i = 0; i < count; i++) {
      test.historian.sink.open.push(number.key, START + i * 10, i, 0)
      test.historian.sink.open.push(other.key, START + i * 10, i % 2, 0)
    }
    const samples = { kind: 'waveform', sampleRate: 100, samples: new Float32Array(10) } as const
    test.historian.sink.open.wide.push({ signal: vibration.key, time: START + 5, quality: 0, value: samples })
    await passing(test.clock, test.historian.sink.committed())
    let [batches, rows, before] = [0, 0, 0]
    const kinds: string[] = []
    // The range is a month: all of it stands within one step of counting.
    const keys = [number.key, other.key, vibration.key]
    for await (const batch of test.historian.replay.raw(keys, START - 15 * DAY, START + 15 * DAY)) {
      batches++
      assert.ok(batch.length <= 50_000)
      assert.ok(batch.time[0]! > before, 'a moment is in one batch')
      for (let i = 0; i < batch.length; i++) {
        assert.ok(batch.time[i]! >= before)
        before = batch.time[i]!
        assert.equal(
          batch.value[i],
          batch.signal[i] === number.key ? (before - START) / 10 : ((before - START) / 10) % 2,
        )
      }
      rows += batch.length
      kinds.push(...batch.wide.map(({ signal, value }) => `${signal === vibration.key} ${value.kind}`))
    }
    assert.equal(rows, 2 * count)
    assert.ok(batches > 2)
    assert.deepEqual(kinds, ['true document'])
  })

  it('begin with what memory holds, or with the last usable one when that is Bad or not so old', async () => {
    const number = test.signals.add()
    const vibration = test.signals.add({ kind: 'waveform' })
    await test.write(number, [
      [START - 20 * DAY, 20],
      [START - 3 * 3600 * SECOND, 3],
      [START, 0],
      [START + SECOND, 9, QUALITY.badSensorFailure],
    ])
    const samples = { kind: 'waveform', sampleRate: 100, samples: new Float32Array(10) } as const
    test.historian.sink.open.wide.push({ signal: vibration.key, time: START, quality: 0, value: samples })
    await passing(test.clock, test.historian.sink.committed())
    const { replay } = test.historian
    const at = async (before: number) => rowsOf(await replay.newest([number.key], before))
    assert.deepEqual(await at(START + 2 * SECOND), [[number.key, START, 0]])
    assert.deepEqual(await at(START), [[number.key, START - 3 * 3600 * SECOND, 3]])
    assert.deepEqual(await at(START - 5 * 3600 * SECOND), [[number.key, START - 20 * DAY, 20]])
    assert.deepEqual(await at(START - 20 * DAY), [])
    assert.deepEqual(rowsOf(await replay.newest([vibration.key], START + SECOND)), [[vibration.key, START, '']])
  })
})
