import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import {
  AttributeIds,
  type ClientSession,
  type ClientSubscription,
  constructEventFilter,
  type MonitoringParametersOptions,
  makeBrowsePath,
  ofType,
  StatusCodes,
  TimestampsToReturn,
  type Variant,
} from 'node-opcua-client'
import { SimpleAttributeOperand } from 'node-opcua-types'
import type { PlantNode } from '../src/index.ts'
import { World } from './world.ts'

const FIELDS = [
  'EventId',
  'ConditionName',
  'SourceName',
  'Severity',
  'Message',
  'Retain',
  'ActiveState.Id',
  'AckedState.Id',
  'SuppressedOrShelved',
  'EventType',
]

interface Told {
  readonly eventId: Buffer
  readonly condition: string
  readonly type: string
  readonly shown: readonly unknown[]
}

describe('alarms as conditions', () => {
  let world: World
  let session: ClientSession
  let pump: PlantNode
  let elsewhere: PlantNode
  const told: Told[] = []
  const toldViewer: Told[] = []
  let subscription: ClientSubscription
  let viewing: ClientSubscription

  before(async () => {
    world = await World.start()
    const { plant } = world
    const line = plant.node('Line 1', 'line')
    pump = plant.node('P-101', 'equipment', line)
    elsewhere = plant.node('P-201', 'equipment')
    plant.person('ada', { '*': ['asset:read', 'signal:read', 'alarm:read', 'alarm:acknowledge'] })
    plant.person('vic', { [line.id]: ['asset:read', 'alarm:read'] })
    plant.raise(pump)
    session = await world.session('ada')
    subscription = await listen(session, told)
    viewing = await listen(await world.session('vic'), toldViewer)
  })
  after(() => world.stop())
  beforeEach(async () => {
    for (const id of [...world.plant.alarms.keys()]) world.plant.raise(pump, { id, state: 'normal' })
    // What was told of these has come when there is nothing more to tell.
    await new Promise((resolve) => subscription.once('keepalive', resolve))
    await new Promise((resolve) => viewing.once('keepalive', resolve))
    told.length = 0
    toldViewer.length = 0
    world.plant.answers.length = 0
  })

  async function listen(as: ClientSession, into: Told[]): Promise<ClientSubscription> {
    const made = await as.createSubscription2({
      requestedPublishingInterval: 50,
      requestedMaxKeepAliveCount: 3,
      publishingEnabled: true,
    })
    const filter = constructEventFilter(FIELDS, ofType('ConditionType'))
    const conditionId = { typeDefinitionId: 'i=2782', browsePath: [], attributeId: AttributeIds.NodeId }
    filter.selectClauses!.push(new SimpleAttributeOperand(conditionId))
    const item = await made.monitor(
      { nodeId: 'i=2253', attributeId: AttributeIds.EventNotifier },
      { samplingInterval: 0, queueSize: 100, discardOldest: true, filter } as MonitoringParametersOptions as never,
      TimestampsToReturn.Both,
    )
    item.on('changed', (fields: unknown) => {
      const [eventId, name, source, severity, message, retain, active, acked, shelved, type, condition] = (
        fields as Variant[]
      ).map(({ value }) => value)
      into.push({
        eventId,
        condition: condition?.toString(),
        type: type?.toString(),
        shown: [name, source, severity, message?.text, retain, active, acked, shelved],
      })
    })
    return made
  }

  const call = async (condition: string, methodId: string, inputArguments: object[], as = session) =>
    (await as.call({ objectId: condition, methodId, inputArguments } as never)).statusCode

  const answer = (eventId: Buffer, comment = '') => [
    { dataType: 'ByteString', value: eventId },
    { dataType: 'LocalizedText', value: { text: comment } },
  ]

  it('are told of, with what they are and where they stand', async () => {
    const { alarm } = world.plant.raise(pump, { priority: 'critical', shelvedUntil: 5 })
    await eventually(() => told.length === 1)
    assert.deepEqual(told[0]!.shown, ['Hot', 'P-101', 900, 'Bearing at 90 °C', true, true, false, true])
    assert.equal(told[0]!.condition, `ns=2;s=${alarm.id}`)
    assert.equal(told[0]!.type, 'ns=0;i=2915')
    world.plant.raise(pump, { id: alarm.id, state: 'normal' })
    await eventually(() => told.length === 2)
    assert.deepEqual(told[1]!.shown.slice(4, 7), [false, false, true])
  })

  it('are acknowledged, commented, shelved and confirmed as the platform lets the person', async () => {
    const { alarm } = world.plant.raise(pump)
    await eventually(() => told.length === 1)
    const { condition, eventId } = told[0]!
    assert.equal(await call(condition, 'i=9029', answer(eventId, 'Oil is low')), StatusCodes.Good)
    assert.equal(await call(condition, 'i=9111', answer(eventId, 'On my way')), StatusCodes.Good)
    await eventually(() => told.length === 2)
    assert.deepEqual(told[1]!.shown.slice(5, 7), [true, true])
    assert.equal(
      await call(`${condition}/ShelvingState`, 'i=2949', [{ dataType: 'Double', value: 60_000 }]),
      StatusCodes.Good,
    )
    assert.equal(await call(`${condition}/ShelvingState`, 'i=2947', []), StatusCodes.Good)
    world.plant.raise(pump, { id: alarm.id, state: 'latched' })
    assert.equal(await call(condition, 'i=9113', answer(eventId)), StatusCodes.Good)
    assert.deepEqual(world.plant.answers, [
      'comment ada Oil is low',
      'acknowledge ada On my way',
      'shelve ada 60000000',
      'unshelve ada',
      'reset ada',
    ])
  })

  it('are found their methods by name, as clients do that know no numbers', async () => {
    const { alarm } = world.plant.raise(pump)
    const hidden = world.plant.raise(elsewhere)
    const found = async (as: ClientSession, start: string, ...names: string[]) =>
      (await as.translateBrowsePath(makeBrowsePath(start, names.map((name) => `/${name}`).join('')))).targets?.map(
        ({ targetId }) => targetId.toString(),
      ) ?? []
    const condition = `ns=2;s=${alarm.id}`
    assert.deepEqual(await found(session, condition, 'Acknowledge'), ['ns=0;i=9111'])
    assert.deepEqual(await found(session, condition, 'Confirm'), ['ns=0;i=9113'])
    assert.deepEqual(await found(session, condition, 'ShelvingState', 'TimedShelve'), ['ns=0;i=2949'])
    assert.deepEqual(await found(session, condition, 'Delete'), [])
    assert.deepEqual(await found(await world.session('vic'), `ns=2;s=${hidden.alarm.id}`, 'Acknowledge'), [])
  })

  it('are not answered by who may not, for another event, or when they are gone', async () => {
    const { alarm } = world.plant.raise(pump)
    await eventually(() => told.length === 1 && toldViewer.length === 1)
    const { condition, eventId } = told[0]!
    const viewer = await world.session('vic')
    assert.equal(await call(condition, 'i=9111', answer(eventId), viewer), StatusCodes.BadUserAccessDenied)
    assert.equal(await call(condition, 'i=9111', answer(Buffer.from('x'))), StatusCodes.BadEventIdUnknown)
    const other = world.plant.raise(elsewhere)
    const hidden = `ns=2;s=${other.alarm.id}`
    assert.equal(await call(hidden, 'i=9111', answer(eventId), viewer), StatusCodes.BadNodeIdUnknown)
    world.plant.raise(pump, { id: alarm.id, state: 'normal' })
    assert.equal(await call(condition, 'i=9111', answer(eventId)), StatusCodes.BadNodeIdUnknown)
    assert.deepEqual(world.plant.answers, [])
  })

  it('are told to those who may see them, and to nobody else', async () => {
    world.plant.raise(elsewhere, { message: 'secret' })
    world.plant.raise(pump, { message: 'seen' })
    await eventually(() => told.length === 2 && toldViewer.length === 1)
    assert.deepEqual(
      toldViewer.map(({ shown }) => shown[3]),
      ['seen'],
    )
  })

  it('are told again to who asks for a refresh, and to nobody else', async () => {
    world.plant.raise(pump)
    world.plant.raise(elsewhere)
    await eventually(() => told.length === 2)
    await eventually(() => toldViewer.length === 1)
    told.length = 0
    const arguments_ = [{ dataType: 'UInt32', value: subscription.subscriptionId }]
    assert.equal(await call('i=2782', 'i=3875', arguments_), StatusCodes.Good)
    await eventually(() => told.length === 4)
    assert.deepEqual(
      told.map(({ type }) => type),
      ['ns=0;i=2787', 'ns=0;i=2915', 'ns=0;i=2915', 'ns=0;i=2788'],
    )
    assert.equal(toldViewer.length, 1)
  })
})
