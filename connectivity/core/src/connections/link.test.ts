import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { MetricRows, ROW } from '../codecs/rows.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import { ConnectionLink } from './link.ts'

const rowsOf = (value: number) => {
  const rows = new MetricRows()
  rows.push('level', ROW.number, value, 0)
  rows.setTime(0, 0)
  return rows
}

describe('the link of a connection', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())

  const make = async (open?: () => Promise<never>) => {
    const device = await test.device({ gateway: true })
    const { intake, commands, deadLetters, sessions } = test.platform
    const opened: string[] = []
    const link = new ConnectionLink(
      { id: 'cnx_1', tenant: test.tenant, device, adapter: 'toy' },
      {
        intake,
        commands,
        deadLetters,
        clock: test.clock,
        log: test.log,
        open: open ?? (() => sessions.open({ tenant: test.tenant, device }, 'toy', 'here')),
        async openBehind(_own, name) {
          opened.push(name)
          return test.session(await test.device({ name: `${name} of ${device}` }))
        },
        transport: () => ({ deliver: async () => undefined }),
      },
    )
    return { link, device, opened }
  }

  it('keeps the order of a device while it is looked up, and looks it up once', async () => {
    const { link, opened } = await make()
    test.sink.rows.length = 0
    const rows = new MetricRows()
    const accepted = Array.from({ length: 20 }, (_, i) => {
      rows.clear()
      rows.push('level', ROW.number, i, 0)
      rows.setTime(0, 0)
      return link.accept(rows, 'wire', 'Unit 1')
    })
    await Promise.all(accepted)
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [...Array(20).keys()],
    )
    assert.deepEqual(opened, ['Unit 1'])
    link.close('over')
  })

  it('makes a dead letter of what no device may take, and does not ask for it all the time', async () => {
    const device = await test.device()
    await test.platform.devices.update(test.actor, device, { state: 'disabled' }, undefined)
    let asked = 0
    const { link, device: own } = await make(async () => {
      asked++
      await test.platform.sessions.open({ tenant: test.tenant, device }, 'toy', 'here')
      return assert.fail('it is disabled')
    })
    for (let i = 0; i < 3; i++) await assert.rejects(link.accept(rowsOf(i), 'wire'), { code: 'MW-CONN-0061' })
    assert.equal(asked, 1)
    const [letter] = (await test.platform.deadLetters.list(test.actor, { device: own })).items
    assert.deepEqual([letter!.code, letter!.source, letter!.count], ['MW-CONN-0061', 'toy:wire', 3])
    await test.clock.advance(11 * SECOND)
    await assert.rejects(link.accept(rowsOf(9), 'wire'), { code: 'MW-CONN-0061' })
    assert.equal(asked, 2)
    link.close('over')
  })

  it('asks its connection to wait while storage is behind, and lets it go on', async () => {
    const { link, device } = await make()
    link.online()
    await eventually(() => test.platform.sessions.of(device).length === 1)
    assert.equal(link.saturated, false)
    test.sink.saturated = true
    assert.equal(link.saturated, true)
    let drained = false
    const waiting = link.drained().then(() => {
      drained = true
    })
    await test.clock.advance(SECOND)
    assert.equal(drained, false)
    test.sink.saturated = false
    await test.clock.advance(SECOND)
    await waiting
    link.down('the peer went away')
    await eventually(() => test.platform.sessions.of(device).length === 0)
    await link.accept(rowsOf(1), 'wire')
    assert.equal(test.platform.sessions.of(device).length, 1, 'readings imply that it is there')
    link.close('over')
    await assert.rejects(link.accept(rowsOf(1), 'wire'), { code: 'MW-CONN-0054' })
  })
})
