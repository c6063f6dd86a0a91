import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { createLog, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { ToyAdapter } from '../testing/index.ts'
import { Prober } from './prober.ts'

const setUp = () => {
  const clock = new VirtualClock()
  const adapter = new ToyAdapter()
  const adapters = new Map([['toy', adapter]])
  const prober = new Prober({ adapters, clock, log: createLog({ level: 'silent' }), identity: '/identity' })
  return { clock, adapter, prober }
}
const draft = (config: Record<string, unknown> = { host: 'x' }) => ({ adapter: 'toy', config })

describe('prober', () => {
  it('tests, and takes a test that hangs for failed', async () => {
    const { clock, prober } = setUp()
    assert.equal((await prober.test(draft())).ok, true)
    assert.equal((await prober.test(draft({ host: 'nowhere' }))).ok, false)
    const late = prober.test(draft({ host: 'x', fault: 'test-hangs' }))
    await clock.advance(15 * SECOND)
    const { ok, steps } = await late
    assert.deepEqual([ok, steps[0]?.detail], [false, 'There was no answer within 15 s.'])
  })

  it('checks the configuration first', async () => {
    const { prober, adapter } = setUp()
    await assert.rejects(prober.test(draft({})), { path: 'config/host' })
    await assert.rejects(prober.browse(draft({ host: 1 }), { node: undefined, cursor: undefined, limit: 5 }), {
      path: 'config/host',
    })
    await assert.rejects(prober.test({ adapter: 'telex', config: {} }), { code: 'MW-CONN-0101' })
    assert.equal(adapter.made.length, 0)
  })

  it('browses one level, no more than asked for', async () => {
    const { prober } = setUp()
    const { items } = await prober.browse(draft(), { node: '/plc', cursor: undefined, limit: 2 })
    assert.deepEqual(
      items.map(({ id }) => id),
      ['/plc/a', '/plc/b'],
    )
  })

  it('previews the first readings and leaves nothing behind', async () => {
    const { clock, prober, adapter } = setUp()
    const first = await prober.preview(draft(), { seconds: 5, limit: 1 })
    assert.deepEqual(
      first.readings.map(({ metric, value, kind, time }) => [metric, value, kind, time]),
      [['temperature', 21.5, 'number', clock.now()]],
    )
    assert.deepEqual([first.status.state, first.status.readings], ['running', 1])
    assert.equal(adapter.last.state, 'stopped')
    assert.equal(existsSync(adapter.last.ports.directory), false)
    assert.equal(adapter.last.ports.purpose, 'preview')
    const waited = prober.preview(draft(), { seconds: 5, limit: 100 })
    await adapterMade(adapter, 2)
    await clock.advance(5 * SECOND)
    assert.equal((await waited).readings.length, 1)
    await assert.rejects(adapter.last.read({ late: 1 }), { code: 'MW-CONN-0117' })
  })

  it('says why a preview shows nothing', async () => {
    const { prober } = setUp()
    const { status, readings } = await prober.preview(draft({ host: 'x', fault: 'start' }), { seconds: 5, limit: 1 })
    assert.deepEqual([status.state, status.reason, readings], ['failed', 'no such interface', []])
  })
})

/** The folder of a preview is made on the real disk. */
async function adapterMade(adapter: ToyAdapter, count: number): Promise<void> {
  while (adapter.made.length < count) await new Promise((resolve) => setImmediate(resolve))
}
