/** External brokers and the whole platform: a source and a sink made by the API, a Sparkplug edge node, and a broker that asks. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { TestBroker } from '@millwright/connectivity-brokers/testing'
import { eventually } from '@millwright/foundation/testing'
import { connectAsync, type MqttClient } from 'mqtt'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const PATIENCE = 60_000
const SECRET = 'shared-with-the-brokers-alone'

describe('external brokers', () => {
  let platform: RunningPlatform
  let directory: string
  let broker: TestBroker
  let plant: MqttClient
  let press: string
  const seen = new Map<string, Buffer>()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-brokers-'))
    platform = await startPlatform({ directory, environment: { MILLWRIGHT_BROKER_SECRET: SECRET } })
    broker = await TestBroker.start()
    plant = await connectAsync(broker.url)
    plant.on('message', (topic, payload) => seen.set(topic, payload))
    await plant.subscribeAsync(['uns/#', 'spBv1.0/#'], { qos: 1 })
    const { client } = platform
    press = (await client.createAsset({ body: { level: 'equipment', name: 'Press 3', parent: null } })).id
  })
  after(async () => {
    await plant?.endAsync(true)
    await platform?.stop()
    await broker?.die()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const connection = async (name: string, adapter: string, more: object = {}) => {
    const config = { host: '127.0.0.1', port: broker.port, ...more }
    const { id } = await platform.client.createConnection({ body: { name, adapter, equipment: press, config } })
    return eventually(async () => {
      const found = await platform.client.getConnection({ params: { id } })
      return found.status.state === 'running' ? found : undefined
    }, PATIENCE)
  }

  it('bring readings into the history, and hear them again as a unified namespace and by Sparkplug', async () => {
    await connection('Plant broker', 'mqtt-source', {
      mappings: [{ topic: 'plant/{line}', fields: [{ metric: 'temperature', value: '$.t', unit: 'Cel' }] }],
    })
    await plant.publishAsync('plant/l1', '{"t":20.5}', { qos: 1 })
    const signal = await eventually(async () => {
      const { items } = await platform.client.listSignals({ query: { q: 'temperature' } })
      return items[0]
    }, PATIENCE)
    assert.deepEqual([signal.unit, signal.equipment], ['Cel', press])
    await connection('Namespace', 'mqtt-sink', { prefix: 'uns' })
    const topic = await eventually(() => [...seen.keys()].find((one) => one.endsWith('Press 3/temperature')), PATIENCE)
    assert.equal(JSON.parse(seen.get(topic)!.toString()).value, 20.5)
    await connection('SCADA', 'sparkplug-node', { group: 'Plant' })
    await eventually(() => seen.has('spBv1.0/Plant/NBIRTH/Millwright'), PATIENCE)
    await plant.publishAsync('plant/l1', '{"t":21.5}', { qos: 1 })
    await eventually(() => JSON.parse(seen.get(topic)!.toString()).value === 21.5, PATIENCE)
    await eventually(() => [...seen.keys()].some((one) => one.startsWith('spBv1.0/Plant/DDATA/Millwright/')), PATIENCE)
  })

  it('are looked at before a connection is made: preview and topics', async () => {
    await plant.publishAsync('look/a', '{"x":1}', { qos: 1, retain: true })
    const config = {
      host: '127.0.0.1',
      port: broker.port,
      mappings: [{ topic: 'look/#', fields: [{ metric: 'x', value: '$.x' }] }],
    }
    const body = { adapter: 'mqtt-source', config }
    const { readings } = await platform.client.previewConnection({ body: { ...body, seconds: 5, limit: 1 } })
    assert.deepEqual([readings[0]?.metric, readings[0]?.value], ['x', 1])
    const { items } = await platform.client.browseConnection({ body: { ...body, node: 'look' } })
    assert.deepEqual(items[0]?.pick?.value, {
      topic: 'look/a',
      payload: 'json',
      fields: [{ metric: 'x', value: '$.x' }],
    })
  })

  it('hear who may connect and publish', async () => {
    const { client } = platform
    const device = await client.createDevice({ body: { name: 'Press', equipment: press } })
    const { token } = await client.createDeviceToken({ params: { id: device.id } })
    const ask = async (what: string, question: object, secret = SECRET) => {
      const answer = await fetch(`${platform.url}/api/v1/broker-auth/emqx/${what}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(question),
      })
      return ((await answer.json()) as { result: string }).result
    }
    const publish = { username: token, action: 'publish', topic: `d/${device.id}/mw/v1/telemetry` }
    assert.equal(await ask('authn', { username: token, password: '' }), 'allow')
    assert.equal(await ask('authn', { username: device.id, password: token }), 'allow')
    assert.equal(await ask('authz', publish), 'allow')
    assert.equal(await ask('authz', { ...publish, topic: 'd/other/mw/v1/telemetry' }), 'deny')
    assert.equal(await ask('authz', publish, 'wrong'), 'deny')
    await client.revokeDeviceToken({ params: { id: device.id } })
    assert.equal(await ask('authn', { username: token, password: '' }), 'deny')
  })
})
