/** The adapter against `ServerTCP` of modbus-serial. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { RunningConnection } from '@millwright/connectivity'
import { QUALITY } from '@millwright/connectivity'
import { TestPorts } from '@millwright/connectivity/testing'
import { type ModbusConfig, modbusAdapter } from '../src/index.ts'
import { type SerialServer, startSerialServer } from './server.ts'

let server: SerialServer
let ports: TestPorts
let connection: RunningConnection | undefined

before(async () => {
  server = await startSerialServer()
})
after(() => server.close())
afterEach(async () => {
  await connection?.stop()
  connection = undefined
  ports?.close()
})

const tcp = () => ({ type: 'tcp' as const, host: '127.0.0.1', port: server.port })
async function run(config: Omit<ModbusConfig, 'transport'>): Promise<RunningConnection> {
  const whole = { transport: tcp(), ...config }
  modbusAdapter.check!(whole)
  ports = new TestPorts({ random: () => 0 })
  connection = modbusAdapter.create(whole, ports)
  await connection.start()
  return connection
}
const command = (name: string, params: unknown, device?: string) =>
  connection!.command!({ name, params, device, signal: AbortSignal.timeout(5_000) })

describe('Modbus TCP with modbus-serial', () => {
  it('reads all types in few requests, with units, in the time of their coming', async () => {
    const view = new DataView(server.memory.holding.buffer)
    const put = (address: number, hex: string) => {
      const bytes = Buffer.from(hex, 'hex')
      for (let at = 0; at < bytes.length; at += 2) server.memory.holding[address + at / 2] = bytes.readUInt16BE(at)
    }
    assert.ok(view.byteLength > 0)
    put(0, 'fffe')
    put(1, '42f6e979')
    put(3, '50756d702031')
    put(8, '0004000300020001')
    server.memory.input[5] = 215
    server.memory.coils[7] = true
    const from = Date.now() * 1000
    await run({
      interval: 50,
      devices: [
        {
          name: 'Drive 1',
          unit: 3,
          registers: [
            { name: 'Torque', address: 0, type: 'int16', unit: 'N.m' },
            { name: 'Speed', address: 1, type: 'float32', unit: '/min' },
            { name: 'Label', address: 3, type: 'string', length: 3 },
            { name: 'Energy', address: 8, type: 'uint64', order: 'CDAB' },
            { name: 'Temperature', table: 'input', address: 5, scale: 0.1, unit: 'Cel' },
            { name: 'Running', table: 'coil', address: 7 },
            { name: 'Door', table: 'discrete', address: 3 },
          ],
        },
      ],
    })
    await ports.until(() => ports.last('Door', 'Drive 1') && ports.values('Torque', 'Drive 1').length > 2)
    const value = (metric: string) => ports.last(metric, 'Drive 1')?.value
    assert.deepEqual(['Torque', 'Speed', 'Label', 'Energy', 'Temperature', 'Running', 'Door'].map(value), [
      -2,
      Math.fround(123.456),
      'Pump 1',
      0x0001000200030004,
      21.5,
      true,
      true,
    ])
    const torque = ports.last('Torque', 'Drive 1')!
    assert.equal(torque.unit, 'N.m')
    assert.equal(torque.source, `127.0.0.1:${server.port}/3`)
    assert.ok(torque.time >= from && torque.time <= Date.now() * 1000 + 1000)
    assert.ok(server.asked.every(({ unit, address, count }) => unit === 3 && address === 0 && count === 12))
    await ports.until(() => ports.state?.state === 'running')
    assert.equal(connection!.counters['devices_online'], 1)
  })

  it('reads each register at its own rate', async () => {
    await run({
      devices: [
        {
          name: 'd',
          registers: [
            { name: 'fast', address: 0, interval: 20 },
            { name: 'slow', address: 1, interval: 200 },
          ],
        },
      ],
    })
    await ports.until(() => ports.values('slow', 'd').length >= 3)
    const [fast, slow] = [ports.values('fast', 'd').length, ports.values('slow', 'd').length]
    assert.ok(fast > 3 * slow, `${fast} fast, ${slow} slow`)
  })

  it('takes smaller pieces where the device refuses a range, and names the register that is not there', async () => {
    server.memory.end = 100
    server.asked.length = 0
    try {
      await run({
        interval: 50,
        devices: [
          {
            name: 'd',
            gap: 20,
            registers: [90, 95, 98, 99, 105].map((address) => ({ name: `r${address}`, address })),
          },
        ],
      })
      await ports.until(() => ports.values('r99', 'd').length >= 3 && ports.state?.state === 'degraded')
      assert.equal(ports.values('r105', 'd').length, 0)
      assert.match(
        ports.state!.reason!,
        /^r105: d refused the read of holding registers 105: Illegal Data Address \(exception 2\)/,
      )
      const asked = server.asked.length
      const reads = ports.values('r99', 'd').length
      await ports.until(() => ports.values('r99', 'd').length >= reads + 3)
      assert.ok(
        server.asked.slice(asked).every(({ address }) => address < 100),
        'what was refused is left alone',
      )
    } finally {
      server.memory.end = 65_536
    }
  })

  it('writes registers, coils, bits and states, reads back, and hands the new value over', async () => {
    server.memory.holding[31] = 0b1000_0001
    await run({
      interval: 60_000,
      devices: [
        {
          name: 'd',
          registers: [
            { name: 'setpoint', address: 20, type: 'float32', order: 'CDAB', writable: true, minimum: 0, maximum: 100 },
            { name: 'speed', address: 22, scale: 0.1, writable: true },
            { name: 'start', table: 'coil', address: 4, writable: true },
            { name: 'mode', address: 31, bit: 1, bits: 2, writable: true },
            { name: 'state', address: 32, writable: true, states: [{ value: 2, name: 'Auto' }] },
            { name: 'fixed', address: 33 },
          ],
        },
      ],
    })
    await ports.until(() => ports.last('fixed', 'd'))
    assert.deepEqual(await command('write', { metric: 'setpoint', value: 42.5 }, 'd'), {
      metric: 'setpoint',
      value: 42.5,
    })
    assert.deepEqual([...server.memory.holding.subarray(20, 22)], [0x0000, 0x422a])
    assert.deepEqual(await command('write', { metric: 'speed', value: 12.3 }), { metric: 'speed', value: 12.3 })
    assert.equal(server.memory.holding[22], 123)
    await command('write', { metric: 'start', value: true }, 'd')
    assert.equal(server.memory.coils[4], true)
    await command('write', { metric: 'mode', value: 3 }, 'd')
    assert.equal(server.memory.holding[31], 0b1000_0111)
    await command('write', { metric: 'state', value: 'Auto' }, 'd')
    assert.equal(ports.last('state', 'd')!.value, 'Auto')
    assert.equal(ports.last('setpoint', 'd')!.value, 42.5)

    const refused = (params: unknown, code: string, device = 'd') =>
      assert.rejects(command('write', params, device), { code: `MW-MODBUS-00${code}` })
    await refused({ metric: 'setpoint', value: 101 }, '55')
    await refused({ metric: 'fixed', value: 1 }, '54')
    await refused({ metric: 'nothing', value: 1 }, '53')
    await refused({ metric: 'setpoint' }, '51')
    await refused({ metric: 'setpoint', value: 1 }, '52', 'elsewhere')
    await assert.rejects(command('explode', {}), { code: 'MW-MODBUS-0050' })
  })

  it('serves many devices that share a map, each as a device of its own', async () => {
    server.memory.holding[0] = 7
    await run({
      interval: 100,
      maps: [{ name: 'Meter', registers: [{ name: 'power', address: 0, unit: 'kW' }] }],
      devices: Array.from({ length: 50 }, (_, at) => ({ name: `Meter ${at + 1}`, unit: at + 1, map: 'Meter' })),
    })
    await ports.until(() => ports.devices.size === 50 && ports.state?.state === 'running')
    assert.equal(ports.last('power', 'Meter 50')?.value, 7)
    assert.equal(connection!.counters['connects'], 1, 'one socket for one address')
  })

  it('reads no further while storage is behind', async () => {
    await run({ interval: 20, devices: [{ name: 'd', registers: [{ name: 'r', address: 0 }] }] })
    await ports.until(() => ports.values('r', 'd').length > 2)
    ports.saturate()
    await ports.until(async () => {
      const before = ports.rows.length
      await new Promise((resolve) => setTimeout(resolve, 100))
      return ports.rows.length === before
    })
    const before = ports.rows.length
    ports.drain()
    await ports.until(() => ports.rows.length > before)
    ports.saturate()
    const began = performance.now()
    await connection!.stop()
    assert.ok(performance.now() - began < 1_000, 'stops though it waits for storage')
  })

  it('says in its test what it found, step by step', async () => {
    const test = (config: ModbusConfig) => modbusAdapter.test(config, new TestPorts({ random: () => 0 }).probe())
    server.memory.holding[0] = 1450
    const good = await test({
      transport: tcp(),
      devices: [{ name: 'Drive', registers: [{ name: 'Speed', address: 0, unit: '/min' }] }],
    })
    assert.equal(good.ok, true)
    assert.deepEqual(
      good.steps.map(({ name, ok, detail }) => [name, ok, detail]),
      [
        [`TCP connection to 127.0.0.1:${server.port}`, true, 'Connected.'],
        ['Drive (unit 1): the read of holding registers 0', true, 'Speed 1450 /min'],
      ],
    )
    const none = await test({ transport: { type: 'tcp', host: '127.0.0.1', port: 1 }, devices: [] })
    assert.equal(none.ok, false)
    assert.match(none.steps[0]!.detail, /connection refused\): is the device on, and is the port right\?/)
    const serial = await test({ transport: { type: 'rtu', path: '/dev/none' }, devices: [] })
    assert.match(serial.steps[0]!.detail, /there is no such port: is the adapter plugged in\?/)
  })

  it('browses units and registers when asked, and picks what is found', async () => {
    const config: ModbusConfig = { transport: tcp(), devices: [{ name: 'Drive', unit: 1 }] }
    const browse = (node?: string, cursor?: string, limit = 200) =>
      modbusAdapter.browse!(config, new TestPorts({ random: () => 0 }).probe(), { node, cursor, limit })
    const top = await browse()
    assert.deepEqual(
      top.items.map(({ name, kind }) => [name, kind]),
      [
        ['Drive (unit 1)', 'device'],
        [`Search for units at 127.0.0.1:${server.port}`, 'folder'],
      ],
    )
    const units = await browse(top.items[1]!.id, undefined, 10)
    assert.equal(units.items.length, 10)
    assert.equal(units.next, '11')
    assert.deepEqual(units.items[4]!.pick, {
      path: '/devices',
      value: { host: '127.0.0.1', port: server.port, name: 'Unit 5', unit: 5, registers: [] },
    })
    const tables = await browse(top.items[0]!.id)
    assert.deepEqual(
      tables.items.map(({ name }) => name),
      ['Coils (0x)', 'Discrete inputs (1x)', 'Input registers (3x)', 'Holding registers (4x)'],
    )
    server.memory.end = 70
    try {
      const registers = await browse(tables.items[3]!.id)
      assert.equal(registers.items.length, 70, 'what the device does not have is left out')
      assert.equal(registers.items[0]!.value, '1450 (0x05AA)')
      assert.deepEqual(registers.items[9]!.pick, {
        path: '/devices/0/registers',
        value: { name: 'Holding register 9', table: 'holding', address: 9, type: 'uint16' },
      })
    } finally {
      server.memory.end = 65_536
    }
  })

  it('refuses a configuration that cannot be meant, with the path', () => {
    const refused = (config: Partial<ModbusConfig>, path: string) =>
      assert.throws(() => modbusAdapter.check!({ transport: tcp(), devices: [], ...config }), {
        code: 'MW-MODBUS-0020',
        path,
      })
    const device = { name: 'd' }
    refused({ devices: [device, device] }, '/devices/1/name')
    refused({ devices: [{ ...device, map: 'none' }] }, '/devices/0/map')
    refused({ devices: [{ ...device, registers: [{ name: 'a', address: 0, bit: 16 }] }] }, '/devices/0/registers/0/bit')
    refused(
      { devices: [{ ...device, registers: [{ name: 'a', address: 65_535, type: 'int32' }] }] },
      '/devices/0/registers/0/address',
    )
    refused(
      { devices: [{ ...device, registers: [{ name: 'a', table: 'input', address: 1, writable: true }] }] },
      '/devices/0/registers/0/writable',
    )
    refused({ transport: { type: 'rtu', path: '/dev/x' }, devices: [{ ...device, unit: 248 }] }, '/devices/0/unit')
    const units = { ...device, registers: [{ name: 'a', address: 0, unit: 'rpm' }] }
    assert.throws(() => modbusAdapter.check!({ transport: tcp(), devices: [units] }), {
      path: '/devices/0/registers/0/unit',
      message: 'rpm is not a UCUM unit code; did you mean /min?',
    })
    refused({ maps: [{ name: 'm', registers: [{ name: 'a', address: 0, scale: 0 }] }] }, '/maps/0/registers/0/scale')
  })

  it('marks what is lost as having no communication, and is back by itself', async () => {
    const own = await startSerialServer()
    own.memory.holding[0] = 5
    ports = new TestPorts({ random: () => 0 })
    connection = modbusAdapter.create(
      {
        transport: { type: 'tcp', host: '127.0.0.1', port: own.port },
        interval: 30,
        devices: [{ name: 'd', registers: [{ name: 'r', address: 0 }] }],
      },
      ports,
    )
    await connection.start()
    await ports.until(() => ports.last('r', 'd')?.value === 5)
    await own.close()
    await ports.until(() => ports.devices.get('d')?.online === false && ports.state?.state === 'waiting')
    assert.equal(ports.last('r', 'd')!.quality, QUALITY.badNoCommunication)
    assert.match(ports.state!.reason!, /connection refused/)
    const again = await startSerialServer(own.port)
    again.memory.holding[0] = 6
    await ports.until(() => ports.last('r', 'd')?.value === 6 && ports.state?.state === 'running')
    assert.equal(ports.devices.get('d')!.online, true)
    await connection.stop()
    await again.close()
  })
})
