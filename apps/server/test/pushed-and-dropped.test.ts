/** What is pushed to the platform (Telegraf's way) and dropped into folders (CSV, CAN logs, measurements) is in the history. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { writeMdf } from '@millwright/connectivity-mdf/testing'
import { eventually, freePort } from '@millwright/foundation/testing'
import type { ApiError } from '@millwright/sdk'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const PATIENCE = 60_000
/** Seconds: an hour ago. */
const START = Math.floor(Date.now() / 1000) - 3600
const DBC = 'BU_: Press\nBO_ 256 Status: 8 Press\n SG_ Force : 0|16@1+ (0.5,0) [0|0] "kN" X\n'

describe('pushed and dropped', () => {
  let platform: RunningPlatform
  let directory: string
  let drop: string
  let press: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-drop-'))
    drop = join(directory, 'drop')
    await mkdir(drop)
    platform = await startPlatform({ directory: join(directory, 'data'), environment: { MILLWRIGHT_FILE_ROOTS: drop } })
    const { client } = platform
    press = (await client.createAsset({ body: { level: 'equipment', name: 'Press 3', parent: null } })).id
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const connection = async (name: string, adapter: string, config: Record<string, unknown>) => {
    const { id } = await platform.client.createConnection({ body: { name, adapter, equipment: press, config } })
    await eventually(async () => {
      const { status } = await platform.client.getConnection({ params: { id } })
      return status.state === 'running'
    }, PATIENCE)
    return id
  }
  const folder = async (name: string) => {
    const path = join(drop, name)
    await mkdir(path)
    return { folder: path, settle: 0, interval: 0.2, afterwards: 'move' }
  }
  /** Values of a signal in the order of their times, each as seconds after START and value. */
  const history = async (metric: string) => {
    const { items } = await platform.client.listSignals({ query: { q: metric } })
    const signal = items.find(({ name }) => name.endsWith(metric))
    if (signal === undefined) return []
    const body = { signal: signal.id, from: START * 1e6, to: (START + 100) * 1e6 }
    const found = await platform.client.queryReadings({ body })
    return found.items.map(({ time, value }) => [time / 1e6 - START, value]).sort((a, b) => Number(a[0]) - Number(b[0]))
  }

  it('line protocol, acknowledged when it is stored', async () => {
    const port = await freePort()
    await connection('Telegraf', 'influx', { port, token: 'shared' })
    const write = (token: string) =>
      fetch(`http://127.0.0.1:${port}/api/v2/write?org=o&bucket=b&precision=s`, {
        method: 'POST',
        headers: { authorization: `Token ${token}` },
        body: `press,host=gw-1,axis=x stroke=12.5 ${START}\npress,host=gw-1,axis=x stroke=13.5 ${START + 1}\n`,
      })
    assert.equal((await write('other')).status, 401)
    assert.equal((await write('shared')).status, 204)
    const expected = [
      [0, 12.5],
      [1, 13.5],
    ]
    assert.deepEqual(await history('press.stroke{axis=x}'), expected)
    // Sent again, as Telegraf does when an answer was lost.
    assert.equal((await write('shared')).status, 204)
    assert.deepEqual(await history('press.stroke{axis=x}'), expected)
  })

  it('files, each once, with dead letters for what is wrong in them', async () => {
    const csv = await folder('csv')
    await connection('Exports', 'files', { ...csv, pattern: '{device}_*.csv' })
    await writeFile(join(csv.folder, 'press-7_1.csv'), `time;oil [Cel]\n${START};61,5\nnonsense;1\n${START + 1};62,5\n`)
    await eventually(async () => (await readdir(join(csv.folder, 'done'))).includes('press-7_1.csv'), PATIENCE)
    assert.deepEqual(await eventually(() => whole(history('oil'), 2), PATIENCE), [
      [0, 61.5],
      [1, 62.5],
    ])
    const letters = await eventually(
      async () =>
        whole(
          platform.client.listDeadLetters().then(({ items }) => items),
          1,
        ),
      PATIENCE,
    )
    assert.match(letters[0]!.reason, /Line 3 of press-7_1\.csv/)

    const logs = await folder('can')
    await connection('Logger', 'can', { source: { type: 'logs', ...logs }, databases: [{ dbc: DBC }] })
    await writeFile(join(logs.folder, 'a.log'), `(${START}.250000) can0 100#6400\n(${START}.500000) can0 100#C800\n`)
    assert.deepEqual(await eventually(() => whole(history('Status.Force'), 2), PATIENCE), [
      [0.25, 50],
      [0.5, 100],
    ])

    const bench = await folder('mdf')
    await connection('Bench', 'mdf', bench)
    const data = Buffer.alloc(2 * 12)
    for (const [row, torque] of [10, 20].entries()) {
      data.writeDoubleLE(row / 2, 12 * row)
      data.writeFloatLE(torque, 12 * row + 8)
    }
    const channels = [
      { name: 't', type: 2, sync: 1, dataType: 4, byteOffset: 0, bitCount: 64 },
      { name: 'torque', unit: 'Nm', dataType: 4, byteOffset: 8, bitCount: 32 },
    ]
    const startNanoseconds = BigInt(START) * 1_000_000_000n
    await writeFile(
      join(bench.folder, 'b.mf4'),
      writeMdf({ startNanoseconds, groups: [{ dataBytes: 12, channels }], data }),
    )
    assert.deepEqual(await eventually(() => whole(history('torque'), 2), PATIENCE), [
      [0, 10],
      [0.5, 20],
    ])
  })

  it('no folder beside those that the operator opened', async () => {
    const tried = await platform.client.testConnection({ body: { adapter: 'files', config: { folder: directory } } })
    assert.equal(tried.ok, false)
    assert.match(tried.steps[0]!.detail, /is not open to connections.*MILLWRIGHT_FILE_ROOTS/)
    await assert.rejects(
      platform.client.browseConnection({ body: { adapter: 'files', config: { folder: '/etc', pattern: '*' } } }),
      (error: ApiError) => error.status === 403,
    )
    assert.equal((await readFile(join(drop, 'csv', 'done', 'press-7_1.csv'))).length > 0, true)
  })
})

/** A list once it is that long. */
async function whole<T>(list: Promise<T[]>, length: number): Promise<T[] | undefined> {
  const found = await list
  return found.length >= length ? found : undefined
}
