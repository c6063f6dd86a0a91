/** The adapter against pymodbus over TCP, RTU over TCP and a serial line (pseudo terminals), with mbpoll as a second opinion. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import type { RunningConnection } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { freePort } from '@millwright/foundation/testing'
import { type ModbusConfig, modbusAdapter } from '../src/index.ts'
import { type Program, startProgram } from './server.ts'

const PYTHON = '/usr/bin/python3'
const SERVER = join(import.meta.dirname, 'pymodbus_server.py')
const missing = [
  ['/usr/lib/python3/dist-packages/pymodbus', 'python3-pymodbus'],
  ['/usr/lib/python3/dist-packages/serial', 'python3-serial'],
  ['/usr/lib/python3/dist-packages/serial_asyncio', 'python3-serial-asyncio'],
  ['/usr/bin/socat', 'socat'],
  ['/usr/bin/mbpoll', 'mbpoll'],
].filter(([path]) => !existsSync(path!))
const skip = missing.length > 0 && `needs ${missing.map(([, name]) => name).join(', ')}`

/** What mbpoll reads: one value a line, `[31]: 123.456`. */
async function mbpoll(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('/usr/bin/mbpoll', ['-1', '-q', ...args])
  return [...stdout.matchAll(/^\[\d+\]:\s+(\S+)/gm)].map((match) => match[1]!)
}

const registers: NonNullable<ModbusConfig['devices'][number]['registers']> = [
  { name: 'first', address: 0 },
  { name: 'far', address: 90 },
  { name: 'input', table: 'input', address: 5 },
  { name: 'contact', table: 'discrete', address: 4 },
  { name: 'setpoint', address: 30, type: 'float32', writable: true },
  { name: 'relay', table: 'coil', address: 8, writable: true },
]
const devices = [1, 2, 3].map((unit) => ({ name: `Unit ${unit}`, unit, registers }))

async function running(config: ModbusConfig, work: (ports: TestPorts, connection: RunningConnection) => Promise<void>) {
  const ports = new TestPorts({ random: () => 0 })
  modbusAdapter.check!(config)
  const connection = modbusAdapter.create(config, ports)
  await connection.start()
  try {
    await work(ports, connection)
  } finally {
    await connection.stop()
    ports.close()
  }
}

async function readsAndWrites(ports: TestPorts, connection: RunningConnection) {
  for (const unit of [1, 2, 3]) {
    const device = `Unit ${unit}`
    await ports.until(() => ['first', 'far', 'input', 'contact'].every((metric) => ports.last(metric, device)))
    assert.equal(ports.last('first', device)!.value, 100 * unit)
    assert.equal(ports.last('far', device)!.value, 100 * unit + 90)
    assert.equal(ports.last('input', device)!.value, 1000 * unit + 5)
    assert.equal(ports.last('contact', device)!.value, true)
  }
  const write = (metric: string, value: unknown) =>
    connection.command!({
      name: 'write',
      params: { metric, value },
      device: 'Unit 2',
      signal: AbortSignal.timeout(5_000),
    })
  const written = Math.fround(123.456)
  assert.deepEqual(await write('setpoint', 123.456), { metric: 'setpoint', value: written })
  assert.deepEqual(await write('relay', true), { metric: 'relay', value: true })
}

describe('Modbus with pymodbus and mbpoll', { skip }, () => {
  let tcp: Program
  let port: number

  before(async () => {
    port = await freePort()
    tcp = await startProgram(PYTHON, [SERVER, 'tcp', String(port)], /ready/)
  })
  after(() => tcp?.stop())

  it('over TCP: reads three units behind one socket; mbpoll reads what was written', async () => {
    const config: ModbusConfig = { transport: { type: 'tcp', host: '127.0.0.1', port }, interval: 100, devices }
    await running(config, async (ports, connection) => {
      await readsAndWrites(ports, connection)
      const float = [
        '-m',
        'tcp',
        '-p',
        String(port),
        '-a',
        '2',
        '-r',
        '31',
        '-c',
        '1',
        '-t',
        '4:float',
        '-B',
        '127.0.0.1',
      ]
      assert.deepEqual(await mbpoll(...float), ['123.456'])
      assert.deepEqual(
        await mbpoll('-m', 'tcp', '-p', String(port), '-a', '2', '-r', '9', '-c', '1', '-t', '0', '127.0.0.1'),
        ['1'],
      )
    })
  })

  it('over TCP: a unit that is not there delays the others by little and is named', async () => {
    const config: ModbusConfig = {
      transport: { type: 'tcp', host: '127.0.0.1', port },
      interval: 50,
      timeout: 200,
      devices: [...devices, { name: 'Ghost', unit: 77, registers }],
    }
    await running(config, async (ports, connection) => {
      await ports.until(() => ports.state?.state === 'degraded')
      assert.match(
        ports.state!.reason!,
        /^1 of 4 devices do not answer: Ghost did not answer the read of coils 8 within 200 ms\.$/,
      )
      const before = ports.values('first', 'Unit 1').length
      await ports.until(() => ports.values('first', 'Unit 1').length >= before + 20)
      assert.ok(connection.counters['timeouts']! <= 6, `${connection.counters['timeouts']} timeouts`)
      assert.deepEqual(ports.devices.get('Ghost')?.online, false)
    })
  })

  it('RTU over TCP, as through a serial server', async () => {
    const serial = await freePort()
    const server = await startProgram(PYTHON, [SERVER, 'rtu-over-tcp', String(serial)], /ready/)
    try {
      const config: ModbusConfig = {
        transport: { type: 'rtu-over-tcp', host: '127.0.0.1', port: serial },
        interval: 100,
        devices,
      }
      await running(config, readsAndWrites)
    } finally {
      await server.stop()
    }
  })

  it('RTU on a serial line: reads, writes, a unit that is off, and the adapter unplugged and plugged again', async () => {
    const ports = new TestPorts({ random: () => 0 })
    const [ours, theirs] = [join(ports.root, 'ours'), join(ports.root, 'theirs')]
    const cable = () =>
      startProgram(
        '/usr/bin/socat',
        ['-d', '-d', `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`],
        /starting data transfer/,
      )
    let socat = await cable()
    let server = await startProgram(PYTHON, [SERVER, 'rtu', theirs], /ready/)
    try {
      assert.deepEqual(
        await mbpoll('-m', 'rtu', '-b', '19200', '-P', 'none', '-a', '2', '-r', '1', '-c', '1', '-t', '4', ours),
        ['200'],
      )
      const config: ModbusConfig = {
        transport: { type: 'rtu', path: ours, parity: 'none' },
        interval: 100,
        timeout: 300,
        devices: [...devices, { name: 'Off', unit: 9, registers: [{ name: 'r', address: 0 }] }],
      }
      const present = { ...config, devices }
      for (let again = 0; again < 2; again++) {
        await running(present, async (readings) => {
          await readings.until(() => readings.state)
          assert.equal(
            readings.state!.state,
            'running',
            'the port is free as soon as the connection before has stopped',
          )
        })
      }
      await running(config, async (readings, connection) => {
        await readsAndWrites(readings, connection)
        await readings.until(() => readings.devices.get('Off')?.online === false)
        await socat.stop()
        await readings.until(() => readings.state?.state === 'waiting')
        await server.stop()
        socat = await cable()
        server = await startProgram(PYTHON, [SERVER, 'rtu', theirs], /ready/)
        await readings.until(() => readings.state?.state === 'degraded' && readings.devices.get('Unit 3')?.online)
      })
    } finally {
      await server.stop()
      await socat.stop()
      ports.close()
    }
  })
})
