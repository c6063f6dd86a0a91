import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const REPLAY = resolve(import.meta.dirname, '../../plant/src/replay.ts')
const SKAB = resolve(import.meta.dirname, '../../../../shared/data/skab/data/valve1/0.csv')

describe('a recorded CSV as a live device', () => {
  let platform: RunningPlatform
  let directory: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-replay-'))
    platform = await startPlatform({ directory })
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  async function replay(file: string, ...args: string[]): Promise<{ code: number; output: string }> {
    const environment = {
      ...process.env,
      MILLWRIGHT_URL: platform.url.replace('http:', 'https:'),
      MILLWRIGHT_DATA: directory,
    }
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', REPLAY, file, ...args], {
      env: environment,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        output += bytes
      })
    }
    const [code] = (await once(child, 'close')) as [number]
    return { code, output }
  }

  /** Every value of a column, with its time as the file has it, µs. */
  async function stored(name: string): Promise<[number, unknown][]> {
    const signals = (await platform.client.listSignals({ query: { q: name, limit: 1000 } })).items.filter(
      (signal) => signal.name === name,
    )
    assert.equal(signals.length, 1, `signals named ${name}`)
    const rows: [number, unknown][] = []
    let cursor: string | undefined
    do {
      const body = { signal: signals[0]!.id, from: 0, to: 4e15, limit: 10_000 }
      const page = await platform.client.queryReadings({ body: cursor === undefined ? body : { ...body, cursor } })
      rows.push(...page.items.map(({ time, value }): [number, unknown] => [time, value]))
      cursor = page.next
    } while (cursor !== undefined)
    return rows
  }

  it('has every row of a file of ours in the historian, value and time exact', async () => {
    const file = join(directory, 'bench.csv')
    const lines = Array.from(
      { length: 300 },
      (_, i) =>
        `2026-03-01T10:00:${String(i % 60).padStart(2, '0')}.${String(100_000 + i)}Z,${Math.fround(i / 7)},${i % 2 === 0}`,
    )
    await writeFile(file, `when,flow,open\n${lines.join('\n')}\n`)
    const { code, output } = await replay(file, '--time-column', 'when', '--speed', '0', '--device', 'bench')
    assert.equal(code, 0, output)
    const expected = lines
      .map((line) => line.split(','))
      .map(([when, flow]): [number, number] => [
        Date.parse(`${when!.slice(0, 19)}Z`) * 1000 + Number(when!.slice(20, 26)),
        Number(flow),
      ])
    assert.deepEqual(
      await stored('flow'),
      expected.sort(([a], [b]) => a - b),
    )
  })

  it('says which row it cannot read', async () => {
    const file = join(directory, 'broken.csv')
    await writeFile(file, 'when,flow\n2026-03-01T10:00:00Z,1\nyesterday,2\n')
    const { code, output } = await replay(file, '--time-column', 'when', '--speed', '0', '--device', 'broken')
    assert.notEqual(code, 0)
    assert.match(output, /row 2/)
    assert.match(output, /yesterday/)
  })

  it('plays the water-circulation testbed', {
    skip: !existsSync(SKAB) && `the recorded data is not here (${SKAB})`,
  }, async () => {
    const { code, output } = await replay(SKAB, '--time-column', 'datetime', '--speed', '0', '--device', 'skab')
    assert.equal(code, 0, output)
    const [header, ...rows] = (await readFile(SKAB, 'utf8'))
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(';'))
    for (const name of ['Temperature', 'Volume Flow RateRMS', 'Accelerometer1RMS']) {
      const column = header!.indexOf(name)
      const expected = rows.map((row): [number, number] => [
        Date.parse(`${row[0]!.replace(' ', 'T')}Z`) * 1000,
        Number(row[column]),
      ])
      assert.deepEqual(await stored(name), expected, name)
    }
  })
})
