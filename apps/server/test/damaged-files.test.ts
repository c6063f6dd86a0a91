import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { ApiError } from '@millwright/sdk'
import mqtt from 'mqtt'
import { damage, filesOf, fileWith } from './harness/data-files.ts'
import { enrolDevice } from './harness/device.ts'
import { type RunningPlatform, StartRefused, startPlatform } from './harness/platform.ts'
import { readiness } from './harness/readiness.ts'

const BASE = Date.UTC(2026, 6, 1) * 1000
const HOUR = 3_600_000_000
const WINDOWS = 4
/** Data files of the parts of readings (a part's name begins with its class). */
const PARTS = /\/store\/.*\/2-\d+_\d+_\d+_\d+\/data\.bin$/

/** A data directory that was in use and closed in good order; each case damages its own copy. */
describe('a data directory with a damaged file', () => {
  let base: string
  let intact: string
  let copies = 0
  let running: RunningPlatform | undefined

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'millwright-damage-'))
    intact = join(base, 'intact')
    const platform = await startPlatform({ directory: intact })
    await platform.client.createAsset({ body: { level: 'equipment', name: 'Unmistakable', parent: null } })
    const device = await enrolDevice(platform, { name: 'PLC' })
    const sender = device.connect()
    for (let window = 0; window < WINDOWS; window++) {
      const values = Array.from({ length: 200 }, (_, i) => window * 200 + i)
      await sender.publish(values.map((n) => ({ time: BASE + n * 1_000_000, values: { n: Math.sin(n) } })))
    }
    await sender.close()
    const kept = await mqtt.connectAsync(`mqtts://localhost:${platform.mqttPort}`, {
      key: device.identity.key,
      cert: device.identity.certificate,
      ca: device.identity.authority,
      clientId: 'kept',
      clean: false,
    })
    await kept.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await kept.endAsync()
    await platform.stop()
  })
  after(async () => {
    await running?.kill()
    await rm(base, { recursive: true, force: true, maxRetries: 5 })
  })

  /** A copy to be damaged. */
  async function copied(): Promise<string> {
    await running?.kill()
    running = undefined
    const directory = join(base, `copy-${++copies}`)
    // The engine's tables are links within the directory: as they are, not to the original.
    await cp(intact, directory, { recursive: true, verbatimSymlinks: true })
    return directory
  }

  async function started(directory: string): Promise<RunningPlatform> {
    running = await startPlatform({ directory })
    return running
  }

  /** Does not start: one sentence that names the part, says what to do, and changes nothing. */
  async function refused(directory: string, pattern: RegExp): Promise<void> {
    const files = async () => (await readdir(directory)).sort()
    const before = await files()
    const error: unknown = await started(directory).catch((reason: unknown) => reason)
    assert.ok(error instanceof StartRefused, 'it started')
    assert.equal(error.code, 1)
    const [sentence, ...more] = error.output.split('\n').filter((line) => line.startsWith('millwright:'))
    assert.deepEqual(more, [])
    assert.match(sentence ?? '', pattern, error.output)
    assert.match(sentence!, /restore .*backup/i)
    assert.doesNotMatch(error.output, /^ {4}at /m, 'a stack trace is no sentence')
    assert.deepEqual(
      (await files()).filter((name) => !/^(lock|holder)/.test(name)),
      before.filter((name) => !/^(lock|holder)/.test(name)),
    )
  }

  /** How many readings a person sees, each as it was sent. */
  async function seen({ client }: RunningPlatform): Promise<number> {
    const [signal] = (await client.listSignals({ query: { q: 'n' } })).items
    const body = { signal: signal!.id, from: BASE, to: BASE + HOUR, limit: 2000 }
    const { items } = await client.queryReadings({ body })
    for (const { time, value } of items) assert.equal(value, Math.sin((time - BASE) / 1_000_000))
    return items.length
  }

  const saysWhat = (found: { state: string; reason?: string }) => {
    assert.equal(found.state, 'failing')
    assert.match(found.reason ?? '', /1 damaged part\(s\) of readings were set aside \(readings\/.*Restore a backup/)
  }

  it('readings that are cut short are set aside at start, and the state says so', async () => {
    const directory = await copied()
    const parts = await filesOf(join(directory, 'telemetry'), PARTS)
    assert.ok(parts.length > 0)
    await truncate(parts.at(-1)!, Math.floor((await stat(parts.at(-1)!)).size / 2))
    const platform = await started(directory)
    saysWhat(await platform.client.getDataHealth())
    const { status, warnings } = await readiness(platform)
    assert.equal(status, 200)
    assert.match(warnings['history'] ?? '', /damaged part/)
    assert.ok((await seen(platform)) < WINDOWS * 200)
    assert.match(platform.log(), /damaged part/)
  })

  it('readings that changed on the disk are not shown for true, are set aside, and the state says so', async () => {
    const directory = await copied()
    const parts = await filesOf(join(directory, 'telemetry'), PARTS)
    await damage(parts[0]!, Math.floor((await stat(parts[0]!)).size / 2))
    const platform = await started(directory)
    // Whoever meets it first, a query or the platform's own work: nobody is shown what was not sent.
    const first = await seen(platform).catch((error: unknown) => error)
    if (first instanceof ApiError) {
      assert.equal(first.status, 503)
      assert.match(first.message, /damaged.*Ask again/)
    } else assert.ok(Number(first) < WINDOWS * 200, String(first))
    await eventually(async () => (await platform.client.getDataHealth()).state === 'failing')
    saysWhat(await platform.client.getDataHealth())
    assert.ok((await seen(platform)) < WINDOWS * 200)
  })

  it('a damaged page of the database is told, at start or by who asks for it', async () => {
    const directory = await copied()
    const table = await fileWith(join(directory, 'database'), /base\/\d+\/\d+$/, 'Unmistakable')
    await damage(table, 4096, 64)
    await refused(directory, /The database in .* is damaged \(.*block 0.*\)/)
  })

  it('a database whose control file is damaged is refused', async () => {
    const directory = await copied()
    await damage(join(directory, 'database', 'global', 'pg_control'), 16, 64)
    await refused(directory, /The database in .* cannot be opened/)
  })

  it('a damaged session store is put aside: devices begin new sessions, and it is told', async () => {
    const directory = await copied()
    await damage(join(directory, 'mqtt', 'sessions.sqlite'), 0, 100)
    const platform = await started(directory)
    assert.match(platform.log(), /session store was damaged and put aside as .*sessions\.sqlite\.damaged-/)
    assert.match((await readiness(platform)).warnings['mqtt'] ?? '', /put aside/)
    assert.ok((await readdir(join(directory, 'mqtt'))).some((name) => name.includes('.damaged-')))
    assert.equal(await seen(platform), WINDOWS * 200)
  })

  it('keys and certificates that are damaged or lost are never made anew', async () => {
    const directory = await copied()
    const keys = join(directory, 'keys')
    const content = await readFile(join(keys, 'root.key'))
    await damage(join(keys, 'root.key'), Math.floor(content.length / 2))
    await refused(directory, /The file .*root\.key is damaged/)
    await rm(keys, { recursive: true })
    await mkdir(keys)
    await refused(directory, /The file .*root\.crt is missing/)
    assert.deepEqual(await readdir(keys), [])
  })

  it('a format file that nobody can read is refused', async () => {
    const directory = await copied()
    await writeFile(join(directory, 'millwright.json'), '\0\0\0')
    await refused(directory, /millwright\.json/)
  })
})
