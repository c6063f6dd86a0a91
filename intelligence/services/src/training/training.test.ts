import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type MillwrightError, SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { ended, levelService, levelStage, nowSecond, PATIENCE, train } from '../testing/level.ts'
import type { Stage } from '../testing/stage.ts'

describe('training', () => {
  let stage: Stage
  before(async () => {
    stage = await levelStage()
  })
  after(() => stage.close())

  const code = (expected: string) => (error: MillwrightError) => error.code === expected

  it('learns from means over the grid, without Bad readings, gaps held as long as they may be', async () => {
    const from = nowSecond() - 100 * SECOND
    const { id: equipment, keys } = await stage.machine('Tank of means', { level: () => 1 }, from, 0)
    const { open } = stage.historian.sink
    // Two in the first second, a Bad one in the third, none for ten seconds after the fourth.
    for (const [at, value, quality] of [
      [0, 2, 0],
      [0.5, 4, 0],
      [1, 5, 0],
      [2, 1000, 0x80000000],
      [3, 7, 0],
      [14, 8, 0],
    ] as const) {
      open.push(keys['level']!, from + at * SECOND, value, quality)
    }
    await stage.historian.sink.committed()
    const { id } = await stage.call('createService', { body: { name: 'Means', kind: 'test-level', equipment } })
    const { report, inputs } = await train(stage, id)
    const { columns, times } = report!.details as { columns: number[]; times: number[] }
    assert.deepEqual(columns, [3, 5, 7, 8])
    assert.deepEqual(
      times.map((time) => (time - from) / SECOND),
      [1, 2, 4, 15],
    )
    assert.deepEqual(
      inputs.map(({ name, unit, kind }) => [name, unit, kind]),
      [['level', '1', 'number']],
    )
  })

  it('tells how far it is, and that it is done', async () => {
    const { id } = await levelService(stage)
    const version = await train(stage, id)
    assert.equal(version.report?.summary, 'The level is 50.00.')
    assert.equal(version.progress, 1)
    assert.ok((version.size ?? 0) > 0)
    assert.ok(await stage.artifacts.has(version.sha256!))
    const told = stage.events.filter(({ subject }) => subject === id)
    assert.ok(
      told.some(
        ({ type, data }) => type === 'millwright.service.progress' && (data as { stage: string }).stage === 'half way',
      ),
    )
    assert.deepEqual(
      told
        .filter(({ type }) => type === 'millwright.service.changed')
        .map(({ data }) => (data as { change: string }).change),
      ['created', 'training', 'trained'],
    )
  })

  it('fails in words when the method throws, and when its thread ends', async () => {
    const thrown = await levelService(stage, { training: 'throw' })
    await stage.call('trainService', { params: { id: thrown.id } })
    const failed = await ended(stage, thrown.id)
    assert.equal(failed.state, 'failed')
    assert.equal(failed.failure, 'The history tells nothing.')
    const gone = await levelService(stage, { training: 'exit' })
    await stage.call('trainService', { params: { id: gone.id } })
    assert.match((await ended(stage, gone.id)).failure ?? '', /ended with code 3/)
    const talks = await levelService(stage, { training: 'talk' })
    await stage.call('trainService', { params: { id: talks.id } })
    assert.match((await ended(stage, talks.id)).failure ?? '', /could not be written down/)
    await assert.rejects(stage.call('publishService', { params: { id: gone.id } }), code('MW-SERVICE-0016'))
    await assert.rejects(
      stage.call('publishService', { params: { id: gone.id }, body: { number: 1 } }),
      code('MW-SERVICE-0015'),
    )
  })

  it('goes one after the other, is refused twice for one service, and is cancelled while it runs or waits', async () => {
    const hanging = await levelService(stage, { training: 'hang' })
    const waiting = await levelService(stage)
    const last = await levelService(stage)
    for (const { id } of [hanging, waiting, last]) await stage.call('trainService', { params: { id } })
    await assert.rejects(stage.call('trainService', { params: { id: waiting.id } }), code('MW-SERVICE-0010'))
    const at = (id: string) => stage.call('getServiceVersion', { params: { id, number: 1 } })
    await eventually(async () => (await at(hanging.id)).stage === 'half way', PATIENCE)
    assert.equal((await at(hanging.id)).state, 'running')
    assert.equal((await at(waiting.id)).state, 'waiting')
    const cancel = (id: string) => stage.call('cancelTraining', { params: { id, number: 1 } })
    assert.equal((await cancel(waiting.id)).state, 'cancelled')
    assert.equal((await cancel(hanging.id)).state, 'cancelled')
    assert.equal((await ended(stage, last.id)).state, 'ready')
    await assert.rejects(cancel(last.id), code('MW-SERVICE-0019'))
  })

  it('is over after a restart, and says so', async () => {
    const { id } = await levelService(stage, { training: 'hang' })
    await stage.call('trainService', { params: { id } })
    await eventually(
      async () => (await stage.call('getService', { params: { id } })).training?.stage === 'half way',
      PATIENCE,
    )
    await stage.again()
    const version = await stage.call('getServiceVersion', { params: { id, number: 1 } })
    assert.equal(version.state, 'failed')
    assert.match(version.failure ?? '', /restarted while it waited or ran/)
    assert.equal((await stage.call('getService', { params: { id } })).training, null)
  })

  it('uses what people said', async () => {
    const { id } = await levelService(stage)
    const to = nowSecond()
    const span = { from: to - 10 * SECOND, to }
    await stage.call('createLabel', { params: { id }, body: { ...span, verdict: 'other', what: 'cleaning' } })
    const { report } = await train(stage, id)
    assert.deepEqual(report!.details['labels'], [{ ...span, verdict: 'other', what: 'cleaning' }])
  })

  it('is not begun on what is not there', async () => {
    const { machine, id } = await levelService(stage)
    const change = { settings: { signal: 'pressure' } }
    await assert.rejects(stage.call('updateService', { params: { id }, body: change }), code('MW-SERVICE-0026'))
    await assert.rejects(
      stage.call('trainService', { params: { id }, body: { from: 5, to: 5 } }),
      code('MW-SERVICE-0012'),
    )
    const body = { kind: 'test-level', equipment: machine.id, from: 1, to: 2 * SECOND }
    const readiness = await stage.call('checkReadiness', { body })
    assert.equal(readiness.level, 'missing')
    assert.equal(readiness.inputs[0]!.readings, 0)
  })
})
