/**
 * The broker with the real stages below it: enrolment with a CSR, connectivity on a database, revocation by a person.
 * Devices are mqtt.js and mosquitto's own clients.
 */
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  BlockEncoder,
  type Connectivity,
  connectivityMigrations,
  createConnectivity,
  createDevicePlaces,
  MetricRows,
  ROW,
} from '@millwright/connectivity'
import { MemoryAssets, MemorySignals, MemorySink, ToyAdapter } from '@millwright/connectivity/testing'
import type { Actor, DevicePlaces } from '@millwright/trust'
import { openTestTrust, type TestTrust } from '@millwright/trust/testing'
import * as x509 from '@peculiar/x509'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { createMqttAdapter, type MqttAdapter } from '../src/index.ts'
import { until } from './until.ts'
import { quiet } from './world.ts'

x509.cryptoProvider.set(webcrypto as Crypto)
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

let held: TestTrust
let connectivity: Connectivity
let adapter: MqttAdapter
let administrator: Actor
let directory: string
const sink = new MemorySink()
const signals = new MemorySignals()
const clients: MqttClient[] = []

interface Credentials {
  readonly device: string
  readonly key: string
  readonly cert: string
  readonly serial: string
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millwright-mqtt-'))
  // Trust asks connectivity where a device is, and connectivity is made after it.
  let places: DevicePlaces | undefined
  held = await openTestTrust({
    migrations: connectivityMigrations,
    devicePlaces: { place: async (device) => places?.place(device) },
  })
  const { database, bus, clock, trust } = held
  places = createDevicePlaces({ database, bus })
  administrator = await held.administrator()
  connectivity = createConnectivity({
    database,
    bus,
    clock,
    log: quiet,
    trust,
    assetPaths: new MemoryAssets(),
    sink,
    signals,
    adapters: new Map([['toy', new ToyAdapter()]]),
    directory,
  })
  await connectivity.start()
  const { key, cert, ca } = trust.authority.serverTls()
  adapter = createMqttAdapter({
    connectivity,
    trust,
    bus,
    clock,
    log: quiet,
    directory,
    host: '127.0.0.1',
    port: 0,
    tls: { key, cert, ca: ca.join('\n') },
  })
  await adapter.start()
})

after(async () => {
  for (const client of clients) client.end(true)
  await adapter.stop()
  await connectivity.stop()
  await held.close()
  await rm(directory, { recursive: true, force: true })
})

async function announce(name: string, gateway = false): Promise<string> {
  return (await connectivity.devices.create(administrator, { name, gateway })).id
}

/** A device with a certificate that it got for a one-time token and a CSR. */
async function enrol(name: string, gateway = false): Promise<Credentials> {
  return enrolled(await announce(name, gateway))
}

async function enrolled(device: string): Promise<Credentials> {
  const { token } = await held.trust.enrolment.createToken(administrator, device)
  const keys = (await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])) as CryptoKeyPair
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({ name: `CN=${device}`, keys, signingAlgorithm: EC })
  const reply = await held.trust.enrolment.enrol({ token, csr: csr.toString('pem'), address: '127.0.0.1' })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  const [certificate] = await held.trust.enrolment.certificates(administrator, device)
  return { device, key, cert: reply.certificate, serial: certificate!.serial }
}

async function connect(options: IClientOptions): Promise<MqttClient> {
  const client = await mqtt.connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: adapter.port,
    ca: held.trust.authority.certificate,
    reconnectPeriod: 0,
    ...options,
  })
  client.on('error', () => {})
  clients.push(client)
  return client
}

const stateOf = async (device: string) => (await connectivity.devices.get(administrator, device)).connection

describe('the broker on the platform', () => {
  it('takes readings of an enrolled device to the sink, and shows it online and offline with the reason', async () => {
    const pump = await enrol('Pump 1')
    const client = await connect({
      ...pump,
      will: { topic: 'mw/v1/user/status', payload: Buffer.from('power lost'), qos: 1 },
    })
    const time = held.clock.now()
    await client.publishAsync(
      'mw/v1/telemetry',
      JSON.stringify({ time, values: { temperature: 21.5, running: true } }),
      { qos: 1 },
    )
    const key = signals.named(pump.device, 'temperature')!.key
    assert.deepEqual(
      sink.rows.filter((row) => row.signal === key),
      [{ signal: key, time, value: 21.5, quality: 0 }],
    )
    assert.equal((await stateOf(pump.device)).state, 'online')
    client.stream.destroy()
    await until('offline', () => connectivity.sessions.of(pump.device).length === 0)
    const offline = await stateOf(pump.device)
    assert.equal(offline.state, 'offline')
    assert.match(offline.reason!, /^last will: power lost/)
  })

  it('writes a dead letter for what it cannot read, and acknowledges it', async () => {
    const pump = await enrol('Pump 2')
    const client = await connect(pump)
    for (const payload of ['{"values":', '{"values":{"a":1e400}}', '{"when":1}', 'é'.repeat(3)]) {
      await client.publishAsync('mw/v1/telemetry', payload, { qos: 1 })
    }
    await client.publishAsync('mw/v1/nowhere', 'x', { qos: 1 })
    const { items } = await connectivity.deadLetters.list(administrator, { device: pump.device })
    assert.ok(items.length >= 4)
    assert.ok(items.some(({ source, code }) => source === 'mqtt:mw/v1/nowhere' && code === 'MW-MQTT-0041'))
  })

  it('cuts a live connection within a second when its certificate is revoked, and lets it in no more', async () => {
    const pump = await enrol('Pump 3')
    const client = await connect(pump)
    const began = performance.now()
    await held.trust.enrolment.revoke(administrator, pump.device, pump.serial, 'lost')
    await until('cut', () => !client.connected)
    assert.ok(performance.now() - began < 1000)
    await assert.rejects(connect(pump), /Not authorized/)
    assert.match((await stateOf(pump.device)).reason!, /revoked/i)
  })

  it('cuts a device that is disabled or removed, and one whose token is taken back', async () => {
    const disabled = await enrol('Pump 4')
    const first = await connect(disabled)
    const { version } = await connectivity.devices.get(administrator, disabled.device)
    await connectivity.devices.update(administrator, disabled.device, { state: 'disabled' }, version)
    await until('disabled', () => !first.connected)
    await assert.rejects(connect(disabled), /Not authorized/)

    const removed = await enrol('Pump 5')
    const second = await connect(removed)
    await connectivity.devices.remove(administrator, removed.device)
    await until('removed', () => !second.connected)
    await assert.rejects(connect(removed), /Not authorized/)

    const device = await announce('Thermometer')
    const { token } = await held.trust.enrolment.createDeviceToken(administrator, device)
    const third = await connect({ username: token })
    await held.trust.enrolment.revokeDeviceToken(administrator, device)
    await until('token revoked', () => !third.connected)
    await assert.rejects(connect({ username: token }), /bad user|not authorized/i)
  })

  it('serves an edge agent: blocks of readings, who is there, commands to what stands behind it', async () => {
    const { handlers, connections } = connectivity
    const call = { actor: administrator, body: { name: 'Edge 1' } } as never
    const credentials = await enrolled((await handlers.createAgent(call)).device)
    const agent = credentials.device
    const made = await connections.create(administrator, { name: 'Oven', adapter: 'toy', agent, config: { host: 'x' } })
    const client = await connect(credentials)
    const asked: { topic: string; body: { connection: string; device?: string; name: string } }[] = []
    client.on('message', (topic, payload) => {
      if (topic.startsWith('mw/v1/agent/')) asked.push({ topic, body: JSON.parse(payload.toString()) })
    })
    await client.subscribeAsync(['mw/v1/agent/commands/+', 'mw/v1/twin/desired'], { qos: 1 })
    const rows = new MetricRows()
    rows.push('heat', ROW.number, 480.25, 0)
    rows.setTime(0, held.clock.now())
    const encoder = new BlockEncoder()
    encoder.add({ connection: made.id, device: 'Zone 1', source: 'poll' }, rows)
    await client.publishAsync('mw/v1/agent/readings', encoder.finish(), { qos: 1 })
    const [zone] = (await connectivity.devices.list(administrator, { q: 'Zone 1' })).items
    const key = signals.named(zone!.id, 'heat')!.key
    assert.equal(sink.rows.find((row) => row.signal === key)?.value, 480.25)

    const command = await connectivity.commands.send(administrator, zone!.id, { name: 'write', params: { value: 1 } })
    await until('the command', () => asked.length === 1)
    assert.equal(asked[0]!.topic, `mw/v1/agent/commands/${command.id}`)
    assert.deepEqual([asked[0]!.body.connection, asked[0]!.body.device], [made.id, 'Zone 1'])
    await client.publishAsync(`${asked[0]!.topic}/reply`, '{"ok":true,"result":"hot"}', { qos: 1 })
    assert.equal((await connectivity.commands.get(administrator, command.id)).result, 'hot')

    const left = { connection: made.id, device: 'Zone 1', online: false, reason: 'no answer' }
    await client.publishAsync('mw/v1/agent/devices', JSON.stringify(left), { qos: 1 })
    await pollUntil('gone', async () => (await stateOf(zone!.id)).reason === 'no answer')
    await client.publishAsync('mw/v1/agent/readings', 'rubbish', { qos: 1 })
    const { items } = await connectivity.deadLetters.list(administrator, { device: agent })
    assert.deepEqual([items[0]!.source, items[0]!.code], ['mqtt:mw/v1/agent/readings', 'MW-CONN-0003'])

    const plain = await enrol('No agent')
    const other = await connect(plain)
    await other.publishAsync('mw/v1/agent/readings', encoder.finish(), { qos: 1 })
    const letters = await connectivity.deadLetters.list(administrator, { device: plain.device })
    assert.equal(letters.items[0]!.code, 'MW-CONN-0020')
  })

  it('carries a command there and its result back, also for a device that was away', async () => {
    const pump = await enrol('Pump 6')
    const queued = await connectivity.commands.send(administrator, pump.device, { name: 'start', params: { speed: 2 } })
    assert.equal(queued.state, 'queued')
    const client = await connect(pump)
    client.on('message', (topic, payload) => {
      const { params } = JSON.parse(payload.toString()) as { params: unknown }
      client.publish(`${topic}/reply`, JSON.stringify({ ok: true, result: params }), { qos: 1 })
    })
    await client.subscribeAsync('mw/v1/commands/+', { qos: 1 })
    await pollUntil(
      'succeeded',
      async () => (await connectivity.commands.get(administrator, queued.id)).state === 'succeeded',
    )
    assert.deepEqual((await connectivity.commands.get(administrator, queued.id)).result, { speed: 2 })
  })

  it('keeps desired and reported state in step', async () => {
    const pump = await enrol('Pump 7')
    const client = await connect(pump)
    const states: { version: number; document: unknown }[] = []
    client.on('message', (_topic, payload) => states.push(JSON.parse(payload.toString()) as (typeof states)[0]))
    await client.subscribeAsync('mw/v1/twin/desired', { qos: 1 })
    await connectivity.twins.patchDesired(administrator, pump.device, { rate: 5 }, undefined)
    const pushed = await until('the change', () => states[0])
    assert.deepEqual(pushed.document, { rate: 5 })
    const report = { document: { rate: 5 }, desiredVersion: pushed.version }
    await client.publishAsync('mw/v1/twin/reported', JSON.stringify(report), { qos: 1 })
    assert.equal((await connectivity.twins.get(administrator, pump.device)).inSync, true)
  })

  it('lets a ThingsBoard gateway speak for the devices behind it', async () => {
    const gateway = await enrol('Gateway', true)
    const client = await connect(gateway)
    const ts = Math.floor(held.clock.now() / 1000)
    await client.publishAsync('v1/gateway/connect', '{"device":"Valve A"}', { qos: 1 })
    await client.publishAsync('v1/gateway/telemetry', JSON.stringify({ 'Valve A': [{ ts, values: { open: 0.5 } }] }), {
      qos: 1,
    })
    assert.ok(signals.signals.some(({ name }) => name === 'open'))
    const { items } = await connectivity.devices.list(administrator, { q: 'Valve A' })
    assert.equal(items.length, 1)
    assert.equal(items[0]!.connection.state, 'online')
  })
})

const mosquitto = spawnSync('mosquitto_pub', ['--help']).error === undefined
const skip = mosquitto ? false : 'mosquitto-clients is not installed: apt-get install mosquitto-clients'

describe('mosquitto’s clients', { skip }, () => {
  let files: { ca: string; key: string; cert: string }
  let device: Credentials
  before(async () => {
    device = await enrol('Mosquitto')
    files = { ca: join(directory, 'ca.pem'), key: join(directory, 'key.pem'), cert: join(directory, 'cert.pem') }
    await writeFile(files.ca, held.trust.authority.certificate)
    await writeFile(files.key, device.key)
    await writeFile(files.cert, device.cert)
  })

  const mutual = () => ['--cafile', files.ca, '--cert', files.cert, '--key', files.key]
  const where = () => ['-h', 'localhost', '-p', String(adapter.port), '--cafile', files.ca]

  it('publish at every QoS with a certificate', async () => {
    for (const qos of ['0', '1', '2']) {
      const { code, errors } = await run('mosquitto_pub', [
        ...where(),
        ...mutual(),
        '-t',
        'mw/v1/telemetry',
        '-q',
        qos,
        '-m',
        `{"values":{"q${qos}":1}}`,
      ])
      assert.equal(code, 0, errors)
    }
    await until('all three', () => ['q0', 'q1', 'q2'].every((name) => signals.named(device.device, name) !== undefined))
  })

  it('publish with a ThingsBoard access token', async () => {
    const id = await announce('ThingsBoard device')
    const { token } = await held.trust.enrolment.createDeviceToken(administrator, id)
    const { code, errors } = await run('mosquitto_pub', [
      ...where(),
      '-u',
      token,
      '-t',
      'v1/devices/me/telemetry',
      '-q',
      '1',
      '-m',
      '{"temperature":42}',
    ])
    assert.equal(code, 0, errors)
    assert.ok(signals.named(id, 'temperature') !== undefined)
  })

  it('receive retained messages, and are told when a subscription is refused', async () => {
    await run('mosquitto_pub', [...where(), ...mutual(), '-t', 'mw/v1/user/mode', '-q', '1', '-r', '-m', 'auto'])
    const got = await run('mosquitto_sub', [...where(), ...mutual(), '-t', '#', '-q', '1', '-C', '1', '-W', '5', '-v'])
    assert.equal(got.output.trim(), 'mw/v1/user/mode auto', got.errors)
    const refused = await run('mosquitto_sub', [...where(), ...mutual(), '-t', '$SYS/#', '-C', '1', '-W', '5'])
    assert.match(refused.output + refused.errors, /rejected|denied|subscription/i)
  })

  it('are refused without credentials, and when they speak MQTT 5 they are told so', async () => {
    const nobody = await run('mosquitto_pub', [...where(), '-t', 'mw/v1/telemetry', '-m', '{}'])
    assert.match(nobody.errors, /not authori[sz]ed/i)
    const five = await run('mosquitto_pub', [...where(), ...mutual(), '-V', '5', '-t', 'mw/v1/telemetry', '-m', '{}'])
    assert.match(five.errors, /unsupported protocol version|protocol/i)
  })
})

function run(command: string, args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(command, args)
  let output = ''
  let errors = ''
  child.stdout.on('data', (bytes) => {
    output += bytes
  })
  child.stderr.on('data', (bytes) => {
    errors += bytes
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })))
}

/** `until` for a condition that must be awaited. */
async function pollUntil(what: string, condition: () => Promise<boolean>): Promise<void> {
  const state = { met: false, asking: false }
  const ask = async () => {
    state.asking = true
    state.met = await condition()
    state.asking = false
  }
  await until(what, () => {
    if (!state.met && !state.asking) void ask()
    return state.met
  })
}
