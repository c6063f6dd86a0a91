import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import {
  AggregateFunction,
  AttributeIds,
  type ClientSession,
  type DataValue,
  type HistoryData,
  HistoryReadRequest,
  ReadRawModifiedDetails,
  StatusCodes,
  TimestampsToReturn,
} from 'node-opcua-client'
import type { PlantNode, PlantSignal } from '../src/index.ts'
import { World } from './world.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000

describe('values', () => {
  let world: World
  let session: ClientSession
  let pump: PlantNode
  let temperature: PlantSignal

  before(async () => {
    world = await World.start({ limits: { historyValues: 100 } })
    const { plant } = world
    pump = plant.node('P-101', 'equipment')
    plant.person('ada', { '*': ['asset:read', 'signal:read'] })
    plant.person('vic', { nowhere: ['asset:read', 'signal:read'] })
    session = await world.session('ada')
  })
  after(() => world.stop())
  beforeEach(() => {
    temperature = world.plant.signal(pump, `temperature ${world.plant.signals.size}`, 'number')
  })

  const ns = (signal: PlantSignal) => `ns=2;s=${signal.id}`

  it('are read with their quality and source time stamps, to the 100 ns that OPC UA has', async () => {
    const time = START * 1000 + 123_456
    world.plant.commit(temperature, time, 81.5, 0x40000000)
    const value = await session.read({ nodeId: ns(temperature), attributeId: AttributeIds.Value })
    assert.equal(value.value.value, 81.5)
    assert.equal(value.statusCode.name, 'Uncertain')
    assert.equal(value.sourceTimestamp?.getTime(), START + 123)
    assert.equal(value.sourcePicoseconds, 456e6)
    world.plant.commit(temperature, time + 1, Number.NaN, 0)
    const none = await session.read({ nodeId: ns(temperature), attributeId: AttributeIds.Value })
    assert.equal(none.statusCode, StatusCodes.BadNoData)
  })

  it('of every kind are shown', async () => {
    const { plant } = world
    const shown = async (kind: PlantSignal['kind'], value: number, wide?: object) => {
      const signal = plant.signal(pump, `${kind} ${plant.signals.size}`, kind)
      plant.latest.set(signal.key, { time: 1, quality: 0, value, wide: wide as never })
      const read = await session.read({ nodeId: ns(signal), attributeId: AttributeIds.Value })
      const found = read.value.value
      return ArrayBuffer.isView(found) ? Array.from(found as unknown as ArrayLike<number>) : found
    }
    assert.equal(await shown('boolean', 1), true)
    assert.equal(await shown('state', Number.NaN, { kind: 'state', value: 'running' }), 'running')
    assert.equal(await shown('document', Number.NaN, { kind: 'document', value: { a: 1 } }), '{"a":1}')
    const position = { kind: 'position', latitude: 53.5, longitude: 10, altitude: undefined }
    assert.deepEqual(await shown('position', Number.NaN, position), [53.5, 10])
  })

  it('come to subscriptions, each of them, with their own time stamps; nobody else costs anything', async () => {
    world.plant.commit(temperature, (START - 1) * 1000, -1)
    assert.equal(world.plant.listeners, 1, 'alarms are followed, values are not')
    const subscription = await session.createSubscription2({
      requestedPublishingInterval: 50,
      requestedMaxKeepAliveCount: 3,
      publishingEnabled: true,
    })
    const item = await subscription.monitor(
      { nodeId: ns(temperature), attributeId: AttributeIds.Value },
      { samplingInterval: 0, queueSize: 100, discardOldest: true },
      TimestampsToReturn.Both,
    )
    const seen: DataValue[] = []
    item.on('changed', (value: DataValue) => void seen.push(value))
    await eventually(() => seen.length > 0)
    await new Promise((resolve) => subscription.once('keepalive', resolve))
    seen.length = 0
    for (let i = 0; i < 20; i++) world.plant.commit(temperature, (START + i) * 1000, i)
    await eventually(() => seen.length >= 20)
    assert.deepEqual(
      seen.map(({ value, sourceTimestamp }) => [value.value, sourceTimestamp!.getTime() - START]),
      Array.from({ length: 20 }, (_, i) => [i, i]),
    )
    await subscription.terminate()
    await eventually(() => world.plant.listeners === 1)
  })

  it('are refused to subscriptions of who may not see them', async () => {
    const viewer = await world.session('vic')
    const subscription = await viewer.createSubscription2({
      requestedPublishingInterval: 50,
      requestedMaxKeepAliveCount: 3,
      publishingEnabled: true,
    })
    const item = await subscription.monitor(
      { nodeId: ns(temperature), attributeId: AttributeIds.Value },
      { samplingInterval: 0, queueSize: 10, discardOldest: true },
      TimestampsToReturn.Both,
    )
    const seen: DataValue[] = []
    item.on('changed', (value: DataValue) => void seen.push(value))
    for (let i = 0; i < 5; i++) world.plant.commit(temperature, (START + i) * 1000, 42)
    const own = await session.read({ nodeId: ns(temperature), attributeId: AttributeIds.Value })
    assert.equal(own.value.value, 42)
    await new Promise((resolve) => subscription.once('keepalive', resolve))
    assert.deepEqual(
      seen.filter(({ value }) => value.value === 42),
      [],
    )
    await subscription.terminate()
  })

  it('raw history comes in pages, forwards and backwards', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => ({ time: (START + i * 1000) * 1000, quality: 0, value: i }))
    world.plant.history.set(temperature.id, rows)
    const values: number[] = []
    let continuationPoint: Buffer | undefined
    let pages = 0
    do {
      const { results } = await session.historyRead(
        new HistoryReadRequest({
          historyReadDetails: new ReadRawModifiedDetails({
            startTime: new Date(START),
            endTime: new Date(START + 1000 * 1000),
            numValuesPerNode: 0,
          }),
          nodesToRead: [{ nodeId: ns(temperature), ...(continuationPoint === undefined ? {} : { continuationPoint }) }],
          timestampsToReturn: TimestampsToReturn.Both,
        }),
      )
      const [result] = results ?? []
      const { dataValues } = result!.historyData as HistoryData
      values.push(...(dataValues ?? []).map(({ value }) => value.value))
      continuationPoint = result?.continuationPoint?.length ? result.continuationPoint : undefined
      pages++
    } while (continuationPoint !== undefined)
    assert.equal(pages, 3)
    assert.deepEqual(
      values,
      rows.map(({ value }) => value),
    )
    const backwards = await session.readHistoryValue(ns(temperature), new Date(START + 9000), new Date(START + 4000))
    const shown = ({ historyData }: { historyData: unknown }) =>
      ((historyData as HistoryData).dataValues ?? []).map(({ value, statusCode }) => value?.value ?? statusCode.name)
    assert.deepEqual(shown(backwards as never), [9, 8, 7, 6, 5, 4])
    const bounded = await session.readHistoryValue(ns(temperature), new Date(START - 500), new Date(START + 1500))
    assert.deepEqual(shown(bounded as never), ['BadBoundNotFound', 0, 1, 2])
  })

  it('history comes to who lets go of continuation points without passing one, as asyncua does', async () => {
    world.plant.history.set(temperature.id, [{ time: START * 1000, quality: 0, value: 7 }])
    const historyReadDetails = new ReadRawModifiedDetails({
      startTime: new Date(START),
      endTime: new Date(START + 1000),
      numValuesPerNode: 0,
    })
    const asked = (continuationPoint?: Buffer) =>
      session.historyRead(
        new HistoryReadRequest({
          historyReadDetails,
          releaseContinuationPoints: true,
          nodesToRead: [{ nodeId: ns(temperature), ...(continuationPoint === undefined ? {} : { continuationPoint }) }],
          timestampsToReturn: TimestampsToReturn.Both,
        }),
      )
    const [first] = (await asked()).results ?? []
    assert.equal((first!.historyData as HistoryData).dataValues?.[0]?.value.value, 7)
    const [released] = (await asked(Buffer.from(String(START * 1000)))).results ?? []
    assert.deepEqual([released?.statusCode, released?.historyData ?? null], [StatusCodes.Good, null])
  })

  it('history is processed: from the rollups where intervals fit, from the readings where they do not', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => ({ time: (START + i * 1000) * 1000, quality: 0, value: i }))
    world.plant.history.set(temperature.id, rows)
    const of = async (aggregate: AggregateFunction, from = START) => {
      const result = await session.readAggregateValue(
        { nodeId: ns(temperature) },
        new Date(from),
        new Date(from + 5 * MINUTE),
        aggregate,
        MINUTE,
      )
      const { dataValues } = result.historyData as HistoryData
      return (dataValues ?? []).map(({ value }) => value.value)
    }
    assert.deepEqual(await of(AggregateFunction.Average), [29.5, 89.5, 149.5, 209.5, 269.5])
    const asked = world.plant.tables.splice(0)
    assert.deepEqual(asked, [
      { aggregate: 'count', step: MINUTE * 1000 },
      { aggregate: 'mean', step: MINUTE * 1000 },
    ])
    assert.deepEqual(await of(AggregateFunction.Minimum), [0, 60, 120, 180, 240])
    assert.deepEqual(await of(AggregateFunction.Maximum), [59, 119, 179, 239, 299])
    assert.deepEqual(await of(AggregateFunction.Count), [60, 60, 60, 60, 60])
    assert.deepEqual(await of(AggregateFunction.Range), [59, 59, 59, 59, 59])
    world.plant.tables.length = 0
    assert.deepEqual(await of(AggregateFunction.Average, START + 500), [30.5, 90.5, 150.5, 210.5, 270.5])
    assert.deepEqual(await of(AggregateFunction.Start, START + 500), [1, 61, 121, 181, 241])
    assert.deepEqual(await of(AggregateFunction.Delta, START + 500), [59, 59, 59, 59, 59])
    assert.deepEqual(world.plant.tables, [])
    const unsupported = await session.readAggregateValue(
      { nodeId: ns(temperature) },
      new Date(START),
      new Date(START + MINUTE),
      AggregateFunction.Interpolative,
      MINUTE,
    )
    assert.equal(unsupported.statusCode, StatusCodes.BadAggregateNotSupported)
  })
})
