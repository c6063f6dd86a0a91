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
})
