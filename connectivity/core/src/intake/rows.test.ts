import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { DAY } from '@millwright/foundation'
import { MetricRows, ROW } from '../codecs/rows.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'

const SOURCE = 'modbus:unit 7'

describe('intake of rows', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())
  beforeEach(() => {
    test.sink.held = false
    test.sink.rows.length = 0
    test.sink.wide.length = 0
    test.signals.gate = undefined
  })

  const letters = async (device: string) => (await test.platform.deadLetters.list(test.actor, { device })).items

  it('places rows as messages are placed, with the time of their arrival where they have none', async () => {
    const session = await test.session()
    const rows = new MetricRows()
    rows.push('temperature', ROW.number, 21.5, 0x40000000)
    rows.setUnit(0, 'Cel')
    rows.push('running', ROW.boolean, 1, 0)
    rows.pushWide('state', ROW.state, { kind: 'state', value: 'auto' })
    const now = test.clock.now()
    rows.setTime(1, now - 5)
    rows.time[0] = 0
    await test.platform.intake.acceptRows(session, rows, SOURCE)
    assert.deepEqual(
      test.sink.rows.map(({ time, value, quality }) => [time, value, quality]),
      [
        [now, 21.5, 0x40000000],
        [now - 5, 1, 0],
      ],
    )
    assert.deepEqual(test.sink.wide[0]?.value, { kind: 'state', value: 'auto' })
    assert.equal(test.signals.named(session.device, 'temperature')?.unit, 'Cel')
    assert.equal(test.platform.messages.of(session.device)[0]?.topic, SOURCE)
  })

  it('copies rows that wait for their signals: the caller may use its own again at once', async () => {
    const session = await test.session()
    const gate = Promise.withResolvers<void>()
    test.signals.gate = gate.promise
    const rows = new MetricRows()
    const accepted: Promise<void>[] = []
    for (let i = 0; i < 3; i++) {
      rows.clear()
      rows.push(`metric ${i}`, ROW.number, i, 0)
      rows.push('level', ROW.number, i, 0)
      rows.setTime(0, test.clock.now())
      accepted.push(test.platform.intake.acceptRows(session, rows, SOURCE))
    }
    rows.clear()
    gate.resolve()
    await Promise.all(accepted)
    const level = test.signals.named(session.device, 'level')!.key
    assert.deepEqual(
      test.sink.rows.filter(({ signal }) => signal === level).map(({ value }) => value),
      [0, 1, 2],
    )
    assert.equal(test.sink.rows.length, 6)
  })

  it('refuses a row that cannot be believed and stores the others', async () => {
    const session = await test.session()
    const rows = new MetricRows()
    const add = (name: string, value: number, time: number) => {
      rows.push(name, ROW.number, value, 0)
      rows.time[rows.length - 1] = time
    }
    const now = test.clock.now()
    add('good', 1, now)
    add('far ahead', 1, now + 2 * DAY)
    add('before', 1, 5)
    add('broken', 1, now + 0.5)
    add('not a number', Number.NaN, now)
    add('a\u0000name', 1, now)
    add('', 1, now)
    await test.platform.intake.acceptRows(session, rows, SOURCE)
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [1],
    )
    const refused = await letters(session.device)
    assert.equal(refused.length, 6)
    assert.equal(refused.filter(({ code }) => code === 'MW-CONN-0012').length, 3)
    const text = Buffer.from(refused.find(({ code }) => code === 'MW-CONN-0005')!.payload, 'base64').toString()
    assert.deepEqual(JSON.parse(text).values, { 'not a number': 'NaN' })
  })

  it('takes 50,000 readings at once from the device of a connection, and no more metrics than it may have', async () => {
    const limited = await testConnectivity()
    await limited.start({ metricsPerDevice: 10, metricsPerConnection: 60_000 })
    const session = await limited.session()
    const rows = new MetricRows()
    for (let i = 0; i < 20; i++) rows.push(`node ${i}`, ROW.number, i, 0)
    await limited.platform.intake.acceptRows(session, rows, SOURCE)
    assert.equal(limited.sink.rows.length, 10)
    const id = await limited.device()
    await limited.database.system((sql) => sql.query("update devices set of_connection = 'cnx_1' where id = $1", [id]))
    const configured = await limited.session(id)
    rows.clear()
    for (let i = 0; i < 50_000; i++) rows.push(`node ${i}`, ROW.number, i, 0)
    limited.sink.rows.length = 0
    await limited.platform.intake.acceptRows(configured, rows, SOURCE)
    assert.equal(limited.sink.rows.length, 50_000)
    // What has no value yet is no fault of a connection, which tells of all that it was pointed at.
    rows.clear()
    rows.push('node with nothing yet', ROW.none, Number.NaN, 0x80000000)
    rows.push('node 0', ROW.none, Number.NaN, 0x80000000)
    limited.sink.rows.length = 0
    await limited.platform.intake.acceptRows(configured, rows, SOURCE)
    assert.equal(limited.sink.rows.length, 1)
    assert.deepEqual((await limited.platform.deadLetters.list(limited.actor, { device: id })).items, [])
    await limited.close()
  })
})
