import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import mqtt, { type IClientOptions } from 'mqtt'
import { inbox, KEPT, sessionPresent, storeFolders } from './kept-sessions.ts'
import { connectPacket } from './packets.ts'
import { TestAuthority } from './pki.ts'
import { until } from './until.ts'
import { World } from './world.ts'

const newStore = storeFolders()

describe('a store that takes nothing', () => {
  it('costs kept sessions their connection, and neither the broker nor telemetry anything', async () => {
    const store = newStore()
    await using world = await World.start({ directory: store })
    const identity = await world.device('dev_a')
    const steady = await world.client(identity, { clientId: 'steady' })
    const kept = await world.client(identity, KEPT)
    const lock = new DatabaseSync(join(store, 'sessions.sqlite'))
    lock.exec('begin immediate')
    const refused = await world.raw(identity)
    refused.write(connectPacket('another', { clean: false }))
    await refused.expectClosed('a kept session that cannot be kept')
    kept.subscribe('mw/v1/user/#', { qos: 1 }, () => {})
    await until('not subscribed in vain', () => !kept.connected)
    await steady.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
    let acknowledged = false
    steady.publish('mw/v1/user/mode', 'x', { qos: 1, retain: true }, (error) => {
      acknowledged = error === undefined || error === null
    })
    await until('not acknowledged in vain', () => !steady.connected)
    assert.equal(acknowledged, false)
    lock.exec('rollback')
    lock.close()
    const again = await world.client(identity, KEPT)
    await again.subscribeAsync('mw/v1/user/#', { qos: 1 })
    assert.equal(world.platform.live('dev_a').length, 1)
  })
})

describe('the session store', () => {
  it('is copied while it is in use, and the copy holds everything', async () => {
    const store = newStore()
    const identity = await (async () => {
      await using world = await World.start({ directory: store })
      const device = await world.device('dev_a')
      const kept = await world.client(device, KEPT)
      await kept.subscribeAsync('mw/v1/user/#', { qos: 1 })
      await kept.publishAsync('mw/v1/user/mode', 'auto', { qos: 1, retain: true })
      await mkdir(newStore('restored'))
      world.adapter.backup(join(newStore('restored'), 'sessions.sqlite'))
      return device
    })()
    await using restored = await World.start({ directory: newStore('restored') })
    restored.platform.add('dev_a')
    const again = restored.connecting(identity, { clientId: 'fresh' })
    const box = inbox(again)
    await again.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await until('the retained one', () => box.length === 1)
    assert.equal(await sessionPresent(restored, identity), true)
  })

  it('is put aside when it is damaged: the broker starts, and says so', async () => {
    const store = newStore()
    await mkdir(store)
    await writeFile(join(store, 'sessions.sqlite'), 'this is no database, whatever its name says'.repeat(100))
    await using world = await World.start({ directory: store })
    const { state, reason } = world.adapter.health()
    assert.equal(state, 'running')
    assert.match(reason!, /damaged and put aside/)
    assert.ok((await readdir(store)).some((name) => name.startsWith('sessions.sqlite.damaged-')))
    const kept = await world.client(await world.device('dev_a'), KEPT)
    await kept.subscribeAsync('mw/v1/user/#', { qos: 1 })
  })

  it('of a newer version is left alone: the broker does not start', async () => {
    const store = newStore()
    await mkdir(store)
    const newer = new DatabaseSync(join(store, 'sessions.sqlite'))
    newer.exec('pragma user_version = 99')
    newer.close()
    await assert.rejects(World.start({ directory: store }), /format 99; this version reads up to 1/)
    assert.deepEqual(await readdir(store), ['sessions.sqlite'])
  })
})

describe('a killed broker', () => {
  it('has every acknowledged message, subscription and retained message when it is started again', async () => {
    const authority = await TestAuthority.create()
    const server = await authority.server()
    const identity = await authority.device('dev_a', 'ten_a')
    const store = newStore()
    const tls = { key: server.key, cert: server.cert, ca: authority.pem }
    let broker = await startBroker({ directory: store, devices: ['dev_a'], tls })
    const connect = (options: IClientOptions) =>
      mqtt.connectAsync({
        protocol: 'mqtts',
        host: 'localhost',
        port: broker.port,
        ca: authority.pem,
        key: identity.key,
        cert: identity.cert,
        reconnectPeriod: 0,
        ...options,
      })
    const kept = await connect(KEPT)
    await kept.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await kept.endAsync()
    const sent: string[] = []
    for (let round = 0; round < 3; round++) {
      const other = await connect({ clientId: 'other' })
      other.on('error', () => {})
      await other.publishAsync('mw/v1/user/mode', `round ${round}`, { qos: 1, retain: true })
      sent.push(`round ${round}`)
      let running = true
      const flood = (async () => {
        for (let n = 0; running; n++) {
          await other.publishAsync('mw/v1/user/n', `${round}-${n}`, { qos: 1 })
          sent.push(`${round}-${n}`)
        }
      })().catch(() => {})
      await until('some acknowledged', () => sent.length > 20 * (round + 1))
      broker.process.kill('SIGKILL')
      await once(broker.process, 'exit')
      running = false
      other.end(true)
      await Promise.race([flood, until('the flood to end', () => !other.connected)])
      broker = await startBroker({ directory: store, devices: ['dev_a'], tls })
    }
    const again = mqtt.connect({
      protocol: 'mqtts',
      host: 'localhost',
      port: broker.port,
      ca: authority.pem,
      key: identity.key,
      cert: identity.cert,
      reconnectPeriod: 0,
      ...KEPT,
    })
    const box = inbox(again)
    await until('all that was acknowledged', () => sent.every((payload) => box.some((got) => got.payload === payload)))
    const order = box.map((got) => got.payload).filter((payload) => payload.startsWith('2-'))
    assert.deepEqual(
      order,
      [...order].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))),
    )
    again.end(true)
    const fresh = await connect({ clientId: 'fresh' })
    const retained = inbox(fresh)
    await fresh.subscribeAsync('mw/v1/user/mode', { qos: 1 })
    await until('the retained one', () => retained.length === 1)
    assert.equal(retained[0]!.payload, 'round 2')
    fresh.end(true)
    broker.process.kill('SIGKILL')
  })
})

async function startBroker(start: object): Promise<{ process: ChildProcess; port: number }> {
  const child = fork(new URL('./broker-process.ts', import.meta.url))
  child.send(start as never)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { process: child, port }
}
