import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { connect, loadIdentity } from '@millwright/sdk/device'
import { linesOf } from '../harness/cli.ts'
import type { CliWorld, List, Named } from './world.ts'

const SECOND = 1_000_000
const START = Date.UTC(2026, 5, 1) * 1000

/** Readings by the command: live, asked for, out into files and back. */
export function readingsCalls(world: CliWorld): void {
  it('follows live, and ends well when the reader of the pipe goes, or at Ctrl-C', async () => {
    const { base, operator } = world
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
    const { base, operator, platform } = world
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
    const { file, operator } = world
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
}
