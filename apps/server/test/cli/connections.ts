import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { it } from 'node:test'
import { TestServer } from '@millwright/connectivity-opcua/testing'
import { eventually } from '@millwright/foundation/testing'
import { ModbusPeer } from '../harness/modbus-peer.ts'
import type { CliWorld, List, Named } from './world.ts'

const PATIENT = 60_000

/** Connections and edge agents by the command, and how the platform is. */
export function connectionsCalls(world: CliWorld): void {
  it('makes a connection, tries it, changes it and switches it off; announces an edge agent', async () => {
    const { operator } = world
    await using peer = new ModbusPeer([1450])
    const port = await peer.listen()
    const reach = [
      '--set',
      'transport.type=tcp',
      '--set',
      'transport.host=127.0.0.1',
      '--set',
      `transport.port=${port}`,
    ]
    const drive = ['--set', 'devices.0.name=Drive', '--set', 'devices.0.registers=[{"name":"speed","address":0}]']
    const draft = ['--adapter', 'modbus', ...reach, ...drive, '--set', 'interval=50']
    assert.match((await operator.run(['adapters'])).out, /modbus/)
    assert.match((await operator.run(['adapters', 'show', 'modbus'])).out, /transport\.host/)
    const tested = await operator.run(['connections', 'test', ...draft])
    assert.equal(tested.code, 0, tested.out + tested.err)
    const nobody = await operator.run(['connections', 'test', '--adapter', 'modbus', '--set', 'transport.type=tcp'])
    assert.equal(nobody.code, 1)
    assert.match(nobody.err, /config\/transport\/host/)
    assert.match((await operator.run(['connections', 'preview', ...draft, '--readings', '1'])).out, /speed.*1,?450/)
    const { id } = await operator.json<Named>('connections', 'create', 'Drive 7', ...draft)
    const shown = await operator.run(['connections', 'show', 'drive 7'])
    assert.match(shown.out, /running/)
    assert.ok(shown.out.includes(id))
    const changed = await operator.json<{ config: { interval: number } }>(
      'connections',
      'set',
      id,
      '--set',
      'interval=70',
    )
    assert.equal(changed.config.interval, 70)
    assert.equal((await operator.run(['connections', 'accept', id])).code, 1)
    assert.equal((await operator.run(['connections', 'disable', id])).code, 0)
    assert.match((await operator.run(['connections'])).out, /Drive 7 +modbus +stopped/)
    assert.equal((await operator.run(['connections', 'delete', id, '--yes'])).code, 0)
    const agent = await operator.run(['agents', 'create', 'Line 3', '--queue', '1GiB'])
    assert.match(agent.out, /npm run edge -- --url https:\/\/localhost:\d+ --token mwe_/)
    assert.match((await operator.run(['agents', 'set', 'line 3', '--backlog', 'newest-first'])).out, /Changed/)
    assert.match((await operator.run(['agents', 'show', 'Line 3'])).out, /newest-first/)
  })

  it('asks about the certificate of a machine, rejects and accepts it; health warns while it is not accepted', async () => {
    const { operator } = world
    const secured = { policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'] as const }
    const machine = await TestServer.start(secured)
    try {
      const nodes = '[{"node":"nsu=urn:millwright:test:machine;s=Speed","metric":"speed"}]'
      const config = ['--set', `endpoint=${machine.endpoint}`, '--set', `nodes=${nodes}`]
      await operator.json('connections', 'create', 'Press 3', '--adapter', 'opcua', ...config)
      const shown = async (reason: RegExp) => {
        const { out } = await operator.run(['connections', 'show', 'press 3'])
        return reason.test(out) ? out : undefined
      }
      const asked = await eventually(() => shown(/Nobody accepted this certificate yet/), PATIENT)
      const fingerprint = new X509Certificate(machine.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
      assert.ok(asked.includes(fingerprint), asked)
      const health = await operator.run(['health'])
      assert.equal(health.code, 0, health.err)
      assert.match(health.out, /^connections +1 connection waits for somebody/m)

      const wrong = await operator.run(['connections', 'reject', 'Press 3', 'ffff'])
      assert.deepEqual([wrong.code, /ffff/.test(wrong.err)], [1, true])
      const rejected = await operator.run(['connections', 'reject', 'Press 3'])
      assert.match(rejected.out, /^Rejected the certificate of CN=Test server\.$/m)
      await eventually(() => shown(/was rejected\. Nothing is read until/), PATIENT)
      const accepted = await operator.run(['connections', 'accept', 'Press 3', fingerprint.slice(0, 8)])
      assert.match(accepted.out, /^Accepted the certificate of CN=Test server\.$/m)
      await eventually(async () => {
        const { items } = await operator.json<List<{ value: number }>>('query', 'latest', 'Press 3/speed')
        return items[0]?.value === 1450
      }, PATIENT)
      await eventually(async () => !/^connections /m.test((await operator.run(['health'])).out), PATIENT)
      assert.equal((await operator.run(['connections', 'delete', 'Press 3', '--yes'])).code, 0)
    } finally {
      await machine.kill()
    }
  })
}
