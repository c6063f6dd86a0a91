/** AI services through the API and the CLI of a whole platform: from history to an alarm that says why. */
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { ApiError, type Client } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import { CliUser } from './harness/cli.ts'
import { enrolDevice } from './harness/device.ts'
import { signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000
/** Long: the machine may be busy with other tests. */
const PATIENCE = 120_000
const HISTORY = 2400

/** A pump whose current follows its flow and whose temperature follows the current; the noise is a sine's. */
function pump(n: number, strange = 0) {
  const noise = (k: number) => Math.sin(n * 12.9898 + k * 78.233) * 0.5
  const flow = 12 + 2 * Math.sin(n / 40) + 0.1 * noise(1)
  const current = 3 + 0.5 * flow + 0.1 * noise(2) + strange
  return { flow, current, temperature: 40 + 1.5 * (current - strange) + 0.2 * noise(3) }
}

const nowSecond = () => Math.floor(Date.now() / 1000) * SECOND

describe('an AI service on a whole platform', () => {
  const cleanups: (() => Promise<void>)[] = []
  let directory: string
  let platform: RunningPlatform
  let client: Client
  let equipment: string
  let plc: Awaited<ReturnType<typeof enrolDevice>>
  let sender: DeviceClient
  let id: string
  /** Of the next reading: half an hour behind, as a device that buffers sends it, so that many fit before now. */
  let at: number

  before(async () => {
    directory = await temporaryDirectory({ after: (work) => void cleanups.push(work) })
    platform = await startPlatform({ directory })
    client = platform.client
    at = nowSecond() - 1800 * SECOND
    const line = await client.createAsset({ body: { level: 'line', name: 'Line 1', parent: null } })
    equipment = (await client.createAsset({ body: { level: 'equipment', name: 'Pump', parent: line.id } })).id
    const time = Array.from({ length: HISTORY }, (_, n) => at - (HISTORY - n) * SECOND)
    for (const name of ['flow', 'current', 'temperature'] as const) {
      const signal = await client.createSignal({ body: { name, kind: 'number', unit: '1', equipment } })
      const value = time.map((each) => pump(each / SECOND)[name])
      await client.writeReadings({ body: { signal: signal.id, time, value } })
    }
    plc = await enrolDevice(platform, { name: 'PLC', equipment })
    sender = plc.connect()
  })
  after(async () => {
    await sender?.close()
    await platform?.stop()
    for (const work of cleanups) await work()
  })

  /** Sends what the pump measures, second by second, as a device does. */
  async function send(seconds: number, strange = 0): Promise<void> {
    for (let n = 0; n < seconds; n++, at += SECOND) {
      await sender.publish({ time: at, values: pump(at / SECOND, strange) })
    }
  }

  const params = () => ({ id })
  const service = () => client.getService({ params: params() })
  const scores = () => eventually(async () => (await service()).trouble === null, PATIENCE)
  async function trained(service: string, number: number) {
    const version = await eventually(async () => {
      const found = await client.getServiceVersion({ params: { id: service, number } })
      return found.state === 'waiting' || found.state === 'running' ? undefined : found
    }, PATIENCE)
    assert.equal(version.state, 'ready', version.failure ?? '')
    return version
  }

  it('says whether the history is enough', async () => {
    const readiness = await client.checkReadiness({ body: { kind: 'anomaly', equipment } })
    assert.equal(readiness.level, 'advice')
    assert.deepEqual(readiness.inputs.map(({ name }) => name).sort(), ['current', 'flow', 'temperature'])
    assert.ok(readiness.inputs.every(({ usable }) => usable === HISTORY))
    assert.ok(readiness.findings.some(({ code, sentence }) => code === 'short' && sentence.includes('40 minutes')))
  })

  it('learns from history, scores live, and raises an alarm that says why', async () => {
    const made = await client.createService({
      body: { name: 'Pump watch', kind: 'anomaly', equipment, alarm: { priority: 'high' } },
    })
    id = made.id
    assert.equal(made.state, 'draft')
    assert.equal((await client.trainService({ params: params(), body: {} })).number, 1)
    const { report } = await trained(id, 1)
    assert.equal(report?.used.length, 3)
    assert.match(report?.summary ?? '', /Learnt how Pump runs/)

    const live = await client.publishService({ params: params(), body: {} })
    assert.equal(live.state, 'live')
    const names = live.outputs.map(({ signalName }) => signalName)
    for (const output of ['score', 'alarm', 'confidence', 'outside', 'explanation'])
      assert.ok(names.includes(`Pump watch ${output}`), names.join())
    await scores()

    // The current rises without the flow and the temperature.
    await send(120, 3)
    const alarm = await eventually(async () => (await client.listAlarms({ query: {} })).items[0], PATIENCE)
    assert.equal(alarm.ruleName, 'Pump watch')
    assert.match(alarm.message, /current/)
    await send(120)
    const episode = await eventually(async () => {
      const [found] = (await client.listEpisodes({ params: params(), query: {} })).items
      return found?.to == null ? undefined : found
    }, PATIENCE)
    assert.equal(episode.signals[0]?.name, 'current')
    const { items: returned } = await client.listAlarms({ query: { state: 'all' } })
    assert.equal(returned[0]?.state, 'returned-unacknowledged')
  })

  it('takes what people say of it into the next training, and finds that a later episode looks like an earlier one', async () => {
    const [episode] = (await client.listEpisodes({ params: params(), query: {} })).items
    const label = { episode: episode!.id, verdict: 'right', what: 'bearing rubs' } as const
    await client.createLabel({ params: params(), body: label })
    const [labelled] = (await client.listEpisodes({ params: params(), query: { labelled: true } })).items
    assert.equal(labelled?.label?.what, 'bearing rubs')
    await client.trainService({ params: params(), body: {} })
    const { report } = await trained(id, 2)
    assert.ok(report!.used[0]!.rows > HISTORY)
    await client.publishService({ params: params(), body: {} })
    await scores()
    await send(60)
    await send(90, 3)
    const later = await eventually(async () => {
      const [found] = (await client.listEpisodes({ params: params(), query: {} })).items
      return found!.from > episode!.from && found!.similar !== null ? found : undefined
    }, PATIENCE)
    assert.equal(later.similar?.episode, episode!.id)
    assert.equal(later.similar?.what, 'bearing rubs')
    await send(120)
  })

  it('goes back to the version before, and scores the past again with it', async () => {
    const back = await client.publishService({ params: params(), body: { number: 1 } })
    assert.equal(back.liveVersion, 1)
    await scores()
    const span = { from: at - 300 * SECOND, to: at }
    const begun = await client.recomputeService({ params: params(), body: span })
    const job = await eventually(async () => {
      const { items } = await client.listServiceJobs({ params: params(), query: {} })
      const found = items.find((each) => each.id === begun.id)!
      return found.state === 'waiting' || found.state === 'running' ? undefined : found
    }, PATIENCE)
    assert.equal(job.state, 'ready', job.failure ?? '')
    assert.ok(job.written > 1000)
  })

  it('lets a viewer look and an operator label, and neither train', async () => {
    const { items: roles } = await client.listRoles()
    const as = async (role: string) => {
      const invited = await client.createUser({
        body: { email: `${role.replace(' ', '-')}@plant.example`, name: role },
      })
      const { id: granted } = roles.find(({ name }) => name === role)!
      await client.createGrant({ body: { user: invited.user.id, role: granted, node: equipment } })
      return (await signIn(platform.url, invited.link)).client
    }
    const status = (asked: Promise<unknown>) =>
      asked.then(
        () => 200,
        (error: unknown) => (error instanceof ApiError ? error.problem.status : String(error)),
      )
    const viewer = await as('Viewer')
    const operator = await as('Operator')
    const scientist = await as('Data scientist')
    const body = { from: at - 20 * SECOND, to: at - 10 * SECOND, verdict: 'wrong' } as const
    assert.equal((await viewer.getService({ params: params() })).name, 'Pump watch')
    assert.equal(await status(viewer.trainService({ params: params(), body: {} })), 403)
    assert.equal(await status(viewer.createLabel({ params: params(), body })), 403)
    assert.equal(await status(operator.trainService({ params: params(), body: {} })), 403)
    assert.equal(await status(operator.createLabel({ params: params(), body })), 200)
    assert.equal(await status(scientist.trainService({ params: params(), body: {} })), 200)
    await trained(id, 3)
  })

  it('lets readings in while it trains, each acknowledged', async () => {
    await client.trainService({ params: params(), body: {} })
    await send(100)
    await trained(id, 4)
    const { items } = await client.listSignals({ query: { equipment, q: 'flow' } })
    const body = { signal: items[0]!.id, from: at - 100 * SECOND, to: at }
    assert.equal((await client.queryReadings({ body })).items.length, 100)
  })

  it('is kept by a restart, and goes on', async () => {
    const kept = await service()
    await sender.close()
    await platform.stop()
    platform = await startPlatform({ directory })
    client = platform.client
    plc = await enrolDevice(platform, { name: 'PLC 2', equipment })
    sender = plc.connect()
    const again = await service()
    assert.equal(again.state, 'live')
    assert.equal(again.liveVersion, kept.liveVersion)
    assert.deepEqual(again.outputs, kept.outputs)
    await scores()
    await send(30)
    await eventually(async () => ((await service()).lastScoredAt ?? 0) >= at - 5 * SECOND, PATIENCE)
    assert.equal((await client.listLabels({ params: params(), query: {} })).items.length, 2)
  })

  it('is made, trained and published by a file in version control', async () => {
    const home = join(directory, '..', `home-${Date.now()}`)
    await mkdir(home, { recursive: true })
    cleanups.push(async () => (await import('node:fs/promises')).rm(home, { recursive: true, force: true }))
    const cli = new CliUser({ url: platform.url, data: directory, home })
    const file = join(home, 'services.yaml')
    await writeFile(
      file,
      `services:
  - name: Flow watch
    kind: anomaly
    equipment: Line 1/Pump
    settings: { signals: [flow], alarmsPerWeek: 1 }
    alarm: { priority: medium, onDelay: 30s }
    publish: true
`,
    )
    const applied = await cli.run(['services', 'apply', '--file', file])
    assert.equal(applied.code, 0, applied.err)
    assert.match(applied.out, /Made the service Flow watch[\s\S]*is ready[\s\S]*scores live/)
    const again = await cli.run(['services', 'apply', '--file', file])
    assert.equal(again.out.trim(), 'The service Flow watch is as the file says.')
    const { items } = await client.listServices({ query: { q: 'flow watch' } })
    assert.deepEqual(items[0]?.alarm, { priority: 'medium', onDelay: 30 * SECOND })
    assert.equal((await cli.run(['services', 'show', 'Flow watch', '--file', join(home, 'again.yaml')])).code, 0)
    assert.match(await readFile(join(home, 'again.yaml'), 'utf8'), /equipment: .*Pump\n[\s\S]*publish: true/)
    const listed = await cli.run(['services'])
    assert.match(listed.out, /Flow watch +anomaly +live/)
    assert.match((await cli.run(['services', 'readiness', 'Flow watch'])).out, /flow/)
    assert.match((await cli.run(['services', 'episodes', 'Pump watch', '--labelled'])).out, /bearing rubs/)
    assert.match((await cli.run(['services', 'versions', 'Flow watch', '1'])).out, /Learnt how Pump runs/)
    assert.equal((await cli.run(['services', 'stop', 'Flow watch'])).code, 0)
    const wrong = join(home, 'wrong.yaml')
    await writeFile(wrong, 'name: x\nkind: anomaly\nequipment: Line 1/Pump\nsetings: {}\n')
    const refused = await cli.run(['services', 'apply', '--file', wrong])
    assert.equal(refused.code, 2)
    assert.match(refused.err, /there is no field “setings”/)
  })
})
