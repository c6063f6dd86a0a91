import { setTimeout as delay } from 'node:timers/promises'
import { TestPorts } from '@millwright/connectivity/testing'
import { type ModbusConfig, modbusAdapter } from '@millwright/connectivity-modbus'
import ModbusRTU from 'modbus-serial'
import type { Figure, Scenario } from '../scenario.ts'
import { measureRate, type Rate } from './measured.ts'
import { startPeerProcess } from './peer-process.ts'

/** Its types say that the class is the module's `default`; it is the module itself. */
const Client = ModbusRTU as unknown as typeof ModbusRTU.default

const SOCKETS = 50
const REGISTERS = 125
/** ms; the shortest that the adapter has. */
const INTERVAL = 10
const DEVICES = 1_000
const METRICS = 50

export const modbus: Scenario = {
  name: 'modbus',
  about: `Modbus TCP: ${SOCKETS} devices as fast as they are read, against bare modbus-serial; ${DEVICES} devices at 1 Hz`,
  async run({ quick, log }) {
    const peer = await startPeerProcess('modbus')
    const seconds = quick ? 2 : 3
    try {
      const fastest = await measureBare(peer.port, seconds, 0)
      log(`modbus-serial, as fast as it goes: ${Math.round(fastest.rate)} points/s`)
      const bare = await measureBare(peer.port, seconds, INTERVAL)
      log(`modbus-serial, paced: ${Math.round(bare.rate)} points/s`)
      const ours = await measureOurs(peer.port, seconds)
      log(`the adapter: ${Math.round(ours.rate)} points/s`)
      const figures = compared(fastest, bare, ours)
      // Each device has an address of its own; other systems have one loopback address.
      if (process.platform !== 'linux')
        return { figures, skipped: [`${DEVICES} devices: needs the addresses 127.0.0.0/8`] }
      return { figures: [...figures, ...(await fleet(peer.port, quick ? 3 : 6))] }
    } finally {
      await peer.stop()
    }
  },
}

/**
 * One client a socket.
 * @param pace ms from one request to the next; 0: as soon as the answer is there
 */
async function measureBare(port: number, seconds: number, pace: number): Promise<Rate> {
  let points = 0
  let running = true
  const clients = await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const client = new Client()
      await client.connectTCP('127.0.0.1', { port })
      client.setID(1)
      return client
    }),
  )
  const loops = clients.map(async (client) => {
    while (running) {
      const due = performance.now() + pace
      const { data } = await client.readHoldingRegisters(0, REGISTERS)
      points += data.length
      if (pace > 0) await delay(Math.max(0, due - performance.now()))
    }
  })
  const rate = await measureRate(() => points, seconds)
  running = false
  await Promise.all(loops)
  for (const client of clients) client.close(() => undefined)
  return rate
}

async function measureOurs(port: number, seconds: number): Promise<Rate> {
  const registers = Array.from({ length: REGISTERS }, (_, address) => ({ name: `r${address}`, address }))
  return await running(
    {
      transport: { type: 'tcp', host: '127.0.0.1', port },
      interval: INTERVAL,
      maps: [{ name: 'm', registers }],
      // Hosts differ, so that each device has a socket of its own.
      devices: Array.from({ length: SOCKETS }, (_, at) => ({ name: `d${at}`, host: address(at), map: 'm' })),
    },
    (ports) => measureRate(() => ports.count, seconds),
  )
}

function compared(fastest: Rate, bare: Rate, ours: Rate): Figure[] {
  const how = `${SOCKETS} sockets, ${REGISTERS} registers a request`
  const paced = `${how}, each ${1000 / INTERVAL} times a second`
  const figure = (name: string, rate: Rate, note: string): Figure => {
    return { name, value: rate.rate, unit: 'points/s', note: `${note}; ${rate.cpu.toFixed(2)} cores` }
  }
  return [
    figure('bare modbus-serial, as fast as it goes', fastest, how),
    figure('bare modbus-serial, paced', bare, paced),
    figure('the adapter, paced: named, timed, with quality', ours, paced),
    { name: 'processor time of bare modbus-serial, paced', value: bare.perMillion, unit: 's per million points' },
    {
      name: 'processor time of the adapter, paced',
      value: ours.perMillion,
      unit: 's per million points',
      target: { atMost: Number((1.5 * bare.perMillion).toPrecision(3)) },
    },
  ]
}

async function fleet(port: number, seconds: number): Promise<Figure[]> {
  const config: ModbusConfig = {
    transport: { type: 'tcp', host: '127.0.0.1', port },
    maps: [
      { name: 'Meter', registers: Array.from({ length: METRICS }, (_, at) => ({ name: `r${at}`, address: at * 2 })) },
    ],
    devices: Array.from({ length: DEVICES }, (_, at) => ({ name: `Meter ${at}`, host: address(at), map: 'Meter' })),
  }
  return await running(config, async (ports, counters) => {
    await ports.until(() => counters()['devices_online'] === DEVICES)
    const before = counters()
    const rate = await measureRate(() => ports.count, seconds)
    const missed = counters()['overruns']! - before['overruns']! + counters()['timeouts']! - before['timeouts']!
    return [
      {
        name: `readings of ${DEVICES} devices at 1 Hz in one process`,
        value: rate.rate,
        unit: 'points/s',
        target: { atLeast: 0.99 * DEVICES * METRICS },
        note: `${DEVICES} sockets, ${METRICS} registers each; ${rate.cpu.toFixed(2)} cores`,
      },
      { name: 'reads of them that came late or not', value: missed, unit: 'reads', target: { atMost: 0 } },
    ]
  })
}

async function running<T>(
  config: ModbusConfig,
  work: (ports: TestPorts, counters: () => Readonly<Record<string, number>>) => Promise<T>,
): Promise<T> {
  const ports = new TestPorts()
  ports.counting = true
  const connection = modbusAdapter.create(config, ports)
  await connection.start()
  try {
    return await work(ports, () => connection.counters)
  } finally {
    await connection.stop()
    ports.close()
  }
}

const address = (index: number) => `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`
