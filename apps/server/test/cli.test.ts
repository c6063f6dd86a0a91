import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect, loadIdentity } from '@millwright/sdk/device'
import { CliUser, linesOf } from './harness/cli.ts'
import { ModbusPeer } from './harness/modbus-peer.ts'
import { PASSWORD } from './harness/person.ts'
import { type RunningPlatform, startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000
const START = Date.UTC(2026, 5, 1) * 1000

interface Named {
  readonly id: string
  readonly name: string
}
interface List<T> {
  readonly items: T[]
  readonly next?: string
}

describe('the millwright command', () => {
  let platform: RunningPlatform
  let base: string
  let operator: CliUser
  const cleanups: (() => Promise<void>)[] = []

  const user = async (
    name: string,
    more: { data?: string; url?: string; environment?: Record<string, string> } = {},
  ) => {
    const home = join(base, name)
    await mkdir(home, { recursive: true })
    return new CliUser({ url: platform.url, home, ...more })
  }
  const file = (name: string) => join(base, 'operator', name)

  before(async () => {
    base = await temporaryDirectory({ after: (work) => void cleanups.push(work) })
    platform = await startPlatform({ directory: join(base, 'data') })
    operator = await user('operator', { data: platform.directory })
  })
  after(async () => {
    await platform?.stop()
    for (const work of cleanups) await work()
  })

  it('says of each list of an empty platform what to do first, and nothing into a pipe', async () => {
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

  it('follows live, and ends well when the reader of the pipe goes, or at Ctrl-C', async () => {
    const sender = connect({ credentials: await loadIdentity(join(base, 'device', 'identity')) })
    const following = operator.start(['tail', 'P-101', '--alarms', '--json'])
    const ended = once(following, 'close')
    let at = 0
    const sending = setInterval(() => void sender.publish({ values: { temperature: 20 + (at++ % 7), rpm: 900 } }), 50)
    try {
      for await (const line of linesOf(following)) {
        const reading = JSON.parse(line) as Record<string, unknown>
        assert.deepEqual(Object.keys(reading), ['type', 'signal', 'time', 'value', 'quality'])
        assert.equal(reading['type'], 'reading')
        break
      }
      following.stdout!.destroy()
      assert.deepEqual(await ended, [0, null])

      const second = operator.start(['tail', 'P-101/temperature'])
      const over = once(second, 'close')
      for await (const line of linesOf(second)) {
        assert.match(line, /^\d{4}-\d\d-\d\dT\S+Z {2}P-101\/temperature {2}2\d Cel$/)
        break
      }
      second.kill('SIGINT')
      assert.deepEqual(await over, [0, null])
    } finally {
      clearInterval(sending)
      await sender.close()
    }
  })

  it('answers queries as the API does, with times as people write them', async () => {
    const sender = connect({ credentials: await loadIdentity(join(base, 'device', 'identity')) })
    const values = Array.from({ length: 200 }, (_, i) => 20 + Math.sin(i) / 3)
    await Promise.all(
      values.map((temperature, i) =>
        sender.publish({ time: START + i * SECOND + i, values: { temperature, rpm: 900 } }),
      ),
    )
    await sender.close()
    const [signal] = (await operator.json<List<Named>>('signals', 'list', '--search', 'temperature')).items
    const span = ['--from', '2026-06-01T00:00:00Z', '--to', '2026-06-01T00:10:00Z']
    const readings = await operator.json<List<{ time: number; value: number }>>(
      'query',
      'readings',
      signal!.id,
      ...span,
    )
    assert.deepEqual(
      readings.items.map(({ time, value }) => [time, value]),
      values.map((value, i) => [START + i * SECOND + i, value]),
    )
    const body = { signals: [signal!.id], from: START, to: START + 600 * SECOND }
    assert.deepEqual(
      await operator.json('query', 'series', 'P-101/temperature', ...span, '--resolution', '1m'),
      await platform.client.querySeries({ body: { ...body, pixels: 60, resolution: '1m' } }),
    )
    assert.deepEqual(
      await operator.json('query', 'table', 'P-101/temperature', ...span, '--step', '1m'),
      await platform.client.queryTable({ body: { ...body, step: 60 * SECOND } }),
    )
    const part = await operator.json<List<unknown>>('query', 'readings', signal!.id, ...span, '--limit', '150')
    const rest = await operator.json<List<unknown>>('query', 'readings', signal!.id, ...span, '--cursor', part.next!)
    assert.deepEqual([part.items.length, rest.items.length, rest.next], [150, 50, undefined])
    const shown = await operator.run(['query', 'readings', 'P-101/temperature', ...span, '--limit', '1'])
    assert.equal(shown.out, '2026-06-01T00:00:00Z  20\n')
    assert.match((await operator.run(['query', 'series', 'P-101', ...span, '--chart'])).out, /█/)
  })

  it('exports a file that imports into another machine, each time and value exactly', async () => {
    const span = ['--from', '2026-06-01T00:00:00Z', '--to', '2026-06-01T00:10:00Z']
    const exported = await operator.run(['export', 'P-101', ...span, '--out', 'readings.csv'])
    assert.equal(exported.code, 0, exported.err)
    const twice = await operator.run(['export', 'P-101', ...span, '--out', 'readings.csv'])
    assert.deepEqual([twice.code, /--yes/.test(twice.err)], [2, true])
    assert.equal((await operator.run(['assets', 'create', 'South'])).code, 0)
    assert.equal((await operator.run(['assets', 'create', 'South/P-201'])).code, 0)
    const missing = await operator.run(['import', 'readings.csv', '--equipment', 'P-201'])
    assert.deepEqual([missing.code, /--create/.test(missing.err)], [1, true])
    const args = ['import', 'readings.csv', '--equipment', 'P-201', '--create']
    assert.deepEqual(await operator.json(...args), { written: 400, signals: 2, created: 2 })
    assert.deepEqual(await operator.json(...args), { written: 400, signals: 2, created: 0 })
    const rowsOf = async (machine: string) => {
      const { out } = await operator.run(['export', machine, ...span, '--utc'])
      return out
        .split('\n')
        .map((row) => row.replace(/"sig_\w+"/, ''))
        .sort()
    }
    assert.deepEqual(await rowsOf('P-201'), await rowsOf('P-101'))
    const parquet = await operator.run(['export', 'P-101', ...span, '--out', 'readings.parquet'])
    assert.equal(parquet.code, 0, parquet.err)
    assert.equal((await readFile(file('readings.parquet'))).subarray(0, 4).toString(), 'PAR1')
    const wide = 'time,flow\n1780272000.000001,1.5\n1780272000.000002,0.1\n1780272000.000003,\n'
    const imported = await operator.run(['import', '-', '--equipment', 'P-201', '--create'], wide)
    assert.match(imported.out, /^2 readings written into 1 signals?/)
    const flow = await operator.json<List<{ time: number; value: number }>>(
      'query',
      'readings',
      'P-201/flow',
      '--from',
      '2026-06-01',
      '--to',
      '2026-06-02T12:00:00Z',
    )
    assert.deepEqual(
      flow.items.map(({ time, value }) => [time, value]),
      [
        [1780272000000001, 1.5],
        [1780272000000002, 0.1],
      ],
    )
    const bad = await operator.run(
      ['import', '-', '--signal', 'P-201/flow'],
      'time,value\n2026-06-01T00:00:00Z,1\nyesterday,2\n',
    )
    assert.equal(bad.code, 2)
    assert.match(bad.err, /Line 3: “yesterday” is no exact time/)
  })

  it('makes a rule from a file, tries it on history, and takes the alarm from raised to acknowledged', async () => {
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

  it('makes a connection, tries it, changes it and switches it off; announces an edge agent', async () => {
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

  it('invites people, gives them roles at a place, and shares a machine with another tenant', async () => {
    const invited = await operator.run(['users', 'invite', 'ann@example.com', 'Ann Miller'])
    assert.match(invited.out, /^http\S+\/sign-in#mwl_\w+\n$/)
    const role = ['roles', 'create', 'Shift lead', '--permission', 'asset:read,signal:read,alarm:*']
    assert.deepEqual((await operator.json<{ permissions: string[] }>(...role)).permissions, [
      'asset:read',
      'signal:read',
      'alarm:read',
      'alarm:acknowledge',
    ])
    const given = await operator.run(['grants', 'give', 'ann@example.com', 'shift lead', '--at', 'P-101'])
    assert.equal(given.out, 'Ann Miller is Shift lead at P-101.\n')
    const listed = await operator.run(['grants', 'list', '--user', 'ann@example.com'])
    const short = /^(\w{6}) {2}ann@example\.com {2}Shift lead {2}North\/Line 1\/P-101 /m.exec(listed.out)?.[1]
    assert.equal((await operator.run(['grants', 'take', short ?? '', '--yes'])).code, 0, listed.out)
    const partner = ['tenants', 'create', 'Customer', '--admin-email', 'bob@customer.example', '--admin-name', 'Bob']
    assert.equal((await operator.run(partner)).code, 0)
    const share = [
      'shares',
      'create',
      'Customer',
      'P-101',
      '--signal',
      'temperature',
      '--until',
      '2099-01-01T00:00:00Z',
    ]
    assert.equal((await operator.json<{ until: number }>(...share)).until, Date.UTC(2099, 0, 1) * 1000)
    assert.match((await operator.run(['shares'])).out, /P-101 +My company +Customer +temperature/)
  })

  it('signs in by the one-time link, keeps a token for its owner only, and forgets it', async () => {
    const person = await user('person')
    const nobody = await person.run(['devices'])
    assert.equal(nobody.code, 2)
    assert.match(nobody.err, /millwright login/)
    const login = await person.run(['login', platform.signInLink!, '--password-stdin'], `${PASSWORD}\n`)
    assert.equal(login.code, 0, login.err)
    const config = join(base, 'person', 'config', 'millwright', 'config.json')
    assert.equal((await stat(config)).mode & 0o777, 0o600)
    assert.equal((await readFile(config, 'utf8')).includes(PASSWORD), false)
    const session = await person.json<{ user: { email: string } }>('whoami')
    assert.equal(session.user.email, 'admin@millwright.local')
    assert.equal((await person.json<List<Named>>('devices')).items[0]!.name, 'PLC 1')
    const again = await person.run(['login', platform.signInLink!, '--password-stdin'], `${PASSWORD}\n`)
    assert.equal(again.code, 1)
    const made = await person.run(
      ['tokens', 'create', 'script', '--permission', 'asset:read', '--password-stdin'],
      `${PASSWORD}\n`,
    )
    assert.match(made.out, /^mwt_\w+\n$/)
    const script = await user('script', { environment: { MILLWRIGHT_TOKEN: made.out.trim() } })
    assert.equal((await script.run(['assets'])).code, 0)
    const forbidden = await script.run(['devices', 'create', 'PLC 9'])
    assert.equal(forbidden.code, 1)
    assert.match(forbidden.err, /^millwright: .+ \(MW-[A-Z]+-\d{4}\)\n$/)
    assert.equal((await person.run(['logout'])).code, 0)
    assert.equal((await person.run(['devices'])).code, 2)
  })

  it('never echoes a password', {
    skip: !existsSync('/usr/bin/script') && 'needs script(1) for a terminal',
  }, async () => {
    const home = join(base, 'person')
    const main = join(import.meta.dirname, '../../cli/src/main.ts')
    const { stdout } = spawnSync(
      'script',
      [
        '-qec',
        `'${process.execPath}' --disable-warning=ExperimentalWarning '${main}' login --email admin@millwright.local`,
        '/dev/null',
      ],
      {
        cwd: home,
        env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), MILLWRIGHT_URL: platform.url },
        input: `${PASSWORD}\r`,
        encoding: 'utf8',
        timeout: 20_000,
      },
    )
    // The terminal itself echoes what comes before the question is asked; nothing does after it.
    assert.match(stdout, /Signed in to /)
    assert.equal(stdout.slice(stdout.indexOf('Password of')).includes(PASSWORD), false, stdout)
  })

  it('trusts no authority that nobody confirmed, then exactly that one', async () => {
    const remote = await user('remote', { url: platform.url.replace('http:', 'https:') })
    const { authorityFingerprint, authority } = await platform.client.getInfo()
    const unknown = await remote.run(['--token', platform.token, 'devices'])
    assert.equal(unknown.code, 3)
    assert.match(unknown.err.replaceAll(':', ''), new RegExp(authorityFingerprint))
    await writeFile(join(base, 'remote', 'ca.pem'), authority)
    assert.equal((await remote.run(['--token', platform.token, '--ca', 'ca.pem', 'devices'])).code, 0)
    const login = ['login', '--email', 'admin@millwright.local', '--password-stdin']
    const other = await remote.run([...login, '--fingerprint', '0'.repeat(64)], `${PASSWORD}\n`)
    assert.equal(other.code, 1)
    const signedIn = await remote.run([...login, '--fingerprint', authorityFingerprint], `${PASSWORD}\n`)
    assert.equal(signedIn.code, 0, signedIn.err)
    assert.equal((await remote.run(['devices'])).code, 0)
    const watching = remote.start(['tail', '--events', '--json'])
    const first = linesOf(watching).next()
    const making = setInterval(() => void operator.run(['devices', 'set', 'PLC 1', '--meta', `at=${Date.now()}`]), 500)
    assert.equal((JSON.parse(String((await first).value)) as { type: string }).type, 'event')
    clearInterval(making)
    watching.kill('SIGINT')
    assert.deepEqual(await once(watching, 'close'), [0, null])
    const config = join(base, 'remote', 'config', 'millwright', 'config.json')
    const changed = (await readFile(config, 'utf8')).replace(/BEGIN CERTIFICATE.*?END CERTIFICATE/, otherAuthority())
    await writeFile(config, changed)
    const stranger = await remote.run(['devices'])
    assert.equal(stranger.code, 3)
    assert.match(stranger.err, /somebody may stand in between/)
  })

  it('ends with 1 for a refusal, 2 for a wrong call, 3 for a platform that is not there', async () => {
    const cases: [number, RegExp, ...string[]][] = [
      [2, /unknown command 'devcies'/, 'devcies'],
      [2, /no command “devices lst”/, 'devices', 'lst'],
      [2, /unknown option/, 'devices', 'list', '--nothing'],
      [2, /must be one of: never, online, offline/, 'devices', 'list', '--connection', 'maybe'],
      [2, /“soon” is no time/, 'query', 'readings', 'P-101/temperature', '--from', 'soon'],
      [2, /There are several signals that “temperature” may mean/, 'query', 'latest', 'temperature'],
      [1, /There is no device “PLC 7”/, 'devices', 'show', 'PLC 7'],
      [1, /There is no node “P-1”.+\n {2}North\/Line 1\/P-101/s, 'assets', 'show', 'P-1'],
      [2, /There is no file .*missing\.yaml/, 'rules', 'create', '--file', 'missing.yaml'],
      [3, /cannot be reached/, '--url', 'http://localhost:1', '--token', 'x', 'devices'],
      [2, /in the clear/, '--url', 'http://plant.example:8080', 'devices'],
      [1, /\(MW-SESSION-\d{4}\)/, '--token', 'mwt_wrong', 'devices'],
      [1, /refuses the live connection/, '--token', 'mwt_wrong', 'tail', '--alarms'],
    ]
    const results = await Promise.all(cases.map(([, , ...args]) => operator.run(args)))
    for (const [i, [code, pattern, ...args]] of cases.entries()) {
      assert.equal(results[i]!.code, code, `${args.join(' ')}: ${results[i]!.err}`)
      assert.match(results[i]!.err, pattern)
      assert.match(results[i]!.err, /^millwright: /)
      assert.equal(results[i]!.out, '')
    }
  })

  it('sends nothing of a name to the terminal that it would obey', async () => {
    const evil = 'P\u009b31mA\u202eB 泵\u{1f6a8}'
    await platform.client.createDevice({ body: { name: evil } })
    for (const args of [
      ['devices'],
      ['devices', 'show', evil],
      ['devices', '--json'],
      ['events', '--json'],
      ['audit'],
    ]) {
      const { code, out, err } = await operator.run(args)
      assert.equal(code, 0, err)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, args.join(' '))
    }
    const { items } = await operator.json<List<Named>>('devices', '--search', 'P\u009b')
    assert.deepEqual(
      items.map(({ name }) => name),
      [evil],
    )
  })

  it('stays quiet when head has read enough of 2,000 rows', async () => {
    await platform.client.importAssets({
      body: {
        classes: [],
        assets: Array.from({ length: 2000 }, (_, i) => ({ path: ['North', `M-${i}`], level: 'equipment' as const })),
      },
    })
    const all = await operator.run(['assets', 'list', '--all'])
    assert.equal(all.out.trimEnd().split('\n').length, 2006)
    const page = await operator.run(['assets', 'list'])
    assert.match(page.err, /^100 rows shown; there are more/)
    const child = operator.start(['assets', 'list', '--all'])
    let err = ''
    child.stderr!.on('data', (text: Buffer) => {
      err += text
    })
    child.stdout!.once('data', () => child.stdout!.destroy())
    assert.deepEqual(await once(child, 'close'), [0, null])
    assert.equal(err, '')
  })

  it('verifies the audit log, and says with its exit code when it is broken', async () => {
    const { out, code } = await operator.run(['audit', 'verify'])
    assert.equal(code, 0)
    assert.match(out, /^The audit log is whole: \d+ entries/)
    const { items } = await operator.json<List<{ action: string }>>('audit', 'list', '--action', 'alarm.acknowledge')
    assert.deepEqual(
      items.map(({ action }) => action),
      ['alarm.acknowledge'],
    )
  })

  it('backs the platform up into one file, and restores it into a new directory', async () => {
    const backup = await operator.run(['backup', 'platform.tar'])
    assert.equal(backup.code, 0, backup.err)
    assert.equal((await stat(file('platform.tar'))).mode & 0o777, 0o600)
    assert.deepEqual(
      (await readdir(join(base, 'operator'))).filter((name) => name.endsWith('.partial')),
      [],
    )
    const restored = await operator.run(['restore', 'platform.tar', '--data', 'restored'])
    assert.equal(restored.code, 0, restored.err)
    const second = await operator.run(['restore', 'platform.tar', '--data', 'restored'])
    assert.deepEqual([second.code, /MW-BACKUP-0005/.test(second.err)], [1, true])
    const from = await startPlatform({ directory: file('restored') })
    try {
      const there = await user('there', { url: from.url, data: from.directory })
      assert.equal((await there.run(['audit', 'verify'])).code, 0)
      const latest = await there.json<List<{ value: number }>>('query', 'latest', 'P-201/flow')
      assert.equal(latest.items[0]!.value, 0.1)
    } finally {
      await from.stop()
      await rm(file('restored'), { recursive: true, force: true })
    }
  })
})

/** The body of some other certificate authority, as it stands in the configuration's JSON. */
function otherAuthority(): string {
  const { stdout } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=Somebody',
      '-keyout',
      '/dev/null',
    ],
    { encoding: 'utf8' },
  )
  return stdout
    .trim()
    .replaceAll('\n', '\\n')
    .replace(/^-----|-----$/g, '')
}
