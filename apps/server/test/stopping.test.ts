import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { AccountedSender, lost } from './harness/account.ts'
import { enrolDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const STOPS = 2
const SENDERS = 2

describe('SIGTERM under load', () => {
  let directory: string
  let platform: RunningPlatform
  const senders: AccountedSender[] = []
  const machines: string[] = []
  let ports: string[]
  let token: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-stopping-'))
    platform = await startPlatform({ directory })
    ports = ['--mqtt-port', String(platform.mqttPort), '--http-port', new URL(platform.url).port]
    for (let i = 0; i < SENDERS; i++) {
      const body = { level: 'equipment', name: `Tank ${i}`, parent: null } as const
      const { id } = await platform.client.createAsset({ body })
      machines.push(id)
      const device = await enrolDevice(platform, { name: `PLC ${i}`, equipment: id })
      if (i === 0) ({ token } = await platform.client.createDeviceToken({ params: { id: device.id } }))
      senders.push(new AccountedSender(device.connect(), 8))
    }
  })
  after(async () => {
    for (const sender of senders) sender.abandon()
    await platform?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Those who would keep a server from closing if it waited for them. */
  async function loiterers(): Promise<() => void> {
    const { hostname, port: http } = new URL(platform.url)
    const raw = async (text: string, port = Number(http)): Promise<Socket> => {
      const socket = connectTcp(port, hostname).on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(text)
      return socket
    }
    const halfRequest = await raw('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n')
    const halfBody = await raw(
      'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{',
    )
    const silent = await raw('')
    // The beginning of a TLS handshake that does not go on.
    const half = await raw('\u0016\u0003\u0001')
    const mqtt = await raw('\u0016\u0003\u0001', platform.mqttPort)
    const asking = new AbortController()
    const poll = fetch(`${platform.url}/api/v1/devices/me/commands?wait=30`, {
      headers: { authorization: `Bearer ${token}` },
      signal: asking.signal,
    }).catch(() => undefined)
    const viewer = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/live`, {
      headers: { authorization: `Bearer ${platform.token}` },
    } as never)
    viewer.onerror = () => undefined
    await new Promise<void>((resolve) => {
      viewer.onopen = () => resolve()
    })
    return () => {
      for (const socket of [halfRequest, halfBody, silent, half, mqtt]) socket.destroy()
      asking.abort()
      viewer.close()
      void poll
    }
  }

  it('ends within 5 s with code 0, whoever is still connected', async () => {
    for (let i = 0; i < STOPS; i++) {
      const before = senders.map(({ acknowledged }) => acknowledged.length)
      await eventually(() => senders.every((sender, s) => sender.acknowledged.length > before[s]! + 100))
      const release = await loiterers()
      const { code, took } = await platform.stop()
      release()
      assert.equal(code, 0, platform.log())
      assert.ok(took < 5_000, `stopping took ${took} ms`)
      assert.doesNotMatch(platform.log(), /"level":"(error|fatal)"/)
      platform = await startPlatform({ directory, args: ports })
    }
    for (const sender of senders) await sender.stop()
  })

  it('loses nothing that it acknowledged', async () => {
    for (const [s, equipment] of machines.entries()) {
      assert.deepEqual(await lost(platform, { equipment }, senders[s]!.acknowledged), [])
    }
    assert.equal((await platform.client.verifyAudit()).ok, true)
  })
})
