import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { TestPorts } from '@millwright/connectivity/testing'
import { dropFolder, type Settings } from '../test/drop.ts'
import { createFilesAdapter } from './adapter.ts'

const testcase = (name: string) => fileURLToPath(new URL(`../testcases/${name}`, import.meta.url))
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function watch(settings: Settings, keep?: TestPorts) {
  const made = dropFolder(settings, keep === undefined ? {} : { keep })
  if (keep === undefined) closing.push(() => made.ports.close())
  closing.push(() => made.connection.stop())
  await made.connection.start()
  return made
}
const TIME = 1_790_000_000_000_000

test('reads a German export: encoding, delimiter, decimal commas, two columns of time, units, a zone', async () => {
  const { ports, folder } = await watch({
    pattern: '{device}_*.csv',
    csv: { header: 2, units: 3 },
    time: { columns: ['Datum', 'Uhrzeit'], format: 'dd.MM.yyyy HH:mm:ss,S', zone: 'Europe/Berlin' },
  })
  copyFileSync(testcase('german.csv'), join(folder, 'Prüfstand 3_17.csv'))
  await ports.until(() => ports.rows.length === 9)
  const rows = ports.of('Prüfstand 3')
  const short = rows.map(({ metric, value, unit, time }) => [metric, value, unit, new Date(time / 1000).toISOString()])
  assert.deepEqual(short, [
    ['Drehzahl', 1480.25, '/min', '2026-10-24T23:59:59.500Z'],
    ['Öltemperatur', 61.5, 'Cel', '2026-10-24T23:59:59.500Z'],
    ['Zustand', 'läuft', undefined, '2026-10-24T23:59:59.500Z'],
    ['Bemerkung', 'Größe "A"; links', undefined, '2026-10-24T23:59:59.500Z'],
    ['Drehzahl', 1481, '/min', '2026-10-25T00:30:00.000Z'],
    ['Zustand', 'läuft', undefined, '2026-10-25T00:30:00.000Z'],
    ['Drehzahl', -150, '/min', '2026-10-25T02:00:00.000Z'],
    ['Öltemperatur', 62, 'Cel', '2026-10-25T02:00:00.000Z'],
    ['Zustand', 'steht', undefined, '2026-10-25T02:00:00.000Z'],
  ])
  assert.deepEqual(ports.refused, [])
})

test('reads one line a reading', async () => {
  const { ports, folder } = await watch({ layout: { type: 'long', metric: 'tag', value: 'value', unit: 'unit' } })
  copyFileSync(testcase('long.csv'), join(folder, 'long.csv'))
  await ports.until(() => ports.rows.length === 3)
  assert.deepEqual(
    ports.rows.map(({ metric, kind, value, unit }) => [metric, kind, value, unit]),
    [
      ['press/force', 'number', 12.5, 'kN'],
      ['press/state', 'state', 'running', undefined],
      ['press/on', 'boolean', true, undefined],
    ],
  )
})

test('a bad row is a dead letter with its line, and stops nothing', async () => {
  const { ports, folder, connection } = await watch({
    afterwards: 'move',
    columns: [{ column: 'force', kind: 'number' }],
  })
  copyFileSync(testcase('broken.csv'), join(folder, 'broken.csv'))
  await ports.until(() => existsSync(join(folder, 'done', 'broken.csv')))
  assert.deepEqual(ports.values('force'), [1, 5, 8, 9])
  assert.deepEqual(
    ports.refused.map(({ reason }) => /^Line (\d+) of broken\.csv: (.{0,24})/.exec(reason)?.slice(1)),
    [
      ['3', '"yesterday" is not a time'.slice(0, 24)],
      ['4', 'it has 4 cells, the head'],
      ['5', 'a quote is not closed, o'],
      ['9', 'it has no time.'],
      ['10', '"5" is not a time of the'],
    ],
  )
  assert.equal(connection.counters['rows_refused'], ports.refused.length)
})

for (const codec of ['zstd', 'snappy', 'gzip', 'brotli', 'none'])
  test(`reads Parquet (${codec})`, async () => {
    const { ports, folder } = await watch({ pattern: '*.parquet', deviceColumn: 'press' })
    copyFileSync(testcase(`press-${codec}.parquet`), join(folder, 'a.parquet'))
    // Four metrics of 500 rows, and one of which each third is null.
    await ports.until(() => ports.rows.length === 4 * 500 + 333)
    assert.deepEqual([...new Set(ports.rows.map(({ device }) => device))].sort(), ['press-0', 'press-1'])
    const row = (metric: string) =>
      ports.rows.find(
        (each) => each.metric === metric && each.device === 'press-1' && each.time === TIME + 499 * 250_000,
      )
    assert.deepEqual([row('force')?.value, row('strokes')?.value], [499 / 8, 499 * 1_000_000_007])
    assert.deepEqual([row('oil')?.value, row('oil')?.unit], [499, 'Cel'])
    assert.deepEqual([row('running')?.value, row('state')?.value], [0, 'run'])
    assert.deepEqual(ports.refused, [])
  })

test('a file that is no Parquet, or of a compression it cannot read, goes to failed/ with a dead letter', async () => {
  const { ports, folder } = await watch({ pattern: '*.parquet', afterwards: 'move' })
  copyFileSync(testcase('press-lz4.parquet'), join(folder, 'a.parquet'))
  writeFileSync(join(folder, 'b.parquet'), 'PAR1 nothing of the kind \xff\xff\xff\xffPAR1')
  await ports.until(() => readdirSync(join(folder, 'failed')).length === 2)
  assert.equal(ports.refused.length, 2)
  assert.match(
    ports.refused.map(({ reason }) => reason).join(),
    /a\.parquet is not a Parquet file that can be read: .*LZ4/i,
  )
  assert.equal(ports.state?.state, 'running')
})

test('waits until a file stands still', async () => {
  const { ports, folder, connection } = await watch({ settle: 0.4 })
  const path = join(folder, 'slow.csv')
  writeFileSync(path, 'time,a\n1790000000,1\n')
  for (let line = 1; line < 4; line++) {
    await ports.until(() => connection.counters['files_waiting'] === 1)
    assert.equal(ports.rows.length, 0)
    appendFileSync(path, `179000000${line},${line + 1}\n`)
  }
  await ports.until(() => ports.rows.length > 0)
  assert.deepEqual(ports.values('a'), [1, 2, 3, 4])
})

test('follows a growing file by its whole lines, over restarts, rotation and truncation', async () => {
  const first = await watch({ reading: 'growing' })
  const { ports, folder } = first
  const path = join(folder, 'log.csv')
  writeFileSync(path, 'time;a\n1790000000;1\n1790000001;')
  await ports.until(() => ports.rows.length === 1)
  appendFileSync(path, '2\n1790000002;3\n')
  await ports.until(() => ports.rows.length === 3)
  await first.connection.stop()
  appendFileSync(path, '1790000003;4\n')
  const second = await watch({ reading: 'growing' }, ports)
  await second.ports.until(() => second.ports.rows.length === 1)
  assert.deepEqual(second.ports.values('a'), [4])
  // Rotated: another file under the name, with the same header.
  renameSync(path, join(folder, 'old.txt'))
  writeFileSync(path, 'time;a\n1790000010;10\n')
  await second.ports.until(() => second.ports.rows.length === 2)
  truncateSync(path, 0)
  appendFileSync(path, 'time;a\n1790000020;20\n1790000021;21\n')
  await second.ports.until(() => second.ports.rows.length === 4)
  assert.deepEqual(second.ports.values('a'), [4, 10, 20, 21])
  assert.deepEqual(ports.refused.concat(second.ports.refused), [])
})

test('the same file is read once: touched, dropped again, after a restart; another content is another file', async () => {
  const first = await watch({})
  const { ports, folder, connection } = first
  const path = join(folder, 'a.csv')
  writeFileSync(path, 'time,a\n1790000000,1\n')
  await ports.until(() => connection.counters['files'] === 1)
  utimesSync(path, 1_790_000_000, 1_790_000_000)
  writeFileSync(join(folder, 'b.csv'), 'time,a\n1790000001,2\n')
  await ports.until(() => connection.counters['files'] === 2)
  await connection.stop()
  const second = await watch({ afterwards: 'move' }, ports)
  await second.ports.until(() => readdirSync(join(folder, 'done')).length === 2)
  assert.equal(second.ports.rows.length, 0)
  writeFileSync(path, 'time,a\n1790000000,1\n')
  writeFileSync(join(folder, 'c.csv'), 'time,a\n1790000002,3\n')
  await second.ports.until(() => readdirSync(join(folder, 'done')).length === 4)
  writeFileSync(path, 'time,a\n1790000003,4\n')
  await second.ports.until(() => readdirSync(join(folder, 'done')).length === 5)
  assert.deepEqual(second.ports.values('a'), [3, 4])
  assert.deepEqual(readdirSync(join(folder, 'done')).sort(), ['a-2.csv', 'a-3.csv', 'a.csv', 'b.csv', 'c.csv'])
})

test('what could not be stored is read again from where it stood; it says so', async () => {
  const { ports, folder } = await watch({ afterwards: 'move' })
  ports.failing = new Error('disk full')
  writeFileSync(join(folder, 'a.csv'), 'time,a\n1790000000,1\n')
  await ports.until(() => ports.state?.state === 'waiting')
  assert.match(ports.state?.reason ?? '', /a\.csv could not be stored \(disk full\)/)
  ports.failing = undefined
  await ports.until(() => existsSync(join(folder, 'done', 'a.csv')))
  assert.deepEqual(ports.values('a'), [1])
  assert.equal(ports.state?.state, 'running')
})

test('stays in its folder: links, other roots and special files are left alone', async () => {
  const { ports, folder, connection } = await watch({ pattern: '*', subfolders: true })
  const outside = join(ports.root, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret.csv'), 'time,secret\n1790000000,1\n')
  symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'))
  symlinkSync(outside, join(folder, 'linked'))
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'sub', 'own.csv'), 'time,own\n1790000000,1\n')
  await ports.until(() => connection.counters['files'] === 1)
  assert.deepEqual(
    ports.rows.map(({ metric }) => metric),
    ['own'],
  )
  for (const path of [outside, join(folder, '..', 'outside'), join(folder, 'linked'), '/etc', 'relative']) {
    const other = dropFolder({ folder: path })
    closing.push(() => other.ports.close())
    const adapter = createFilesAdapter([folder])
    const tried = await adapter.test({ ...other.config }, other.ports.probe())
    assert.match(tried.steps[0]!.detail, /is not open to connections/, path)
    const running = adapter.create(other.config, other.ports)
    await running.start()
    await other.ports.until(() => other.ports.state?.state === 'failed')
    await running.stop()
  }
})

test('moves nothing out by a link that is called done', async () => {
  const { ports, folder } = await watch({ afterwards: 'move' })
  const outside = join(ports.root, 'outside')
  mkdirSync(outside)
  symlinkSync(outside, join(folder, 'done'))
  writeFileSync(join(folder, 'a.csv'), 'time,a\n1790000000,1\n')
  await ports.until(() => ports.state?.state === 'failed')
  assert.deepEqual(readdirSync(outside), [])
  assert.deepEqual(ports.values('a'), [1])
})

test('a folder that is away is a state; when it is back, it is read', async () => {
  const { ports, folder } = await watch({})
  renameSync(folder, `${folder}-away`)
  await ports.until(() => ports.state?.state === 'waiting')
  assert.match(ports.state?.reason ?? '', /cannot be read \(ENOENT\)/)
  renameSync(`${folder}-away`, folder)
  await ports.until(() => ports.state?.state === 'running')
})

test('tests and browses: what is there and how it is understood', async () => {
  const { ports, folder, adapter, config } = await watch({ csv: { header: 2, units: 3 } })
  copyFileSync(testcase('german.csv'), join(folder, 'g.csv'))
  const tried = await adapter.test(config, ports.probe())
  assert.equal(tried.ok, true)
  assert.match(tried.steps[1]!.detail, /^windows-1252, delimited by ";", decimal sign ",", 5 metrics, time in Datum$/)
  const page = (node?: string) => adapter.browse(config, ports.probe(), { node, cursor: undefined, limit: 10 })
  assert.deepEqual((await page()).items[0]?.id, 'g.csv')
  const columns = (await page('g.csv')).items
  assert.deepEqual([columns[2]?.name, columns[2]?.unit], ['Öltemperatur', 'Cel'])
  await assert.rejects(page('../../etc/passwd'), /not open to connections/)
})

test('a preview leaves no trace', async () => {
  const made = dropFolder({ afterwards: 'move' }, { purpose: 'preview' })
  closing.push(() => made.ports.close())
  writeFileSync(join(made.folder, 'a.csv'), 'time,a\n1790000000,1\n')
  await made.connection.start()
  await made.ports.until(() => made.ports.rows.length === 1)
  await made.connection.stop()
  assert.deepEqual(readdirSync(made.folder), ['a.csv'])
  assert.deepEqual(readdirSync(made.ports.directory), [])
})
