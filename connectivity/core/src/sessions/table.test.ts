import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId, SECOND } from '@millwright/foundation'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import type { Cut } from './model.ts'

describe('device sessions', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start({ connectionsPerTenant: 3 })
  })
  after(() => test.close())

  const tell = (type: string, device: string, data: object = {}) =>
    test.bus.publish({
      id: newId('evt'),
      type,
      source: 'trust',
      subject: device,
      tenant: test.tenant,
      time: 0,
      data: { device, ...data },
    })
  const open = (device: string, serial?: string) =>
    test.platform.sessions.open({ tenant: test.tenant, device, serial }, 'mqtt', '192.0.2.1')
  const cutOf = (session: { onCut(listener: (cut: Cut) => void): void }) => {
    const cuts: string[] = []
    session.onCut(({ code }) => cuts.push(code))
    return cuts
  }

  it('makes a device online while one of its sessions is open, and says why it went', async () => {
    const device = await test.device()
    const first = await open(device)
    const second = await open(device)
    assert.equal(test.platform.sessions.countOf('mqtt'), 2)
    first.close('connection lost')
    first.close('twice')
    assert.equal((await test.platform.devices.get(test.actor, device)).connection.state, 'online')
    second.close('its last will: power failed')
    const { connection } = await test.platform.devices.get(test.actor, device)
    assert.deepEqual(
      [connection.state, connection.protocol, connection.reason],
      ['offline', 'mqtt', 'its last will: power failed'],
    )
    const told = test.events
      .filter(({ subject, type }) => subject === device && /connected$/.test(type))
      .map(({ type, data }) => [type, data])
    assert.deepEqual(told, [
      ['millwright.device.connected', { device, protocol: 'mqtt', address: '192.0.2.1' }],
      ['millwright.device.disconnected', { device, reason: 'its last will: power failed' }],
    ])
    assert.equal(test.platform.sessions.count, 0)
  })

  it('is cut when its certificate is revoked, and only that one', async () => {
    const device = await test.device()
    const [one, other, byToken] = [await open(device, 'aa01'), await open(device, 'aa02'), await open(device)]
    const cuts = [cutOf(one), cutOf(other), cutOf(byToken)]
    await tell('millwright.certificate.revoked', device, { serial: 'aa01' })
    assert.deepEqual(cuts, [['certificate-revoked'], [], []])
    assert.deepEqual([one.closed, other.closed], [true, false])
    await assert.rejects(open(device, 'aa01'), { code: 'MW-CONN-0066' })
    await tell('millwright.device.token-revoked', device)
    assert.deepEqual(cuts, [['certificate-revoked'], [], ['token-revoked']])
    await test.clock.advance(SECOND)
    // A new token may be in use by now.
    const fresh = await open(device)
    fresh.close('done')
    other.close('done')
  })

  it('is cut when the device is disabled or removed, and gets in no more', async () => {
    const device = await test.device()
    const session = await open(device)
    const cuts = cutOf(session)
    await test.platform.devices.update(test.actor, device, { state: 'disabled' }, undefined)
    assert.deepEqual(cuts, ['device-disabled'])
    await assert.rejects(open(device), { code: 'MW-CONN-0061' })
    await test.platform.devices.update(test.actor, device, { state: 'enrolled' }, undefined)
    const again = await open(device)
    const later = cutOf(again)
    await test.platform.devices.remove(test.actor, device)
    assert.deepEqual(later, ['device-removed'])
    await assert.rejects(open(device), { code: 'MW-CONN-0060' })
    assert.deepEqual(cutOf(again), ['device-removed'])
  })

  it('knows no device of another tenant', async () => {
    const device = await test.device()
    await assert.rejects(test.platform.sessions.open({ tenant: newId('ten'), device }, 'mqtt', 'x'), {
      code: 'MW-CONN-0060',
    })
  })

  it('bounds the connections of a tenant', async () => {
    const sessions = [await test.session(), await test.session(), await test.session()]
    await assert.rejects(test.session(), { code: 'MW-CONN-0052' })
    for (const session of sessions) session.close('done')
  })

  it('follows changes of its device', async () => {
    const device = await test.device()
    const session = await open(device)
    await test.platform.devices.update(test.actor, device, { name: 'Renamed', unknownMetrics: 'refuse' }, undefined)
    assert.deepEqual(
      [session.name, session.owner.deviceName, session.owner.unknownMetrics],
      ['Renamed', 'Renamed', 'refuse'],
    )
    session.close('done')
  })
})
