import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { after, before, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eventually, freePort } from '@millwright/foundation/testing'
import { AGENT, CONNECTION, TestAgentPlatform, temporaryFolder } from './stage.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Resident, with one protocol at work; three are held against 120 MB by hand (README.md). */
const MOST_MB = 110

let stage: TestAgentPlatform
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let agent: ChildProcess | undefined

before(async () => {
  await promisify(execFile)(process.execPath, [here('../build.ts')])
  stage = await TestAgentPlatform.start()
  folder = await temporaryFolder()
})
after(async () => {
  if (agent?.exitCode === null) {
    agent.kill('SIGTERM')
    await once(agent, 'exit')
  }
  await stage?.platform.stop()
  await folder?.remove()
})

it('runs as the bundle: enrols, takes its configuration, loads a protocol, and brings what it reads', async (t) => {
  const port = await freePort()
  await stage.want({
    connections: [{ id: CONNECTION, version: 1, name: 'Telegraf', adapter: 'influx', config: { port } }],
  })
  agent = spawn(
    here('../dist/millwright-edge'),
    ['--url', stage.platform.url, '--directory', folder.path, '--page-port', '0'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        MILLWRIGHT_NODE: process.execPath,
        MILLWRIGHT_ENROLMENT_TOKEN: stage.platform.token(AGENT),
      },
    },
  )
  let log = ''
  createInterface({ input: agent.stderr! }).on('line', (line) => {
    log += `${line}\n`
  })
  const write = () =>
    fetch(`http://127.0.0.1:${port}/write`, { method: 'POST', body: 'machine speed=1480' }).then(
      ({ status }) => status === 204,
      () => false,
    )
  await eventually(write).catch((error: Error) => assert.fail(`${error.message}\n${log}`))
  await eventually(() => stage.readings().get(`${CONNECTION}//machine.speed`)?.[0]?.value === 1480)
  if (!existsSync(`/proc/${agent.pid}/status`)) return
  const status = await readFile(`/proc/${agent.pid}/status`, 'utf8')
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
  t.diagnostic(`${megabytes.toFixed(0)} MB resident`)
  assert.ok(megabytes < MOST_MB, `${megabytes} MB`)
})
