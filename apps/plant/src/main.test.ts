import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { TestPlatform } from '@millwright/sdk/device/testing'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const MACHINES = ['P-101', 'OP10', 'OP20', 'OP30', 'EM-1', 'EM-2', 'CA-1', 'AGV-1']

let platform: TestPlatform
let directory: string
before(async () => {
  platform = await TestPlatform.start()
  directory = await mkdtemp(join(tmpdir(), 'millwright-plant-'))
  const tokens = Object.fromEntries(MACHINES.map((name) => [name, platform.token(`dev_${name}`)]))
  await writeFile(join(directory, 'tokens.json'), JSON.stringify(tokens))
})
after(async () => {
  await platform.stop()
  await rm(directory, { recursive: true })
})

function plant(...more: string[]): { child: ChildProcess; output: () => string } {
  const args = ['--url', platform.url, '--directory', directory, ...more]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, output: () => text }
}

async function until(condition: () => boolean, what: () => string, seconds = 40): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!condition()) {
    assert.ok(Date.now() < end, `not within ${seconds} s: ${what()}`)
    await wait(10)
  }
}

/** Linux tells without any tool; elsewhere pgrep is part of the system. */
function childrenOf(pid: number): number[] {
  const list =
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return list.trim().split(/\s+/).map(Number)
}

interface Sent {
  readonly time: number
  readonly values: Record<string, unknown>
}
const telemetry = (device: string, from = 0): Sent[] =>
  platform.received
    .slice(from)
    .filter((one) => one.device === `dev_${device}` && one.topic === 'mw/v1/telemetry')
    .map((one) => JSON.parse(one.payload) as Sent)

test('the plant enrols its devices with one-time tokens and sends their readings from processes of their own', async () => {
  const first = plant('--token-file', join(directory, 'tokens.json'), '--speed', '2')
  await until(() => MACHINES.every((name) => telemetry(name).length > 0), first.output)

  await until(() => telemetry('P-101').some(({ values }) => 'vibration_waveform' in values), first.output)
  const times = telemetry('P-101').map(({ time }) => time)
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  )
  // Published five times a second whatever the speed, at even times.
  const steps = new Set(times.slice(1).map((time, at) => Math.round((time - times[at]!) / 1000)))
  assert.deepEqual([...steps], [200])

  const faulty = plant('--fault', 'cavitation')
  await once(faulty.child, 'exit')
  assert.match(faulty.output(), /● now\s+cavitation\s+P-101/)
  const unknown = plant('--fault', 'gremlins')
  const [code] = await once(unknown.child, 'exit')
  assert.equal(code, 1)
  assert.match(unknown.output(), /there is no fault gremlins; there are: bearing, unbalance/)

  await platform.tell('dev_P-101', 'mw/v1/commands/cmd1', { id: 'cmd1', name: 'set_speed', params: { rpm: 1500 } })
  await platform.tell('dev_OP20', 'mw/v1/commands/cmd2', {
    id: 'cmd2',
    name: 'inject_fault',
    params: { fault: 'tool-break' },
  })
  await platform.tell('dev_OP10', 'mw/v1/commands/cmd3', { id: 'cmd3', name: 'fly', params: null })
  const reply = (id: string) => platform.received.find((one) => one.topic === `mw/v1/commands/${id}/reply`)?.payload
  await until(() => ['cmd1', 'cmd2', 'cmd3'].every((id) => reply(id) !== undefined), first.output)
  assert.deepEqual(JSON.parse(reply('cmd1')!), { ok: true, result: { rpm: 1500 } })
  assert.deepEqual(JSON.parse(reply('cmd2')!).result, { machine: 'OP20', fault: 'tool-break', active: true })
  assert.match(JSON.parse(reply('cmd3')!).error, /OP10 has no command fly; it has: pause, resume/)

  await platform.tell('dev_P-101', 'mw/v1/twin/desired', {
    version: 7,
    document: { valve_setpoint: 60, colour: 'red' },
  })
  const reported = () =>
    platform.received
      .filter((one) => one.device === 'dev_P-101' && one.topic === 'mw/v1/twin/reported')
      .map((one) => JSON.parse(one.payload) as { document: Record<string, unknown>; desiredVersion?: number })
      .find((one) => one.desiredVersion === 7)
  await until(() => reported() !== undefined, first.output)
  assert.equal(reported()!.document['valve_setpoint'], 60)
  assert.deepEqual(reported()!.document['refused'], { colour: 'this machine has no such setting' })

  const counter = telemetry('EM-1').at(-1)!.values['active_energy'] as number
  const end = once(first.child, 'exit')
  first.child.kill('SIGTERM')
  assert.deepEqual(await end, [0, null])
  assert.ok(!(await readdir(directory)).includes('control.json'))

  // A second start needs no tokens, and goes on where the first one stopped.
  const from = platform.received.length
  const second = plant('--token-file', join(directory, 'tokens.json'))
  await until(() => MACHINES.every((name) => telemetry(name, from).length > 0), second.output)
  assert.ok((telemetry('EM-1', from)[0]!.values['active_energy'] as number) >= counter)
  await until(() => 'flow' in (telemetry('P-101', from).at(-1)?.values ?? {}), second.output)
  second.child.kill('SIGTERM')
  await once(second.child, 'exit')
})

test('a device process that is killed comes back with its keys', async () => {
  const running = plant('--token-file', join(directory, 'tokens.json'))
  await until(() => running.output().includes('all 8 devices are connected'), running.output)
  const victims = childrenOf(running.child.pid!)
  assert.equal(victims.length, 4)
  const before = platform.connections.length
  process.kill(victims[0]!, 'SIGKILL')
  await until(() => platform.connections.length > before, running.output)
  assert.match(running.output(), /ended \(SIGKILL\); it starts again in 1 s/)

  const second = plant('--token-file', join(directory, 'tokens.json'))
  const [code] = await once(second.child, 'exit')
  assert.equal(code, 1)
  assert.match(second.output(), /A plant runs with the directory .* already/)
  running.child.kill('SIGTERM')
  await once(running.child, 'exit')
})
