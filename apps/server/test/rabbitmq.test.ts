/** A RabbitMQ that asks the platform who may connect, publish and subscribe, and a source that brings in what came there. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { hasRabbitMq, RabbitMq } from '@millwright/connectivity-brokers/testing'
import { eventually } from '@millwright/foundation/testing'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const SECRET = 'shared-with-the-brokers-alone'
const PATIENCE = 60_000

describe('RabbitMQ', { skip: hasRabbitMq ? false : 'rabbitmq-server is not installed' }, () => {
  let platform: RunningPlatform
  let directory: string
  let broker: RabbitMq

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-rabbit-'))
    platform = await startPlatform({ directory, environment: { MILLWRIGHT_BROKER_SECRET: SECRET } })
    broker = await RabbitMq.start(`${platform.url}/api/v1/broker-auth/rabbitmq/${SECRET}`)
  })
  after(async () => {
    await broker?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  async function device(name: string) {
    const { id } = await platform.client.createDevice({ body: { name } })
    const { token } = await platform.client.createDeviceToken({ params: { id } })
    return { id, token }
  }

  it('lets a device in by its token, and no stranger', async () => {
    const press = await device('Press')
    const client = await broker.connect(press.id, press.token, `${press.id}-1`)
    assert.equal(client.connected, true)
    await client.endAsync()
    await assert.rejects(broker.connect(press.id, 'wrong', `${press.id}-1`), /Not authorized|Bad username/i)
    await assert.rejects(broker.connect('somebody', press.token, 'somebody'), /Not authorized|Bad username/i)
    await platform.client.revokeDeviceToken({ params: { id: press.id } })
    await assert.rejects(broker.connect(press.id, press.token, `${press.id}-1`), /Not authorized|Bad username/i)
  })

  it('lets it publish and hear its own topics, and no other; what it says comes into the history', async () => {
    const [lathe, other] = await Promise.all([device('Lathe'), device('Other')])
    const client = await broker.connect(lathe.id, lathe.token, `${lathe.id}-1`)
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    await client.subscribeAsync(`d/${lathe.id}/mw/v1/commands/#`, { qos: 1 })
    await client.endAsync()

    const nosy = await broker.connect(other.id, other.token, `${other.id}-1`)
    const lost = new Promise((resolve) => nosy.once('close', () => resolve('cut')))
    const answer = await Promise.race([
      nosy.subscribeAsync(`d/${lathe.id}/mw/v1/commands/#`, { qos: 1 }).then(
        (grants) => (grants[0]!.qos === 128 ? 'refused' : 'granted'),
        () => 'refused',
      ),
      lost,
    ])
    assert.notEqual(answer, 'granted')
    await nosy.endAsync(true)

    // The platform's own source is no device: it signs in as one of the broker's own users.
    const equipment = await platform.client.createAsset({ body: { level: 'equipment', name: 'Hall', parent: null } })
    await platform.client.createConnection({
      body: {
        name: 'Rabbit',
        adapter: 'mqtt-source',
        equipment: equipment.id,
        config: {
          host: '127.0.0.1',
          port: broker.port,
          username: 'guest',
          password: 'guest',
          mappings: [{ topic: 'd/{device}/mw/v1/telemetry', fields: [{ metric: 'heat', value: '$.heat' }] }],
        },
      },
    })
    await eventually(async () => {
      const { items } = await platform.client.listConnections({ query: {} })
      return items.find(({ name }) => name === 'Rabbit')?.status.state === 'running'
    }, PATIENCE)
    const speaker = await broker.connect(other.id, other.token, `${other.id}-1`)
    await speaker.publishAsync(`d/${other.id}/mw/v1/telemetry`, '{"heat":20.5}', { qos: 1 })
    await eventually(async () => {
      const { items } = await platform.client.queryLatest({ body: { under: equipment.id } })
      return items.some(({ value }) => value === 20.5)
    }, PATIENCE)
    // A topic of another device: RabbitMQ cuts the line of who publishes where it may not.
    const cut = new Promise<void>((resolve) => speaker.once('close', () => resolve()))
    speaker.publish(`d/${lathe.id}/mw/v1/telemetry`, '{"heat":99}', { qos: 1 })
    await cut
    await speaker.endAsync(true)
  })
})
