import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type ConnectOptions, connect, type DeviceError, enrol, loadIdentity } from './index.ts'
import { TestPlatform, testAuthority } from './testing/index.ts'

let platform: TestPlatform
before(async () => {
  platform = await TestPlatform.start()
})
after(() => platform.stop())

const device = async (name: string, more: Partial<ConnectOptions> = {}, at = platform) =>
  connect({ credentials: await enrol({ url: at.url, token: at.token(name) }), random: () => 0, ...more })

/** Polls a condition: deadlines, not sleeps, decide. */
async function until(condition: () => boolean, what: string, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!condition()) {
    assert.ok(Date.now() < end, `not within ${seconds} s: ${what}`)
    await wait(5)
  }
}

test('publish resolves when the platform has acknowledged, with the payload as given', async () => {
  const pump = await device('dev_publish')
  const message = {
    time: 1_770_000_000_123_456,
    values: { pressure: 2.5, running: true, wave: { sampleRate: 4, samples: new Float32Array([0.5, -1]) } },
  }
  await pump.publish(message)
  const received = platform.received.find((one) => one.device === 'dev_publish')
  assert.equal(received?.topic, 'mw/v1/telemetry')
  assert.deepEqual(JSON.parse(received!.payload), {
    time: 1_770_000_000_123_456,
    values: { pressure: 2.5, running: true, wave: { sampleRate: 4, samples: [0.5, -1] } },
  })
  assert.equal(pump.pending, 0)
  await pump.close()
  await assert.rejects(pump.publish(message), (error: unknown) => (error as DeviceError).code === 'closed')
})

test('nothing unacknowledged is lost when the connection is cut again and again', async () => {
  const pump = await device('dev_cut', { maxInFlight: 20 })
  await pump.ready()
  const sent: Promise<void>[] = []
  for (let n = 0; n < 500; n++) {
    sent.push(pump.publish({ values: { n } }))
    if (n % 100 === 50) {
      await wait(1)
      platform.cut()
    }
  }
  await Promise.all(sent)
  const numbers = platform.received
    .filter((one) => one.device === 'dev_cut')
    .map((one) => (JSON.parse(one.payload) as { values: { n: number } }).values.n)
  assert.equal(new Set(numbers).size, 500, 'each message at least once')
  await pump.close()
})

test('a platform that is away gets everything, in order, when it is back', async () => {
  const own = await TestPlatform.start()
  const pump = await device('dev_away', {}, own)
  await pump.ready()
  const down = once(pump, 'disconnected')
  await own.stopMqtt()
  await down
  const sent = Array.from({ length: 50 }, (_, n) => pump.publish({ values: { n } }))
  assert.equal(pump.pending, 50)
  await own.listenMqtt()
  await Promise.all(sent)
  const numbers = own.received.map((one) => (JSON.parse(one.payload) as { values: { n: number } }).values.n)
  assert.deepEqual(
    numbers,
    Array.from({ length: 50 }, (_, n) => n),
  )
  await pump.close()
  await own.stop()
})

test('in flight and in the queue are bounded', async () => {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let underWay = 0
  const own = await TestPlatform.start({
    onMessage: () => {
      underWay += 1
      return gate
    },
  })
  const pump = await device('dev_bounded', { maxInFlight: 3, maxQueued: 10 }, own)
  await pump.ready()
  const sent = Array.from({ length: 10 }, (_, n) => pump.publish({ values: { n } }))
  await assert.rejects(
    pump.publish({ values: { n: 10 } }),
    (error: unknown) => (error as DeviceError).code === 'outbox-full',
  )
  await until(() => underWay > 0, 'the first message arrives')
  assert.ok(underWay <= 3)
  let room = false
  const asked = pump.room().then(() => {
    room = true
  })
  assert.equal(room, false)
  release()
  await asked
  await Promise.all(sent)
  await pump.flushed()
  await pump.close()
  await own.stop()
})

test('commands are answered: result, error, unknown; a second delivery is not done twice', async () => {
  const pump = await device('dev_commands')
  let starts = 0
  pump.onCommand('start', (params) => {
    starts += 1
    return { speed: (params as { speed: number }).speed }
  })
  pump.onCommand('explode', () => {
    throw new Error('not today')
  })
  await pump.ready()
  const answer = async (id: string, message: unknown) => {
    const at = platform.received.length
    await platform.tell('dev_commands', `mw/v1/commands/${id}`, message)
    const found = () => platform.received.slice(at).find((one) => one.topic === `mw/v1/commands/${id}/reply`)
    await until(() => found() !== undefined, `an answer to ${id}`)
    return JSON.parse(found()!.payload) as unknown
  }
  assert.deepEqual(await answer('c1', { id: 'c1', name: 'start', params: { speed: 2900 } }), {
    ok: true,
    result: { speed: 2900 },
  })
  assert.deepEqual(await answer('c2', { id: 'c2', name: 'explode' }), { ok: false, error: 'not today' })
  assert.deepEqual(await answer('c3', { id: 'c3', name: 'dance' }), {
    ok: false,
    error: 'this device has no command dance',
  })
  assert.deepEqual(await answer('c1', { id: 'c1', name: 'start', params: { speed: 2900 } }), {
    ok: true,
    result: { speed: 2900 },
  })
  assert.equal(((await answer('c4', 'not json')) as { ok: boolean }).ok, false)
  assert.equal(starts, 1)
  await pump.close()
})

test('desired state is asked for, pushed, and kept by version; reported state goes out', async () => {
  const pump = await device('dev_twin')
  const heard: number[] = []
  pump.on('desired', (desired) => heard.push(desired.version))
  await pump.ready()
  const asked = pump.fetchDesired()
  await until(
    () => platform.received.some((one) => one.device === 'dev_twin' && one.topic === 'mw/v1/twin/get'),
    'the question',
  )
  await platform.tell('dev_twin', 'mw/v1/twin/desired', { version: 3, document: { speed: 2500 } })
  assert.deepEqual(await asked, { version: 3, document: { speed: 2500 } })
  await platform.tell('dev_twin', 'mw/v1/twin/desired', { version: 2, document: { speed: 1 } })
  await platform.tell('dev_twin', 'mw/v1/twin/desired', 'not json')
  await platform.tell('dev_twin', 'mw/v1/twin/desired', { version: 4, document: { speed: 2600 } })
  await until(() => heard.includes(4), 'the pushed state')
  assert.deepEqual(heard, [3, 4])
  assert.deepEqual(pump.desired?.document, { speed: 2600 })
  await pump.report({ speed: 2600 }, 4)
  const reported = platform.received.find((one) => one.topic === 'mw/v1/twin/reported')
  assert.deepEqual(JSON.parse(reported!.payload), { document: { speed: 2600 }, desiredVersion: 4 })
  await pump.close()
})

test('a certificate is renewed when a third of its life is left, kept, and used for the next connection', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-renewal-'))
  // 60 % of its life is over at the start: due at once after 0.4 s of the 6 s that are left.
  let life = { notBefore: -10_000, notAfter: 4_000 }
  const own = await TestPlatform.start({
    life: () => ({ notBefore: new Date(Date.now() + life.notBefore), notAfter: new Date(Date.now() + life.notAfter) }),
  })
  const identity = await enrol({ url: own.url, token: own.token('dev_old'), directory })
  life = { notBefore: -1_000, notAfter: 86_400_000 }
  const pump = connect({ credentials: identity, directory, random: () => 0 })
  const [renewed] = await once(pump, 'renewed')
  assert.ok(renewed.notAfter > identity.notAfter)
  assert.equal((await loadIdentity(directory)).certificate.trim(), renewed.certificate.trim())
  await pump.ready()
  await pump.publish({ values: { ok: true } })
  await pump.close()
  await own.stop()
  await rm(directory, { recursive: true })
})

test('a platform with another authority is not talked to, and the reason is told', async () => {
  const identity = await enrol({ url: platform.url, token: platform.token('dev_pinned') })
  const stranger = await testAuthority('Stranger')
  const pump = connect({ credentials: { ...identity, authority: stranger.certificate } })
  const [reason] = await once(pump, 'disconnected')
  assert.match(reason, /certificate/)
  await pump.close(0)
})

test('closing gives back what was not acknowledged', async () => {
  const identity = await enrol({ url: platform.url, token: platform.token('dev_close') })
  const pump = connect({ credentials: identity, port: 1 })
  const sent = assert.rejects(
    pump.publish({ values: { n: 1 } }),
    (error: unknown) => (error as DeviceError).code === 'closed',
  )
  await pump.close(0)
  await sent
})

test('what is sent once is given back when the connection goes, and what comes on further topics is told', async () => {
  let held: (() => void) | undefined
  const slow = await TestPlatform.start({
    onMessage: ({ topic }) =>
      topic === 'mw/v1/user/held' ? new Promise<void>((resolve) => (held = resolve)) : undefined,
  })
  const agent = await device('dev_once', { subscriptions: ['mw/v1/agent/commands/+'] }, slow)
  await agent.ready()
  const heard = once(agent, 'message')
  await slow.tell('dev_once', 'mw/v1/agent/commands/7', { name: 'write' })
  const [topic, payload] = (await heard) as [string, Buffer]
  assert.equal(topic, 'mw/v1/agent/commands/7')
  assert.deepEqual(JSON.parse(payload.toString()), { name: 'write' })
  const lost = agent.send('mw/v1/user/held', 'x', { once: true })
  const kept = agent.send('mw/v1/user/kept', 'y')
  await until(() => held !== undefined, 'the message arrived')
  slow.cut()
  await assert.rejects(lost, (error: unknown) => (error as DeviceError).code === 'unreachable')
  await assert.rejects(
    agent.send('mw/v1/user/held', 'x', { once: true }),
    (error: unknown) => (error as DeviceError).code === 'unreachable',
  )
  held?.()
  await kept
  assert.equal(agent.pending, 0)
  await agent.close()
  await slow.stop()
})
