import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { connect, loadIdentity } from '@millwright/sdk/device'
import { linesOf } from '../harness/cli.ts'
import type { CliWorld, List } from './world.ts'

/** Rules, alarms and commands by the command. */
export function alarmsCalls(world: CliWorld): void {
  it('makes a rule from a file, tries it on history, and takes the alarm from raised to acknowledged', async () => {
    const { base, file, operator } = world
    const rule =
      'name: Bearing hot\nequipmentClass: Pump\ncondition: temperature > 80.0\nonDelay: 0s\npriority: high\nmessage: "Bearing at {temperature} °C"\n'
    await writeFile(file('rule.yaml'), rule)
    assert.equal((await operator.run(['rules', 'check', '--file', 'rule.yaml'])).code, 0)
    const wrong = await operator.run(['rules', 'check', '--class', 'Pump', '--condition', 'temprature > 80.0'])
    assert.deepEqual([wrong.code, /temprature/.test(wrong.out)], [1, true])
    const created = await operator.run(['rules', 'create', '--file', 'rule.yaml'])
    assert.match(created.out, /^Made the rule Bearing hot \(rul_/)
    const written = await operator.run(['rules', 'show', 'bearing hot', '--file', 'again.yaml'])
    assert.equal(written.code, 0, written.err)
    assert.equal((await operator.run(['rules', 'update', 'Bearing hot', '--file', 'again.yaml'])).code, 0)

    const watch = operator.start(['alarms', 'watch', '--json'])
    const lines = linesOf(watch)
    const next = lines.next()
    const sender = connect({ credentials: await loadIdentity(join(base, 'device', 'identity')) })
    // Until the watch stands nothing tells it of what happens: send until it has.
    let degrees = 90
    const sending = setInterval(() => {
      degrees = degrees === 90 ? 95 : 90
      void sender.publish({ values: { temperature: degrees } })
    }, 100)
    const first = await next
    clearInterval(sending)
    watch.kill('SIGINT')
    const raised = JSON.parse(String(first.value)) as { alarm: { id: string; message: string } }
    assert.match(raised.alarm.message, /^Bearing at 9[05] °C$/)
    const short = raised.alarm.id.slice(-6)
    const listed = await operator.run(['alarms'])
    assert.match(listed.out, new RegExp(`^${short}  high +unack `, 'm'))
    const alarm = await operator.json<{ state: string }>('alarms', 'ack', short, '--comment', 'on my way')
    assert.equal(alarm.state, 'acknowledged')
    const journal = await operator.json<List<{ transition: string; comment?: string }>>(
      'alarms',
      'journal',
      '--alarm',
      short,
    )
    assert.deepEqual(
      journal.items.map(({ transition, comment }) => [transition, comment]),
      [
        ['acknowledged', 'on my way'],
        ['raised', undefined],
      ],
    )
    const dry = await operator.run(['rules', 'dry-run', 'Bearing hot', '--from', '-5m'])
    assert.match(dry.out, /^P-101 {2}·*█+·*$/m)
    assert.match(dry.out, /It would have fired 1 time\./)
    await sender.close()
  })

  it('sends a command and waits for what becomes of it', async () => {
    const { base, operator } = world
    const sender = connect({ credentials: await loadIdentity(join(base, 'device', 'identity')) })
    sender.onCommand('load', (params) => ({ loaded: params }))
    sender.onCommand('break', () => {
      throw new Error('the axis is blocked')
    })
    const sent = ['commands', 'send', 'PLC 1']
    const done = await operator.json<{ state: string; result: unknown }>(
      ...sent,
      'load',
      '-p',
      'program.number=7',
      '-p',
      'by=me',
      '--wait',
    )
    assert.deepEqual([done.state, done.result], ['succeeded', { loaded: { program: { number: 7 }, by: 'me' } }])
    const broken = await operator.run([...sent, 'break', '--wait'])
    assert.equal(broken.code, 1)
    assert.match(broken.out, /the axis is blocked/)
    const twin = await operator.json<{ desired: { document: unknown } }>(
      'twin',
      'set',
      'PLC 1',
      'interval=10',
      'alarm.high=80',
    )
    assert.deepEqual(twin.desired.document, { interval: 10, alarm: { high: 80 } })
    await sender.close()
  })
}
