import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QUALITY, ReadingBatch } from '@millwright/connectivity'
import { MILLISECOND, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { LiveHub } from './hub.ts'
import type { ReadingRows } from './subscription.ts'

const batchOf = (rows: readonly (readonly [key: number, time: number, value: number, quality?: number])[]) => {
  const batch = new ReadingBatch(4)
  for (const [key, time, value, quality] of rows) batch.push(key, time, value, quality ?? 0)
  return batch
}

function watching(maxRate: number, signals = [7, 8]) {
  const clock = new VirtualClock()
  const hub = new LiveHub(clock)
  const got: ReadingRows[] = []
  const reader = { ready: true }
  const subscription = hub.subscribe({ signals, maxRate, ready: () => reader.ready, rows: (rows) => got.push(rows) })
  return { clock, hub, got, reader, subscription }
}

describe('live readings', () => {
  it('pass at once when they come slower than the rate, to those who watch their signal', () => {
    const { hub, got } = watching(10)
    hub.take(
      batchOf([
        [1, 5, 1],
        [8, 5, 2],
        [7, 6, 3],
        [7, 4, Number.NaN, QUALITY.bad],
      ]),
    )
    assert.deepEqual(got, [{ index: [1, 0], time: [5, 6], value: [2, 3], quality: [0, 0], leftOut: 1 }])
  })

  it('show null for a Bad reading, and the text of a state', () => {
    const { hub, got } = watching(10)
    const batch = batchOf([[7, 1, 5, QUALITY.bad]])
    batch.wide.push({ signal: 8, time: 1, quality: 0, value: { kind: 'state', value: 'running' } })
    hub.take(batch)
    assert.deepEqual(got[0]!.value, [null, 'running'])
  })

  it('keep the newest, lowest and highest of what came too fast, and count the rest', async () => {
    const { clock, hub, got } = watching(10)
    hub.take(batchOf([[7, 0, 0]]))
    for (const [i, value] of [1, 9, -4, 2, 3].entries()) hub.take(batchOf([[7, 1 + i, value]]))
    assert.equal(got.length, 1)
    await clock.advance(120 * MILLISECOND)
    assert.deepEqual(got[1], { index: [0, 0, 0], time: [2, 3, 5], value: [9, -4, 3], quality: [0, 0, 0], leftOut: 2 })
  })

  it('hold the rate over time', async () => {
    const { clock, hub, got } = watching(10, [7])
    for (let i = 0; i < 1000; i++) {
      hub.take(batchOf([[7, i, Math.sin(i)]]))
      await clock.advance(10 * MILLISECOND)
    }
    const rows = got.reduce((sum, { index }) => sum + index.length, 0)
    const left = got.reduce((sum, { leftOut }) => sum + leftOut, 0)
    assert.ok(rows > 80 && rows <= 104, `${rows} rows in 10 s`)
    assert.ok(rows + left > 950)
  })

  it('wait for a slow reader and then give the newest', async () => {
    const { clock, hub, got, reader } = watching(50, [7])
    reader.ready = false
    for (let i = 0; i < 100; i++) hub.take(batchOf([[7, i, i]]))
    await clock.advance(SECOND)
    assert.equal(got.length, 0)
    reader.ready = true
    await clock.advance(40 * MILLISECOND)
    assert.deepEqual(got, [{ index: [0, 0], time: [0, 99], value: [0, 99], quality: [0, 0], leftOut: 98 }])
  })

  it('end when cancelled', async () => {
    const { clock, hub, got, subscription } = watching(10)
    subscription.cancel()
    hub.take(batchOf([[7, 0, 0]]))
    await clock.advance(SECOND)
    assert.equal(got.length, 0)
    assert.equal(hub.subscriptions, 0)
  })

  it('go on when the clock is set back', async () => {
    const { clock, hub, got } = watching(10, [7])
    hub.take(batchOf([[7, 0, 0]]))
    const now = clock.now.bind(clock)
    clock.now = () => now() - 3600 * SECOND
    hub.take(batchOf([[7, 1, 1]]))
    assert.equal(got.length, 2)
  })
})
