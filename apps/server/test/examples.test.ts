import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually } from '@millwright/foundation/testing'
import { enrol } from '@millwright/sdk/device'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url))
const noMosquitto = spawnSync('mosquitto_pub', ['--help']).error !== undefined && 'needs mosquitto_pub'
const noPython = spawnSync('python3', ['--version']).error !== undefined && 'needs python3'

/** With what it has started itself. */
function end({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** What `examples/` shows is what a newcomer copies: each is run as its first lines say. */
describe('the examples', () => {
  let directory: string
  let platform: RunningPlatform
  const running: ChildProcess[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-examples-'))
    platform = await startPlatform({ directory: join(directory, 'data') })
  })
  after(async () => {
    for (const child of running) end(child)
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const secureUrl = () => platform.url.replace('http://', 'https://')

  async function device(name: string): Promise<string> {
    return (await platform.client.createDevice({ body: { name } })).id
  }

  async function folder(name: string): Promise<string> {
    const path = join(directory, name)
    await mkdir(path)
    return path
  }

  /** Starts an example in a folder of its own; `said` is all it has written. */
  function start(program: string, args: readonly string[], cwd: string): { child: ChildProcess; said: () => string } {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    running.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        text += bytes
      })
    }
    return { child, said: () => text }
  }

  /** Waits until the device's signals of these names have a value. */
  async function signalsOf(id: string, names: readonly string[], said: () => string): Promise<void> {
    const found = async () => {
      const { items } = await platform.client.listSignals({ query: { device: id } })
      return items.map(({ name }) => name).sort()
    }
    await eventually(async () => (await found()).join() === [...names].sort().join()).catch(async () => {
      assert.fail(`${names} never came, only ${await found()}; it said: ${said()}`)
    })
  }

  it('node-device: enrols, sends, takes a command, and needs no token the second time', async () => {
    const id = await device('Heater')
    const { token } = await platform.client.createEnrolmentToken({ params: { id }, body: {} })
    const path = await folder('node-device')
    const script = join(EXAMPLES, 'node-device/device.ts')
    const first = start(process.execPath, [script, secureUrl(), token], path)
    await signalsOf(id, ['temperature', 'heating'], first.said)
    const body = { name: 'set_target', params: { celsius: 30 } }
    const command = await platform.client.sendCommand({ params: { id }, body })
    const answer = async () => platform.client.getCommand({ params: { id: command.id } })
    await eventually(async () => (await answer()).state === 'succeeded')
    assert.deepEqual((await answer()).result, { celsius: 30 })
    first.child.kill('SIGTERM')
    await once(first.child, 'exit')
    const second = start(process.execPath, [script], path)
    await eventually(() => second.said().includes('connected'))
    end(second.child)
  })

  it('mosquitto: any client with the certificate of an enrolled device', { skip: noMosquitto }, async () => {
    const id = await device('Gauge')
    const { token } = await platform.client.createEnrolmentToken({ params: { id }, body: {} })
    const path = await folder('mosquitto')
    await enrol({ url: secureUrl(), token, directory: path })
    const { child, said } = start(
      'sh',
      [join(EXAMPLES, 'mosquitto/publish.sh'), path, 'localhost', String(platform.mqttPort)],
      path,
    )
    await signalsOf(id, ['temperature', 'mode', 'door_open', 'humidity', 'pressure'], said)
    end(child)
  })

  it('thingsboard: a device written for it, unchanged', { skip: noMosquitto || noPython }, async () => {
    const id = await device('TH-20')
    const { token } = await platform.client.createDeviceToken({ params: { id } })
    const path = await folder('thingsboard')
    const info = await platform.client.getInfo()
    await writeFile(join(path, 'authority.pem'), info.authority)
    await copyFile(join(EXAMPLES, 'thingsboard/device.py'), join(path, 'device.py'))
    const { said } = start(
      'python3',
      ['device.py', token, 'authority.pem', 'localhost', String(platform.mqttPort), '1'],
      path,
    )
    await signalsOf(id, ['temperature', 'humidity', 'battery'], said)
    const { reported } = await platform.client.getTwin({ params: { id } })
    assert.deepEqual(reported.document, { firmware: '1.4.2', model: 'TH-20' })
  })
})
