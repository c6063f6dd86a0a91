import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import modbus from 'modbus-serial'
import { connectAsync } from 'mqtt'
import { OPCUACertificateManager } from 'node-opcua-certificate-manager'
import { AttributeIds, MessageSecurityMode, OPCUAClient, SecurityPolicy } from 'node-opcua-client'
import { DataType } from 'node-opcua-variant'
import { get } from 'sparkplug-payload'
import type { Configuration } from '../core/machine.ts'
import { opcuaNode } from './node-ids.ts'
import { OPCUA_PATH } from './opcua.ts'
import { registerMap } from './registers.ts'
import { SPARKPLUG_GROUP, SPARKPLUG_NODE } from './sparkplug.ts'
import type { FloorProtocol, ShownMachine, Speaker } from './speaker.ts'
import { SPEAKERS } from './speakers.ts'

const MACHINES: readonly ShownMachine[] = [
  { name: 'P-101', model: 'Centrifugal pump', settings: { speed_setpoint: 2850 } },
  { name: 'EM-1', model: 'Energy meter', settings: {} },
]
const TIME = 1_790_000_000_123_000

describe('the plant on the shop floor', () => {
  let directory: string
  let wanted: [machine: string, document: Configuration][] = []
  const speakers: Speaker[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-floor-'))
  })
  after(async () => {
    await Promise.all(speakers.map((speaker) => speaker.stop()))
    await rm(directory, { recursive: true, force: true })
  })

  /** A speaker that has shown one reading of each machine. */
  async function speaking(protocol: FloorProtocol): Promise<number> {
    wanted = []
    const speaker = await SPEAKERS[protocol]({
      machines: MACHINES,
      port: 0,
      directory,
      async configure(machine, document) {
        wanted.push([machine, document])
        const value = Number(document['speed_setpoint'])
        return value > 3000
          ? { speed_setpoint: 2850, refused: { speed_setpoint: 'too fast' } }
          : { speed_setpoint: value }
      },
    })
    speakers.push(speaker)
    const { port } = await speaker.start()
    speaker.show('P-101', [{ time: TIME, values: { speed: 2890.5, running: true, state: 'running' } }])
    speaker.show('EM-1', [{ time: TIME, values: { voltage: 231.25 } }])
    return port
  }

  it('speaks Modbus: readings by unit id, settings to write, and says no where there is nothing', async () => {
    const port = await speaking('modbus')
    const master = new modbus.default()
    await master.connectTCP('127.0.0.1', { port })
    try {
      const at = (name: string) => registerMap(MACHINES[0]!).find((register) => register.name === name)!.address
      master.setID(1)
      const speed = await master.readInputRegisters(at('speed'), 2)
      assert.equal(speed.buffer.readFloatBE(), 2890.5)
      assert.equal((await master.readDiscreteInputs(at('running'), 1)).data[0], true)
      master.setID(2)
      const voltage = registerMap(MACHINES[1]!).find((register) => register.name === 'voltage')!
      assert.equal((await master.readInputRegisters(voltage.address, 2)).buffer.readFloatBE(), 231.25)
      await assert.rejects(master.readInputRegisters(1000, 2), /Illegal data address/)
      master.setID(1)
      await master.writeRegisters(at('speed_setpoint'), [0x44fa, 0x0000])
      assert.deepEqual(wanted, [['P-101', { speed_setpoint: 2000 }]])
      await assert.rejects(master.writeRegisters(at('speed_setpoint'), [0x461c, 0x4000]), /Illegal data value/)
      assert.equal((await master.readHoldingRegisters(at('speed_setpoint'), 2)).buffer.readFloatBE(), 2000)
    } finally {
      master.close(() => undefined)
    }
  })

  it('speaks Sparkplug: certificates with units, data, commands', async () => {
    const port = await speaking('sparkplug')
    const host = await connectAsync(`mqtt://127.0.0.1:${port}`)
    try {
      const news = new EventEmitter<{ heard: [] }>()
      const heard: { topic: string; metrics: { name?: string | null; value?: unknown }[] }[] = []
      host.on('message', (topic, payload) => {
        const { metrics } = get('spBv1.0')!.decodePayload(payload)
        heard.push({ topic, metrics: metrics ?? [] })
        news.emit('heard')
      })
      await host.subscribeAsync(`spBv1.0/${SPARKPLUG_GROUP}/#`)
      const until = async (find: (one: (typeof heard)[number]) => boolean) => {
        for (;;) {
          const found = heard.find(find)
          if (found !== undefined) return found
          await once(news, 'heard')
        }
      }
      const encode = (name: string, type: 'Boolean' | 'Double', value: boolean | number) =>
        Buffer.from(get('spBv1.0')!.encodePayload({ timestamp: 0, metrics: [{ name, type, value }] }))
      // Who comes later asks for the certificates again.
      await host.publishAsync(
        `spBv1.0/${SPARKPLUG_GROUP}/NCMD/${SPARKPLUG_NODE}`,
        encode('Node Control/Rebirth', 'Boolean', true),
      )
      const born = await until(({ topic }) => topic.includes('/DBIRTH/') && topic.endsWith('/P-101'))
      assert.equal(born.metrics.find(({ name }) => name === 'speed')?.value, 2890.5)
      await host.publishAsync(
        `spBv1.0/${SPARKPLUG_GROUP}/DCMD/${SPARKPLUG_NODE}/P-101`,
        encode('speed_setpoint', 'Double', 1500),
      )
      const told = await until(({ topic }) => topic.includes('/DDATA/'))
      assert.equal(told.metrics.find(({ name }) => name === 'speed_setpoint')?.value, 1500)
      assert.deepEqual(wanted, [['P-101', { speed_setpoint: 1500 }]])
    } finally {
      await host.endAsync(true)
    }
  })

  it('speaks MQTT in its own JSON', async () => {
    const port = await speaking('mqtt')
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`)
    try {
      await client.subscribeAsync('works/#')
      const heard = new Promise<[string, Buffer]>((resolve) =>
        client.once('message', (topic, payload) => resolve([topic, payload])),
      )
      speakers.at(-1)!.show('EM-1', [{ time: TIME, values: { voltage: 231.25 } }])
      const [topic, payload] = await heard
      assert.equal(topic, 'works/EM-1')
      assert.deepEqual(JSON.parse(String(payload)), { stamp: TIME, readings: { voltage: 231.25 } })
    } finally {
      await client.endAsync(true)
    }
  })

  it('prints lines to whoever listens', async () => {
    const port = await speaking('lines')
    const listener = connect(port, '127.0.0.1')
    try {
      await once(listener, 'connect')
      const heard = once(listener, 'data')
      // The server may take the connection a moment after the client has it.
      const printing = setInterval(
        () => speakers.at(-1)!.show('P-101', [{ time: TIME, values: { speed: 2890.5, running: true } }]),
        10,
      )
      const [bytes] = (await heard) as [Buffer]
      clearInterval(printing)
      assert.ok(String(bytes).startsWith(`time=${TIME};speed=2890.5;running=true\r\n`))
    } finally {
      listener.destroy()
    }
  })

  it('speaks OPC UA: values with their own time, units, history, settings to write', async () => {
    const port = await speaking('opcua')
    const client = OPCUAClient.create({
      clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(directory, 'client') }),
      endpointMustExist: false,
      securityMode: MessageSecurityMode.None,
      securityPolicy: SecurityPolicy.None,
      connectionStrategy: { maxRetry: 0 },
    })
    await client.withSessionAsync(`opc.tcp://localhost:${port}${OPCUA_PATH}`, async (session) => {
      const speed = await session.read({ nodeId: opcuaNode('P-101', 'speed'), attributeId: AttributeIds.Value })
      assert.equal(speed.value.value, 2890.5)
      assert.equal(speed.sourceTimestamp?.getTime(), TIME / 1000)
      const state = await session.read({ nodeId: opcuaNode('P-101', 'state'), attributeId: AttributeIds.Value })
      assert.equal(state.value.value, 'running')
      const write = (value: number) =>
        session.write({
          nodeId: opcuaNode('P-101', 'speed_setpoint'),
          attributeId: AttributeIds.Value,
          value: { value: { dataType: DataType.Double, value } },
        })
      assert.equal((await write(1500)).name, 'Good')
      assert.equal((await write(9000)).name, 'BadOutOfRange')
      const history = await session.readHistoryValue(
        opcuaNode('P-101', 'speed'),
        new Date(TIME / 1000 - 1000),
        new Date(TIME / 1000 + 1000),
      )
      assert.equal(history.statusCode.name, 'Good')
    })
  })
})
