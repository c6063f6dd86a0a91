import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { goLive, levelService, levelStage, nowSecond, PATIENCE, scores, scoring, train } from '../testing/level.ts'
import type { Stage } from '../testing/stage.ts'

describe('live scoring', () => {
  let stage: Stage
  before(async () => {
    stage = await levelStage({ scoringLimit: 2 * SECOND })
  })
  after(() => stage.close())

  const service = (id: string) => stage.call('getService', { params: { id } })
  /** Seconds of a level, from now on. */
  const write = (keys: Readonly<Record<string, number>>, level: number, seconds: number, from = nowSecond()) =>
    stage.write(keys, { level: () => level }, from, seconds)

  it('writes scores as readings of signals, and the alarm rule makes an alarm of them', async () => {
    const { id, machine } = await levelService(stage, {}, { alarm: { priority: 'high' } })
    const live = await goLive(stage, id)
    assert.equal(live.outputs[0]!.signalName, 'Level score')
    const from = nowSecond() + 5 * SECOND
    await write(machine.keys, 53, 20, from)
    await write(machine.keys, 80, 20, from + 20 * SECOND)
    const found = await eventually(async () => {
      const told = (await scores(stage, live)).filter(({ time }) => time > from && time <= from + 38 * SECOND)
      return told.length >= 38 ? told : undefined
    }, PATIENCE)
    assert.deepEqual(found[3], { time: from + 4 * SECOND, value: 3 })
    assert.deepEqual(found[30], { time: from + 31 * SECOND, value: 30 })
    await stage.monitoring.settled()
    const { items } = await stage.monitoring.alarms.list(stage.engineer, {})
    const alarm = items.find(({ rule }) => rule === live.rule)
    assert.equal(alarm?.message, 'Level off by 30')
    await stage.intelligence.settled()
    const { items: episodes } = await stage.call('listEpisodes', { params: { id } })
    assert.deepEqual(
      episodes.map(({ from: began, to, peak }) => [began, to, peak]),
      [[from + 21 * SECOND, null, 30]],
    )
    await stage.call('stopService', { params: { id } })
    const [over] = (await stage.call('listEpisodes', { params: { id } })).items
    assert.notEqual(over!.to, null)
    assert.equal((await stage.monitoring.rules.get(stage.engineer, live.rule!)).enabled, false)
  })

  it('puts out a service that throws, with its reason, and no other', async () => {
    const bad = await levelService(stage, { scoring: 'throw' })
    const good = await levelService(stage)
    await goLive(stage, bad.id)
    const live = await goLive(stage, good.id)
    const from = nowSecond() + 5 * SECOND
    await write(bad.machine.keys, 999, 3, from)
    await write(good.machine.keys, 60, 10, from)
    const { fault } = await eventually(async () => {
      const shown = await service(bad.id)
      return shown.state === 'fault' ? shown : undefined
    }, PATIENCE)
    assert.equal(fault?.reason, 'It cannot be 999.')
    await eventually(async () => (await scores(stage, live)).at(-1)?.value === 10, PATIENCE)
    assert.equal((await service(good.id)).state, 'live')
    await stage.again()
    assert.equal((await service(bad.id)).state, 'fault')
  })

  it('puts out a service that hangs, and the others miss nothing', async () => {
    const bad = await levelService(stage, { scoring: 'hang' })
    const good = await levelService(stage)
    await goLive(stage, bad.id)
    const live = await goLive(stage, good.id)
    const from = nowSecond()
    await write(good.machine.keys, 61, 5, from)
    await write(bad.machine.keys, 999, 3, from)
    await write(good.machine.keys, 62, 5, from + 5 * SECOND)
    await eventually(async () => (await service(bad.id)).state === 'fault', PATIENCE)
    assert.match((await service(bad.id)).fault?.reason ?? '', /took longer than 2 s/)
    await scoring(stage, good.id)
    await write(good.machine.keys, 63, 5, from + 10 * SECOND)
    const told = await eventually(async () => {
      const found = (await scores(stage, live)).filter(({ time }) => time > from && time <= from + 13 * SECOND)
      return found.length === 13 ? found : undefined
    }, PATIENCE)
    assert.deepEqual(
      told.map(({ value }) => value),
      [11, 11, 11, 11, 11, 12, 12, 12, 12, 12, 13, 13, 13],
    )
  })

  it('scores after a restart what came meanwhile', async () => {
    const { id, machine } = await levelService(stage)
    const live = await goLive(stage, id)
    const from = nowSecond() + 5 * SECOND
    await stage.intelligence.stop()
    await write(machine.keys, 55, 30, from)
    await stage.again()
    await scoring(stage, id)
    await eventually(async () => {
      const found = (await scores(stage, live)).filter(({ value }) => value === 5)
      return found.length >= 28
    }, PATIENCE)
  })

  it('goes back to an older version, which scores from then on', async () => {
    const { id, machine } = await levelService(stage)
    await goLive(stage, id)
    // The machine stands higher now: the second version takes that for normal.
    const from = nowSecond() - 100 * SECOND
    await write(machine.keys, 70, 95, from)
    const asked = { from, to: from + 95 * SECOND }
    const { number } = await stage.call('trainService', { params: { id }, body: asked })
    await eventually(async () => {
      const { state } = await stage.call('getServiceVersion', { params: { id, number } })
      return state === 'ready'
    }, PATIENCE)
    assert.equal((await stage.call('publishService', { params: { id } })).liveVersion, 2)
    const second = await scoring(stage, id)
    const start = nowSecond() + 5 * SECOND
    await write(machine.keys, 70, 5, start)
    await eventually(async () => (await scores(stage, second)).at(-1)?.value === 0, PATIENCE)
    await stage.call('publishService', { params: { id }, body: { number: 1 } })
    const first = await scoring(stage, id)
    assert.equal(first.liveVersion, 1)
    await write(machine.keys, 70, 5, start + 10 * SECOND)
    await eventually(async () => (await scores(stage, first)).at(-1)?.value === 20, PATIENCE)
  })

  it('scores the past again: the same points, and episodes as they are found now', async () => {
    const { id, machine } = await levelService(stage)
    await train(stage, id)
    const from = nowSecond() - 200 * SECOND
    await write(machine.keys, 80, 20, from)
    const span = { from: from - 20 * SECOND, to: from + 60 * SECOND }
    for (let time = 1; time <= 2; time++) {
      const job = await stage.call('recomputeService', { params: { id }, body: span })
      const done = await eventually(async () => {
        const { items } = await stage.call('listServiceJobs', { params: { id } })
        const found = items.find((each) => each.id === job.id)!
        return found.state === 'waiting' || found.state === 'running' ? undefined : found
      }, PATIENCE)
      assert.equal(done.state, 'ready', done.failure ?? '')
      assert.ok(done.written >= 79)
      const told = await scores(stage, await service(id))
      assert.equal(new Set(told.map(({ time: at }) => at)).size, told.length)
      assert.equal(told.filter(({ value }) => value === 30).length, 20)
      const { items } = await stage.call('listEpisodes', { params: { id } })
      assert.deepEqual(
        items.map(({ from: began, to, peak }) => [began, to, peak]),
        [[from + SECOND, from + 21 * SECOND, 30]],
      )
    }
  })
})
