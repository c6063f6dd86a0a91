import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually, freePort } from '@millwright/foundation/testing'
import type { Client } from '@millwright/sdk'
import { OPCUACertificateManager } from 'node-opcua-certificate-manager'
import {
  AggregateFunction,
  AttributeIds,
  type ClientSession,
  constructEventFilter,
  type HistoryData,
  MessageSecurityMode,
  makeBrowsePath,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  TimestampsToReturn,
  UserTokenType,
  type Variant,
} from 'node-opcua-client'
import { enrolDevice } from './harness/device.ts'
import { PASSWORD, signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const EMAIL = 'admin@millwright.local'

/** The whole platform, and a client of another implementation, as a SCADA system is one. */
describe('OPC UA clients', () => {
  let directory: string
  let platform: RunningPlatform
  let person: Client
  let client: OPCUAClient
  let manager: OPCUACertificateManager
  let session: ClientSession
  let pump: string
  let temperature: string
  const start = Math.floor(Date.now() / 60_000 - 10) * 60_000

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-scada-'))
    const port = await freePort()
    const args = ['--opcua-port', String(port), '--opcua-host', '127.0.0.1', '--opcua-clients', '*']
    platform = await startPlatform({ directory: join(directory, 'data'), args })
    person = (await signIn(platform.url, platform.signInLink!)).client
    const site = (await person.createAsset({ body: { level: 'site', name: 'Hamburg', parent: null } })).id
    pump = (await person.createAsset({ body: { level: 'equipment', name: 'P-101', parent: site } })).id
    const device = (await enrolDevice(platform, { name: 'PLC', equipment: pump })).connect()
    for (let minute = 0; minute < 3; minute++) {
      for (let second = 0; second < 60; second += 10) {
        const time = (start + minute * 60_000 + second * 1000) * 1000
        await device.publish({ time, values: { temperature: minute * 10 + 20 }, units: { temperature: 'Cel' } })
      }
    }
    const found = await person.listSignals({ query: { equipment: pump } })
    temperature = found.items[0]!.id
    const rule = {
      name: 'Hot',
      condition: 'temperature > 80.0',
      equipment: pump,
      priority: 'high',
      message: 'At {temperature}',
    }
    await person.createRule({ body: rule as never })
    await device.publish({ values: { temperature: 95 } })
    await eventually(async () => (await person.listAlarms()).items.length === 1)
    await device.close()
    manager = new OPCUACertificateManager({
      rootFolder: join(directory, 'client'),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    })
    client = OPCUAClient.create({
      applicationName: 'SCADA',
      endpointMustExist: false,
      securityPolicy: SecurityPolicy.Aes256_Sha256_RsaPss,
      securityMode: MessageSecurityMode.SignAndEncrypt,
      connectionStrategy: { maxRetry: 0 },
      clientCertificateManager: manager,
    })
    await client.connect(`opc.tcp://localhost:${port}`)
    session = await client.createSession({ type: UserTokenType.UserName, userName: EMAIL, password: PASSWORD })
  })
  after(async () => {
    await session?.close().catch(() => undefined)
    await client?.disconnect().catch(() => undefined)
    await manager?.dispose()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('find a signal by its path, with its value, unit and history', async () => {
    const path = makeBrowsePath('i=85', '/2:Plant/2:Hamburg/2:P-101/2:temperature')
    const nodeId = (await session.translateBrowsePath(path)).targets?.[0]?.targetId.toString()
    assert.equal(nodeId, `ns=2;s=${temperature}`)
    const value = await session.read({ nodeId: nodeId!, attributeId: AttributeIds.Value })
    assert.equal(value.value.value, 95)
    const unit = await session.read({ nodeId: `${nodeId}/EngineeringUnits`, attributeId: AttributeIds.Value })
    assert.equal(unit.value.value.displayName.text, 'Cel')
    const values = (found: unknown) =>
      ((found as { historyData: HistoryData }).historyData.dataValues ?? []).map((each) => each.value?.value)
    const end = new Date(start + 3 * 60_000)
    const raw = await session.readHistoryValue(nodeId!, new Date(start), end, { returnBounds: false } as never)
    assert.deepEqual(values(raw), [...Array(6).fill(20), ...Array(6).fill(30), ...Array(6).fill(40)])
    const of = async (aggregate: AggregateFunction) =>
      values(await session.readAggregateValue({ nodeId: nodeId! }, new Date(start), end, aggregate, 60_000))
    assert.deepEqual(await of(AggregateFunction.Average), [20, 30, 40])
    assert.deepEqual(await of(AggregateFunction.Count), [6, 6, 6])
  })

  it('acknowledge and shelve an alarm, as the person who is signed in', async () => {
    const subscription = await session.createSubscription2({ requestedPublishingInterval: 50, publishingEnabled: true })
    const item = await subscription.monitor(
      { nodeId: 'i=2253', attributeId: AttributeIds.EventNotifier },
      { queueSize: 10, filter: constructEventFilter(['EventId', 'Message']) } as never,
      TimestampsToReturn.Both,
    )
    const told: Variant[][] = []
    item.on('changed', (fields: unknown) => void told.push(fields as Variant[]))
    const refresh = [{ dataType: 'UInt32', value: subscription.subscriptionId }]
    await session.call({ objectId: 'i=2782', methodId: 'i=3875', inputArguments: refresh } as never)
    const event = () => told.find(([, message]) => message?.value?.text === 'At 95 °C')
    await eventually(() => event() !== undefined)
    const [alarm] = (await person.listAlarms()).items
    const condition = `ns=2;s=${alarm!.id}`
    const inputArguments = [event()![0], { dataType: 'LocalizedText', value: { text: 'On my way' } }]
    const { statusCode } = await session.call({ objectId: condition, methodId: 'i=9111', inputArguments } as never)
    assert.equal(statusCode, StatusCodes.Good)
    const shelving = { objectId: `${condition}/ShelvingState`, methodId: 'i=2949' }
    const shelved = await session.call({
      ...shelving,
      inputArguments: [{ dataType: 'Double', value: 600_000 }],
    } as never)
    assert.equal(shelved.statusCode, StatusCodes.Good)
    const after = await person.getAlarm({ params: { id: alarm!.id } })
    assert.equal(after.state, 'acknowledged')
    assert.equal(after.acknowledgedBy, 'Administrator')
    assert.ok(after.shelvedUntil! > Date.now() * 1000)
    const { items } = await person.listAudit({ query: { target: alarm!.id } })
    assert.deepEqual(
      items.map(({ action, actorName }) => [action, actorName]),
      [
        ['alarm.shelve', 'Administrator'],
        ['alarm.acknowledge', 'Administrator'],
      ],
    )
  })

  it('are slowed down when they guess', async () => {
    const guess = (password: string) =>
      client.createSession({ type: UserTokenType.UserName, userName: 'nobody@x.example', password })
    for (let i = 0; i < 6; i++) await assert.rejects(guess(`guess ${i}`))
    const { items } = await person.listAudit({ query: { action: 'session.refuse' } })
    assert.ok(items.length > 0 && items.length <= 6, String(items.length))
  })
})
