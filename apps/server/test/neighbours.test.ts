import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { ApiError } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import mqtt from 'mqtt'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'
import { readiness } from './harness/readiness.ts'

const PUBLISHES = 30
/** A neighbour may cost this many times, and this many ms on top: the bound is against standing still, not for speed. */
const TIMES = 10
const ON_TOP = 500
const SILENT = 5_000

/** One device that behaves, beside others that do not. */
describe('bad neighbours', () => {
  let platform: RunningPlatform
  let directory: string
  let good: DeviceClient
  let bad: TestDevice
  let pump: string
  /** ms for an acknowledged publish, the median, with nobody else there. */
  let alone: number

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-neighbours-'))
    platform = await startPlatform({ directory })
    pump = (await platform.client.createAsset({ body: { level: 'equipment', name: 'P-101', parent: null } })).id
    good = (await enrolDevice(platform, { name: 'good', equipment: pump })).connect()
    bad = await enrolDevice(platform, { name: 'bad' })
    await publishes()
    alone = await publishes()
  })
  after(async () => {
    await good?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  async function publishes(): Promise<number> {
    const took: number[] = []
    for (let i = 0; i < PUBLISHES; i++) {
      const began = performance.now()
      await good.publish({ values: { temperature: 20 + i } })
      took.push(performance.now() - began)
    }
    return took.sort((a, b) => a - b)[PUBLISHES / 2]!
  }

  /** Devices and people are served as before. */
  async function servesOthers(): Promise<void> {
    const took = await publishes()
    assert.ok(took < alone * TIMES + ON_TOP, `a publish took ${took} ms, and ${alone} ms alone`)
    assert.equal((await readiness(platform)).status, 200)
    assert.equal((await platform.client.listAssets()).items.length, 1)
  }

  const tls = () => ({
    host: 'localhost',
    port: platform.mqttPort,
    key: bad.identity.key,
    cert: bad.identity.certificate,
    ca: bad.identity.authority,
  })

  it('5,000 connections that say nothing', { timeout: 60_000 }, async () => {
    const http = Number(new URL(platform.url).port)
    const sockets: Socket[] = []
    for (let i = 0; i < SILENT; i++) {
      const socket = connectTcp(i % 2 === 0 ? platform.mqttPort : http, '127.0.0.1')
      socket.on('error', () => undefined)
      sockets.push(socket)
      if (i % 250 === 249) await pass(5)
    }
    await servesOthers()
    for (const socket of sockets) socket.destroy()
    await servesOthers()
  })

  it('senders that take an age for each byte, in MQTT and in HTTP', async () => {
    const sockets: (TLSSocket | Socket)[] = []
    const drips: NodeJS.Timeout[] = []
    const drip = (socket: TLSSocket | Socket, bytes: Buffer) => {
      let at = 0
      socket.on('error', () => undefined)
      sockets.push(socket)
      drips.push(setInterval(() => socket.writable && socket.write(bytes.subarray(at, ++at)), 100))
    }
    const connect = Buffer.from('100c00044d5154540402003c0000', 'hex')
    const request = Buffer.from(
      'POST /api/v1/devices/me/telemetry HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n',
    )
    for (let i = 0; i < 100; i++) {
      const slow = connectTls(tls())
      slow.once('secureConnect', () => drip(slow, connect))
      slow.on('error', () => undefined)
      drip(connectTcp(Number(new URL(platform.url).port), '127.0.0.1'), request)
    }
    await servesOthers()
    for (const timer of drips) clearInterval(timer)
    for (const socket of sockets) socket.destroy()
  })

  it('a device that subscribes and unsubscribes without end, and one that never reads what it asked for', async () => {
    const options = { ...tls(), protocol: 'mqtts' as const, reconnectPeriod: 0 }
    const flood = await mqtt.connectAsync({ ...options, clientId: 'flood' })
    const deaf = await mqtt.connectAsync({ ...options, clientId: 'deaf' })
    for (const client of [flood, deaf]) client.on('error', () => undefined)
    await deaf.subscribeAsync('mw/v1/user/#', { qos: 0 })
    ;(deaf.stream as TLSSocket).pause()
    let running = true
    const payload = Buffer.alloc(32 * 1024)
    const noise = (async () => {
      for (let i = 0; running && flood.connected; i++) {
        flood.subscribe(`mw/v1/user/${i % 50}/#`, { qos: 1 }, () => undefined)
        flood.unsubscribe(`mw/v1/user/${(i + 25) % 50}/#`, {}, () => undefined)
        flood.publish('mw/v1/user/1/noise', payload, { qos: 0 })
        if (i % 20 === 0) await pass(5)
      }
    })()
    await servesOthers()
    running = false
    await noise
    await Promise.all([flood.endAsync(true), deaf.endAsync(true)])
  })

  it('rules as large as are accepted, and those that would never end are not', async () => {
    const create = (name: string, condition: string) =>
      platform.client.createRule({ body: { name, condition, equipment: pump, priority: 'low' } })
    const many = `[${Array.from({ length: 20 }, (_, i) => i).join(', ')}]`
    for (const endless of [
      `${many}.all(x, ${many}.all(y, ${many}.all(z, x + y == z)))`,
      'temperature.matches("(a+)+$")',
      `${'('.repeat(200)}temperature > 1.0${')'.repeat(200)}`,
      Array.from({ length: 400 }, (_, i) => `temperature > ${i}.0`).join(' || '),
    ]) {
      const refused: unknown = await create('endless', endless).catch((error: unknown) => error)
      assert.ok(refused instanceof ApiError && refused.status < 500, String(refused))
    }
    const windows = Array.from({ length: 20 }, (_, i) => `stddev(temperature, "${i + 1}h") > 1000.0`).join(' || ')
    for (let i = 0; i < 100; i++) await create(`Large ${i}`, windows)
    await servesOthers()
    const { items } = await platform.client.listRules({ query: { limit: 200 } })
    for (const { name, fault, watches } of items)
      assert.ok(watches === 1 || fault !== null, `${name} neither runs nor says why`)
  })
})
