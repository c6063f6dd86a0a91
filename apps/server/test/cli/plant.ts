import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { connect, loadIdentity } from '@millwright/sdk/device'
import type { CliWorld, List, Named } from './world.ts'

/** People build a plant by the command, and enrol its devices. */
export function plantCalls(world: CliWorld): void {
  it('says of each list of an empty platform what to do first, and nothing into a pipe', async () => {
    const { operator } = world
    const lists = [
      'assets',
      'classes',
      'devices',
      'connections',
      'agents',
      'signals',
      'rules',
      'shares',
      'dead-letters',
      'alarms',
    ]
    const results = await Promise.all(lists.map((name) => operator.run([name])))
    for (const [i, { code, out, err }] of results.entries()) {
      assert.equal(code, 0, `${lists[i]}: ${err}`)
      assert.equal(out, '', lists[i])
      assert.match(err, /^[A-Z].+\.|: millwright .+\n$/, lists[i])
    }
    assert.deepEqual(await operator.json('devices'), { items: [] })
    assert.match((await operator.run(['whoami'])).out, /local operator/)
    assert.equal((await operator.run(['health'])).code, 0)
  })

  it('builds a plant by paths, draws it, moves it, and takes it along as a file', async () => {
    const { file, operator } = world
    await writeFile(
      file('pump.yaml'),
      'name: Pump\nsignals:\n  - { name: temperature, kind: number, unit: Cel, min: -20, max: 150 }\n  - { name: rpm, kind: number, unit: /min }\n',
    )
    for (const args of [
      ['classes', 'create', '--file', 'pump.yaml'],
      ['assets', 'create', 'North'],
      ['assets', 'create', 'North/Line 1', '--level', 'line'],
      ['assets', 'create', 'North/Line 1/P-101', '--class', 'Pump', '--meta', 'serial=4711'],
      ['assets', 'create', 'North/P-102', '--class', 'pump'],
    ]) {
      const { code, err } = await operator.run(args)
      assert.equal(code, 0, err)
    }
    const { out } = await operator.run(['assets', 'tree'])
    assert.equal(out, 'North  site\n├─ Line 1  line\n│  └─ P-101  equipment\n└─ P-102  equipment\n')
    assert.equal((await operator.run(['assets', 'move', 'P-102', 'North/Line 1'])).code, 0)
    assert.match((await operator.run(['assets', 'list'])).out, /^North\/Line 1\/P-102\s/m)
    assert.equal((await operator.run(['assets', 'export', 'plant.yaml'])).code, 0)
    const again = await operator.json<{ created: number }>('assets', 'import', 'plant.yaml')
    assert.equal(again.created, 0)
    const refused = await operator.run(['assets', 'delete', 'P-102'])
    assert.equal(refused.code, 2)
    assert.match(refused.err, /--yes/)
    assert.equal((await operator.run(['assets', 'delete', 'P-102', '--yes'])).code, 0)
  })

  it('enrols a device with one command, whose printed line sends a first reading', async () => {
    const { base, operator, platform, user } = world
    const device = await operator.json<Named>('devices', 'create', 'PLC 1', '--equipment', 'P-101')
    const { token } = await operator.json<{ token: string }>('devices', 'enrolment-token', 'PLC 1')
    const atDevice = await user('device', { url: platform.url.replace('http:', 'https:') })
    const enrolled = await atDevice.run(['enroll', '--token', token, '--out', 'identity'])
    assert.equal(enrolled.code, 0, enrolled.err)
    const folder = join(base, 'device', 'identity')
    for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name)
    const identity = await loadIdentity(folder)
    assert.equal(identity.device, device.id)
    assert.match(enrolled.out, /^mosquitto_pub --cafile identity\/authority\.pem --cert .+ -t mw\/v1\/telemetry/)
    if (existsSync('/usr/bin/mosquitto_pub')) {
      execFileSync('/bin/sh', ['-c', enrolled.out], { cwd: join(base, 'device') })
    } else {
      const sender = connect({ credentials: identity })
      await sender.publish({ values: { temperature: 21.5 } })
      await sender.close()
    }
    const latest = await operator.json<List<{ value: number; kind: string; quality: number; stale: boolean }>>(
      'query',
      'latest',
      'P-101/temperature',
    )
    assert.equal(latest.items[0]!.value, 21.5)
    const second = await atDevice.run(['enroll', '--token', token, '--out', 'other'])
    assert.equal(second.code, 1)
    assert.equal(second.err.trim().split('\n').length, 1, second.err)
  })
}
