import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { FaultyLink } from '@millwright/connectivity/testing'
import { eventually } from '@millwright/foundation/testing'
import { loadIdentity, saveIdentity } from '@millwright/sdk/device'
import { ensureIdentity } from '../src/index.ts'
import { AGENT, agentInProcess, CONNECTION, TestAgentPlatform, temporaryFolder } from './stage.ts'

const READINGS = 100
const CUTS = 2

it('brings every reading, with its own time, over a line that is slow and is cut in the middle', async (t) => {
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
  await eventually(() => toy.made.length === 1 && toy.last.state === 'running', 10_000)
  link.delay(20)
  for (let n = 0; n < READINGS; n++) {
    await toy.last.read({ n })
    if (n % (READINGS / CUTS) !== 10) continue
    // In the middle of whatever is on its way; what is on its way back is lost too.
    const before = link.connections
    link.cut()
    link.pass()
    link.delay(20)
    await Promise.all([toy.last.read({ meanwhile: n }), eventually(() => link.connections > before, 10_000)])
  }
  const arrived = () => (stage.readings().get(`${CONNECTION}//n`) ?? []).map(({ value }) => value as number)
  await eventually(() => new Set(arrived()).size === READINGS, 20_000)
  assert.ok(link.connections > 2, `${link.connections} connections`)
  // A reading whose acknowledgement was lost comes again, with the same time: the platform keeps one.
  const times = new Map<unknown, number>()
  for (const { time, value } of stage.readings().get(`${CONNECTION}//n`)!) {
    assert.equal(times.get(value) ?? time, time)
    times.set(value, time)
  }
  assert.equal(new Set(times.values()).size, READINGS)
})
