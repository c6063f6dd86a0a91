import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ReadingBatch } from '@millwright/connectivity'
import { MILLISECOND, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { WindowedSink } from './sink.ts'

/** A commit that is finished by the test. */
function held() {
  const commits: { rows: number[]; done: () => void; fail: (error: Error) => void }[] = []
  const commit = (batch: ReadingBatch) =>
    new Promise<void>((done, fail) => {
      commits.push({ rows: [...batch.value.subarray(0, batch.length)], done, fail })
    })
  return { commits, commit }
}

describe('windows', () => {
  it('shares one promise and one commit between all senders of a window', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit })
    sink.open.push(1, 0, 1, 0)
    const first = sink.committed()
    sink.open.push(1, 1, 2, 0)
    assert.equal(sink.committed(), first)
    await clock.advance(50 * MILLISECOND)
    assert.deepEqual(
      commits.map(({ rows }) => rows),
      [[1, 2]],
    )
    commits[0]!.done()
    await first
    assert.equal(sink.open.length, 0)
  })

  it('fills the next window while one is committed, and commits it after', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit })
    sink.open.push(1, 0, 1, 0)
    const first = sink.committed()
    await clock.advance(50 * MILLISECOND)
    sink.open.push(1, 1, 2, 0)
    const second = sink.committed()
    assert.notEqual(second, first)
    await clock.advance(SECOND)
    assert.equal(commits.length, 1, 'one at a time')
    commits[0]!.done()
    await first
    await clock.advance(0)
    assert.deepEqual(commits[1]!.rows, [2])
    commits[1]!.done()
    await second
  })

  it('says nothing is to wait for when nothing was pushed, and waits for the window under way', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit })
    await sink.committed()
    sink.open.push(1, 0, 1, 0)
    const first = sink.committed()
    await clock.advance(50 * MILLISECOND)
    assert.equal(sink.committed(), first)
    commits[0]!.done()
    await first
  })

  it('tells all senders of a window that failed, and takes the next one', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit })
    sink.open.push(1, 0, 1, 0)
    const failing = sink.committed()
    await clock.advance(50 * MILLISECOND)
    commits[0]!.fail(new Error('disk full'))
    await assert.rejects(failing, /disk full/)
    sink.open.push(1, 0, 1, 0)
    const again = sink.committed()
    await clock.advance(SECOND)
    commits[1]!.done()
    await again
  })

  it('asks senders to pause when the disk is behind, by rows and by bytes', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit, pauseRows: 3, pauseBytes: 1000 })
    sink.open.push(1, 0, 1, 0)
    void sink.committed()
    await clock.advance(50 * MILLISECOND)
    assert.equal(sink.saturated, false)
    sink.open.wide.push({
      signal: 2,
      time: 0,
      quality: 0,
      value: { kind: 'waveform', sampleRate: 1, samples: new Float32Array(300) },
    })
    assert.equal(sink.saturated, true)
    void sink.committed()
    await clock.advance(50 * MILLISECOND)
    commits[0]!.done()
    await clock.advance(0)
    assert.equal(sink.saturated, false)
    for (let i = 0; i < 3; i++) sink.open.push(1, i, 1, 0)
    assert.equal(sink.saturated, true)
  })

  it('closes a full window before its time', async () => {
    const clock = new VirtualClock()
    const { commits, commit } = held()
    const sink = new WindowedSink({ clock, commit, fullRows: 2 })
    sink.open.push(1, 0, 1, 0)
    sink.open.push(1, 1, 2, 0)
    void sink.committed()
    assert.equal(commits.length, 1)
  })

  it('commits all that waits before it stops', async () => {
    const clock = new VirtualClock()
    const rows: number[] = []
    const sink = new WindowedSink({
      clock,
      commit: async (batch) => {
        rows.push(...batch.value.subarray(0, batch.length))
      },
    })
    sink.open.push(1, 0, 7, 0)
    await sink.drain()
    assert.deepEqual(rows, [7])
  })
})
