import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { createMdfAdapter } from './adapter.ts'
import type { MdfConfig } from './config.ts'
import { writeMdf } from './testing/index.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function watch(keep?: TestPorts) {
  const ports = new TestPorts(keep === undefined ? {} : { keep })
  if (keep === undefined) closing.push(() => ports.close())
  const folder = join(ports.root, 'drop')
  mkdirSync(folder, { recursive: true })
  const adapter = createMdfAdapter([folder])
  const given = { folder, pattern: '{device}.mf4', settle: 0, interval: 0.1, afterwards: 'move' }
  const config = Value.Default(adapter.configSchema, given) as MdfConfig
  assert.deepEqual(Value.Errors(adapter.configSchema, config), [])
  adapter.check(config)
  const connection = adapter.create(config, ports)
  closing.push(() => connection.stop())
  await connection.start()
  return { ports, folder, adapter, config, connection }
}

function bench(rows: number): Buffer {
  const data = Buffer.alloc(rows * 12)
  for (let row = 0; row < rows; row++) {
    data.writeDoubleLE(row / 1000, row * 12)
    data.writeFloatLE(row, row * 12 + 8)
  }
  const time = { name: 't', type: 2, sync: 1, dataType: 4, byteOffset: 0, bitCount: 64 }
  const torque = { name: 'torque', unit: 'Nm', dataType: 4, byteOffset: 8, bitCount: 32 }
  return writeMdf({ storage: 'header-list', groups: [{ dataBytes: 12, channels: [time, torque] }], data })
}

test('a measurement is picked up once, and put away', async () => {
  const { ports, folder, adapter, config, connection } = await watch()
  writeFileSync(join(folder, 'bench-3.mf4'), bench(50_000))
  writeFileSync(join(folder, 'nonsense.mf4'), 'MDF     4.10 and nothing more'.padEnd(300))
  await ports.until(
    () => existsSync(join(folder, 'done', 'bench-3.mf4')) && existsSync(join(folder, 'failed', 'nonsense.mf4')),
  )
  assert.equal(ports.of('bench-3').length, 50_000)
  assert.deepEqual(ports.last('torque', 'bench-3'), {
    ...{ device: 'bench-3', source: 'bench-3.mf4', metric: 'torque', kind: 'number', quality: 0 },
    ...{ time: 1_790_000_049_999_000, value: 49_999, unit: 'N.m' },
  })
  assert.match(ports.refused[0]!.reason, /nonsense\.mf4 is not an MDF 4 file: it is of version/)
  assert.deepEqual([connection.counters['files'], connection.counters['files_failed']], [1, 1])

  writeFileSync(join(folder, 'bench-4.mf4'), bench(10))
  const tried = await adapter.test({ ...config }, ports.probe())
  assert.equal(tried.ok, true, JSON.stringify(tried))
  assert.equal(ports.state?.state, 'running')
})

test('after a failure of storage reading goes on within the file', async () => {
  const first = await watch()
  const { ports, folder } = first
  const accept = ports.readings.accept.bind(ports.readings)
  let left = 2
  ports.readings.accept = (...given) => (left-- > 0 ? accept(...given) : Promise.reject(new Error('disk full')))
  writeFileSync(join(folder, 'b.mf4'), bench(100_000))
  await ports.until(() => ports.state?.state === 'waiting')
  await first.connection.stop()
  const before = ports.rows.length
  assert.ok(before > 0 && before < 100_000)
  const second = await watch(ports)
  await second.ports.until(() => readdirSync(folder).includes('done'))
  assert.equal(before + second.ports.rows.length, 100_000)
  assert.equal(second.ports.rows[0]?.value, before)
})

test('browses files and their channels', async () => {
  const { ports, folder, adapter, config, connection } = await watch()
  await connection.stop()
  writeFileSync(join(folder, 'b.mf4'), bench(10))
  const page = (node?: string) => adapter.browse(config, ports.probe(), { node, cursor: undefined, limit: 10 })
  assert.deepEqual(
    (await page()).items.map(({ id, kind }) => [id, kind]),
    [['b.mf4', 'file']],
  )
  assert.deepEqual(
    (await page('b.mf4')).items.map(({ name, unit }) => [name, unit]),
    [['torque', 'N.m']],
  )
})
