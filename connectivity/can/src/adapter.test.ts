import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestPorts } from '@millwright/connectivity/testing'
import { Value } from 'typebox/value'
import { type CanAdapterOptions, createCanAdapter } from './adapter.ts'
import type { CanConfig } from './config.ts'

const testcase = (name: string) => fileURLToPath(new URL(`../testcases/${name}`, import.meta.url))
const dbc = readFileSync(testcase('machine.dbc'), 'utf8')
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function run(source: object, options: Partial<CanAdapterOptions> = {}, more: object = {}) {
  const ports = new TestPorts()
  closing.push(() => ports.close())
  const folder = join(ports.root, 'logs')
  mkdirSync(folder)
  const adapter = createCanAdapter({ roots: [folder], candump: 'candump', cansend: 'cansend', ...options })
  const given = 'folder' in source ? { ...source, folder } : source
  const config = Value.Default(adapter.configSchema, { source: given, databases: [{ dbc }], ...more }) as CanConfig
  assert.deepEqual(Value.Errors(adapter.configSchema, config), [])
  adapter.check(config)
  const connection = adapter.create(config, ports)
  closing.push(() => connection.stop())
  await connection.start()
  return { ports, folder, adapter, config, connection }
}

const LOGS = { type: 'logs', folder: '', pattern: '*', settle: 0, interval: 0.1 }
/** Device, metric, value, seconds after 1790000000. */
const EXPECTED = [
  ['Press', 'PressStatus.Mode', 'Automatic', 0],
  ['Press', 'PressStatus.Force', -50, 0],
  ['Press', 'PressStatus.Oil', -40, 0],
  ['Press', 'PressStatus.Angle', 6 * 0.1, 0],
  ['Press', 'PressStatus.Mode', 'Fault', 0.100001],
  ['Press', 'PressStatus.Force', -100, 0.100001],
  ['Press', 'PressStatus.Oil', 88, 0.100001],
  ['Press', 'PressStatus.Angle', 4080 * 0.1, 0.100001],
  ['Pump', 'Wide.Flow', 12.5, 0.2],
  ['Press', 'Page.Selector', 0, 0.3],
  ['Press', 'Page.Zero', '5', 0.3],
  ['Press', 'Page.Selector', 1, 0.4],
  ['Press', 'Page.Inner', 2, 0.4],
  ['Press', 'Page.Deep', 7, 0.4],
  ['Press', 'Page.Selector', 1, 0.5],
  ['Press', 'Page.Inner', 5, 0.5],
  ['Pump', 'CCVS.Speed', 100, 0.6],
  ['Pump', 'CCVS.Brake', 0, 0.6],
  ['address 5', 'CCVS.Speed', null, 0.7],
  ['address 5', 'CCVS.Brake', null, 0.7],
]
const seen = (ports: TestPorts, zero = 1_790_000_000) =>
  ports.rows
    .map(({ device, metric, value, time }) => [device, metric, value, Math.round(time - zero * 1e6) / 1e6])
    .sort((a, b) => (a[3] as number) - (b[3] as number))

test('reads logs of candump, each frame once; a bad line stops nothing', async () => {
  const { ports, folder, connection } = await run(LOGS)
  copyFileSync(testcase('bus.log'), join(folder, 'a.log'))
  await ports.until(() => connection.counters['files'] === 1)
  assert.deepEqual(seen(ports), EXPECTED)
  assert.equal(ports.last('CCVS.Speed', 'Pump')?.unit, 'km/h')
  assert.equal(ports.last('CCVS.Speed', 'address 5')?.quality, 0x80000000)
  assert.deepEqual(ports.refused, [])
  writeFileSync(
    join(folder, 'b.log'),
    '(1790000010.0) can0 100#01\nnonsense\n(12.5) can0 100#01\n(1790000011.0) can0 100#0G\n',
  )
  await ports.until(() => connection.counters['files'] === 2)
  assert.deepEqual(
    ports.refused.map(({ reason }) => reason),
    [
      'Line 2 of b.log: it has no time in parentheses.',
      'Line 3 of b.log: its time is not between 2000 and tomorrow; is it relative?.',
      'Line 4 of b.log: its data are no pairs of hexadecimal digits.',
    ],
  )
  assert.equal(ports.rows.length, EXPECTED.length + 1)
})

test('reads Vector’s ASC as log2asc writes it', async () => {
  const { ports, folder, connection } = await run({ ...LOGS, zone: 'UTC' })
  copyFileSync(testcase('bus.asc'), join(folder, 'bus.asc'))
  await ports.until(() => connection.counters['files'] === 1)
  // Its head says "Mon Sep 21 14:13:20 2026", which is 1790000000.
  assert.deepEqual(seen(ports), EXPECTED)
  assert.deepEqual(ports.refused, [])
})

/** A program in candump's place: the real one needs a bus. */
function standIn(ports: { root: string }, script: string): string {
  const path = join(ports.root, `candump-${Math.random()}`)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

test('listens by candump, starts it again when it ends, and says why it did', async () => {
  const place = new TestPorts()
  closing.push(() => place.close())
  const candump = standIn(place, `cat ${testcase('bus.log')}; echo "read: Network is down" >&2; exit 1`)
  const { ports, connection } = await run({ type: 'socketcan', interface: 'can0' }, { candump })
  await ports.until(() => ports.state?.state === 'waiting')
  assert.match(ports.state?.reason ?? '', /candump ended: read: Network is down\. Is the interface can0 there and up/)
  await ports.until(() => ports.rows.length >= 2 * EXPECTED.length)
  // The first round.
  ports.rows.length = EXPECTED.length
  assert.deepEqual(seen(ports), EXPECTED)
  assert.equal(connection.counters['unknown_frames'], connection.counters['frames']! / 9)
})

test('a candump that talks nonsense, floods or is missing harms nothing', async () => {
  const place = new TestPorts()
  closing.push(() => place.close())
  const flood = standIn(
    place,
    `while :; do cat ${testcase('bus.log')} ${testcase('bus.log')}; head -c 20000 /dev/zero; echo; done`,
  )
  const { ports, connection } = await run({ type: 'socketcan', interface: 'can0' }, { candump: flood })
  ports.hold()
  await ports.until(() => connection.counters['bad_lines']! > 3 && ports.accepts >= 20)
  const accepts = ports.accepts
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.ok(ports.accepts - accepts < 40, 'it stops reading while nothing is stored')
  ports.release()
  await ports.until(() => ports.accepts > accepts + 40)
  assert.ok(ports.refused.length < 5, 'one dead letter a second')
  const missing = await run({ type: 'socketcan', interface: 'can0' }, { candump: join(place.root, 'no-such-program') })
  await missing.ports.until(() => missing.ports.state?.state === 'waiting')
  assert.match(missing.ports.state?.reason ?? '', /apt-get install can-utils/)
})

test('speaks to socketcand, sends when it may, and comes back when it is away', async () => {
  const heard: string[] = []
  let socket: Socket | undefined
  const server = createServer((peer) => {
    socket = peer.setEncoding('latin1')
    peer.write('< hi >')
    peer.on('data', (chunk: string) => {
      heard.push(chunk)
      peer.write(
        chunk.includes('open')
          ? '< ok >'
          : chunk.includes('rawmode')
            ? '< ok >< frame 100 1790000000.5 01 64 00 00 00 64 00 00 ><fra'
            : '',
      )
    })
    peer.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const { port } = server.address() as { port: number }
  const source = { type: 'socketcand', host: '127.0.0.1', port, interface: 'can0', send: true }
  const { ports, connection } = await run(source)
  await ports.until(() => ports.state?.state === 'running')
  socket!.write('me 18FEF121 1790000000.6 FF0064C0FFFFFFFF >< nonsense >< frame zz >')
  await ports.until(() => ports.last('CCVS.Speed', 'Pump')?.value === 100)
  assert.equal(ports.last('PressStatus.Force', 'Press')?.value, -50)
  const send = (params: unknown) =>
    connection.command!({ name: 'send', params, device: undefined, signal: AbortSignal.timeout(1000) })
  await send({ frame: '123#DEAD' })
  await ports.until(() => heard.includes('< send 123 2 DE AD >'))
  await assert.rejects(send({ frame: '123#DE; rm' }), /identifier#data/)
  socket!.destroy()
  await ports.until(() => ports.state?.state === 'waiting')
  assert.match(ports.state?.reason ?? '', /closed the connection/)
  await ports.until(() => heard.filter((text) => text.includes('open can0')).length === 2)
})

test('does not send without leave', async () => {
  const { connection } = await run({ type: 'socketcan', interface: 'can0' }, { candump: '/bin/true' })
  const send = connection.command!({
    name: 'send',
    params: { frame: '123#' },
    device: undefined,
    signal: AbortSignal.timeout(1000),
  })
  await assert.rejects(send, /may not send/)
})

test('imports, tests and browses databases', async () => {
  const { adapter, config, ports } = await run(LOGS)
  const { config: part, notes } = await adapter.import('dbc', readFileSync(testcase('machine.dbc')))
  assert.deepEqual(part, { databases: [{ dbc }] })
  assert.match(notes[0]!, /4 messages with 16 signals, 3 nodes/)
  const tried = await adapter.test(config, ports.probe())
  assert.equal(tried.ok, true, JSON.stringify(tried))
  const page = await adapter.browse(config, ports.probe(), { node: undefined, cursor: undefined, limit: 10 })
  assert.deepEqual(page.items.map(({ name, dataType }) => [name, dataType])[3], ['CCVS', '18FEF100'])
  const signals = await adapter.browse(config, ports.probe(), { node: '0/0', cursor: undefined, limit: 10 })
  assert.deepEqual(signals.items[1], {
    ...{ id: '0/0/Force', name: 'Force', kind: 'variable', hasChildren: false, dataType: 'int16', unit: 'kN' },
    description: 'At the ram, "filtered"',
  })
  assert.throws(() => adapter.check({ ...config, databases: [{ dbc: 'BO_ 1' }] }), /Line 1/)
})

const vcan = spawnSync('ip', ['link', 'add', 'vcanmw', 'type', 'vcan']).status === 0
const candump = spawnSync('candump', []).error === undefined
const skip = !candump
  ? 'candump is not installed: apt-get install can-utils'
  : vcan
    ? false
    : 'this kernel has no vcan, or we may not make one: no live bus to test on'

test('reads a live bus: cansend writes to vcan, candump reads it', { skip }, async () => {
  closing.push(() => spawnSync('ip', ['link', 'del', 'vcanmw']))
  spawnSync('ip', ['link', 'set', 'vcanmw', 'up', 'mtu', '72'])
  const { ports, connection } = await run({ type: 'socketcan', interface: 'vcanmw', send: true })
  await ports.until(() => ports.state?.state === 'running')
  await connection.command!({
    name: 'send',
    params: { frame: '100#0164000000640000' },
    device: undefined,
    signal: AbortSignal.timeout(1000),
  })
  await ports.until(() => ports.last('PressStatus.Force', 'Press')?.value === -50)
})
