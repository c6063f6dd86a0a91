import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { FaultyLink } from '@millwright/connectivity/testing'
import { eventually } from '@millwright/foundation/testing'
import { loadIdentity, saveIdentity } from '@millwright/sdk/device'
import { ensureIdentity } from '../src/index.ts'
import { AGENT, agentInProcess, CONNECTION, TestAgentPlatform, temporaryFolder } from './stage.ts'

const READINGS = 100
const CUTS = 2
const PATIENCE = 120_000

/** An agent whose line runs over a link that can fail, with a toy connection that runs. */
async function overFaultyLink(t: TestContext) {
  const stage = await TestAgentPlatform.start()
  const folder = await temporaryFolder()
  await ensureIdentity(folder.path, stage.platform.url, stage.platform.token(AGENT))
  const identity = await loadIdentity(join(folder.path, 'identity'))
  const link = await FaultyLink.to(identity.mqtt.port)
  await saveIdentity(join(folder.path, 'identity'), { ...identity, mqtt: { ...identity.mqtt, port: link.port } })
  await stage.want({
    connections: [{ id: CONNECTION, version: 1, name: 'Press 4', adapter: 'toy', config: { host: 'a' } }],
  })
  const { toy, lifecycle } = await agentInProcess(stage, folder.path)
  t.after(async () => {
    await lifecycle.stop()
    await link.close()
    await stage.platform.stop()
    await folder.remove()
  })
  await eventually(() => toy.made.length === 1 && toy.last.state === 'running', PATIENCE)
  const arrived = () => new Set((stage.readings().get(`${CONNECTION}//n`) ?? []).map(({ value }) => value as number))
  return { stage, link, toy, arrived }
}

it('brings every reading, with its own time, over a line that is slow and is cut in the middle', async (t) => {
  const { stage, link, toy, arrived } = await overFaultyLink(t)
  link.delay(20)
  for (let n = 0; n < READINGS; n++) {
    await toy.last.read({ n })
    if (n % (READINGS / CUTS) !== 10) continue
    // In the middle of whatever is on its way; what is on its way back is lost too.
    const before = link.connections
    link.cut()
    link.pass()
    link.delay(20)
    await Promise.all([toy.last.read({ meanwhile: n }), eventually(() => link.connections > before, PATIENCE)])
  }
  await eventually(() => arrived().size === READINGS, PATIENCE)
  assert.ok(link.connections > 2, `${link.connections} connections`)
  // A reading whose acknowledgement was lost comes again, with the same time: the platform keeps one.
  const times = new Map<unknown, number>()
  for (const { time, value } of stage.readings().get(`${CONNECTION}//n`)!) {
    assert.equal(times.get(value) ?? time, time)
    times.set(value, time)
  }
  assert.equal(new Set(times.values()).size, READINGS)
})

it('notices a line that is up and carries nothing (a pulled cable), and brings what was read meanwhile', async (t) => {
  const { stage, link, toy, arrived } = await overFaultyLink(t)
  await toy.last.read({ n: 0 })
  await eventually(() => arrived().size === 1, PATIENCE)
  await eventually(() => (stage.reported()['configuration'] as { state?: string })?.state === 'applied', PATIENCE)
  link.hold()
  const before = link.connections
  for (let n = 1; n < READINGS; n++) await toy.last.read({ n })
  // It comes back by itself on a connection of its own: what lay in the dead one is sent again.
  await eventually(() => link.connections > before, PATIENCE)
  assert.equal(arrived().size, 1)
  link.pass()
  await eventually(() => arrived().size === READINGS, PATIENCE)
})
