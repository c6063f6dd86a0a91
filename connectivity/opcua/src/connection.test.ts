import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { opcuaAdapter } from './adapter.ts'
import type { OpcuaConfig } from './config.ts'
import { TestServer } from './testing/test-server.ts'

const MACHINE = 'urn:millwright:test:machine'

describe('an OPC UA server as a connection', () => {
  let server: TestServer
  const open: { stop(): Promise<void> }[] = []
  const ports: TestPorts[] = []

  before(async () => {
    server = await TestServer.start({
      capabilities: { maxMonitoredItemsPerSubscription: 12 },
      limits: { maxNodesPerRead: 7, maxNodesPerBrowse: 3, maxMonitoredItemsPerCall: 4 },
    })
  })
  after(async () => {
    for (const connection of open) await connection.stop()
    for (const one of ports) one.close()
    await server?.kill()
  })

  const config = (more: Partial<OpcuaConfig>): OpcuaConfig => ({
    endpoint: server.endpoint,
    security: { policy: 'None' },
    publishingInterval: 50,
    ...more,
  })
  async function run(more: Partial<OpcuaConfig>) {
    const given = new TestPorts()
    ports.push(given)
    const connection = opcuaAdapter.create(config(more), given)
    open.push(connection)
    await connection.start()
    const command = (name: string, params: unknown) =>
      connection.command!({ name, params, device: undefined, signal: AbortSignal.timeout(5000) })
    return { ports: given, connection, command }
  }

  it('takes every kind of value with its unit, time and name, inside the limits the server names', async () => {
    const { ports, connection } = await run({ rules: [{ folder: '/Objects/Machine' }] })
    await ports.until(() => ports.last('Motor/Duty') && ports.last('Tools/Wear1'))
    const value = (metric: string) => {
      const { kind, value } = ports.last(metric) ?? {}
      return [kind, value]
    }
    assert.deepEqual(value('Motor/Temperature'), ['number', 20])
    assert.equal(ports.last('Motor/Temperature')?.unit, 'Cel')
    assert.deepEqual(value('Motor/Running'), ['boolean', true])
    assert.deepEqual(value('Motor/Serial'), ['state', 'M-1234'])
    assert.deepEqual(value('Motor/Energy'), ['number', 2 ** 32 + 5])
    assert.deepEqual(value('Motor/Position'), ['number', -10])
    assert.deepEqual(value('Motor/Commissioned'), ['state', '2024-02-29T00:00:00.000Z'])
    assert.deepEqual(value('Motor/Title'), ['state', 'Hauptantrieb'])
    assert.deepEqual(value('Motor/Uid'), ['state', '72962B91-FA75-4AE6-8D28-B404DC7DAF63'])
    assert.deepEqual(value('Motor/Blob'), ['document', { base64: 'AQL/' }])
    assert.deepEqual(value('Motor/Profile'), ['document', { values: [1, 2, 3] }])
    assert.deepEqual(value('Motor/Matrix'), ['document', { dimensions: [2, 2], values: [1, 2, 3, 4] }])
    assert.deepEqual(value('Motor/Window'), ['document', { Low: 1, High: 9 }])
    assert.deepEqual(value('Motor/Duty'), ['document', { Flow: 12.5, Label: 'best', Count: 7, Steps: [1, 2] }])
    assert.deepEqual(value('Mode'), ['state', 'Automatic'])
    assert.deepEqual(value('Gate'), ['state', 'Open'])
    assert.equal(ports.state?.state, 'running')
    assert.equal(connection.counters['items'], 19)
    // The server takes twelve items in a subscription.
    assert.equal(connection.counters['subscriptions'], 2)
  })

  it('keeps source times to the microsecond and status codes as they are', async () => {
    const { ports } = await run({ nodes: [{ node: `nsu=${MACHINE};s=Speed`, metric: 'speed' }] })
    await ports.until(() => ports.last('speed'))
    const at = Date.now() - 5000
    await server.order('set', 'Speed', 1500, 'UncertainSensorNotAccurate', at, 123_456_700)
    const row = await ports.until(() => ports.rows.find(({ value }) => value === 1500))
    assert.deepEqual([row.time, row.quality], [at * 1000 + 123, 0x4093_0000])
    await server.order('set', 'Speed', null, 'BadSensorFailure')
    const none = await ports.until(() => ports.rows.find(({ kind }) => kind === 'none'))
    assert.deepEqual([none.value, none.quality], [null, 0x808c_0000])
    await server.order('set', 'Speed', 1450)
  })

  it('follows the address space: what comes is subscribed to, what goes is let go of', async () => {
    const { ports, connection } = await run({ rules: [{ folder: `nsu=${MACHINE};s=Tools`, prefix: 'tool ' }] })
    await ports.until(() => ports.last('tool Wear1'))
    await server.order('addTool', 'Wear2')
    await ports.until(() => ports.last('tool Wear2')?.value === 0.5)
    await server.order('removeTool', 'Wear2')
    await ports.until(() => connection.counters['items'] === 1)
    assert.equal(ports.state?.state, 'running')
  })

  it('takes only variables of a type, or that match', async () => {
    const typed = await run({ rules: [{ folder: '/Objects/Machine', type: 'AnalogItemType' }] })
    await typed.ports.until(() => typed.ports.last('Motor/Temperature'))
    assert.equal(typed.connection.counters['items'], 1)
    const matched = await run({ rules: [{ folder: '/Objects/Machine', match: '**/S*' }] })
    await matched.ports.until(() => matched.ports.last('Motor/Small') && matched.ports.last('Motor/Speed'))
    assert.equal(matched.connection.counters['items'], 3)
  })

  it('says what is not there and goes on with the rest; arrays are waveforms when they have a rate', async () => {
    const { ports } = await run({
      nodes: [
        { node: `nsu=${MACHINE};s=Profile`, metric: 'profile', sampleRate: 1000 },
        { node: `nsu=${MACHINE};s=Nothing` },
        { node: 'nsu=urn:nobody;s=Nothing' },
        { node: '/Objects/Machine/Missing/Thing' },
        { node: `nsu=${MACHINE};s=Speed` },
        { node: '/Objects/Machine/Motor/Running', metric: 'Speed' },
      ],
    })
    const { value } = await ports.until(() => ports.last('profile'))
    assert.deepEqual(value, { sampleRate: 1000, samples: new Float32Array([1, 2, 3]) })
    await ports.until(() => ports.last(`Speed [nsu=${MACHINE};s=Speed]`))
    assert.equal(ports.last('Speed')?.value, true)
    assert.equal(ports.state?.state, 'degraded')
    assert.match(ports.state?.reason ?? '', /Nothing.*; and \d more|Missing/)
  })

  it('writes in the type of the node and calls methods', async () => {
    const { ports, command } = await run({ rules: [{ folder: '/Objects/Machine' }] })
    await ports.until(() => ports.last('Tools/Wear1'))
    await command('write', { metric: 'Motor/Small', value: 200 })
    assert.equal(await server.order('get', 'Small'), 200)
    await command('write', { metric: 'Mode', value: 'Manual' })
    assert.equal(await server.order('get', 'Mode'), 1)
    await command('write', { metric: 'Motor/Energy', value: '18446744073709551615' })
    assert.deepEqual(await server.order('get', 'Energy'), [0xffff_ffff, 0xffff_ffff])
    await command('write', { metric: 'Gate', value: 'Shut' })
    await ports.until(() => ports.last('Gate')?.value === 'Shut')
    await assert.rejects(
      command('write', { metric: 'Motor/Small', value: 256 }),
      /whole number from 0 to 255; 256 is none/,
    )
    await assert.rejects(command('write', { metric: 'Mode', value: 'Maybe' }), /one of Off, Manual, Automatic/)
    await assert.rejects(
      command('write', { metric: 'Motor/ReadOnly', value: 1 }),
      /does not let Motor\/ReadOnly be written/,
    )
    await assert.rejects(command('write', { metric: 'Nothing', value: 1 }), /no metric Nothing/)
    const call = { object: '/Objects/Machine', method: 'Scale', args: [2.5, 4] }
    assert.deepEqual(await command('call', call), { status: 'Good', outputs: { result: 10 } })
    await assert.rejects(command('call', { ...call, args: [1] }), /takes 2 argument\(s\), not 1/)
    await assert.rejects(command('call', { ...call, args: [1, 5000] }), /The server refused: BadOutOfRange/)
    await assert.rejects(command('dance', {}), /dance is no command/)
  })

  it('is browsed page by page, and says in steps how far a test came', async () => {
    const given = new TestPorts()
    ports.push(given)
    const browse = (node?: string, cursor?: string, limit = 100) =>
      opcuaAdapter.browse!(config({}), given.probe(), { node, cursor, limit })
    const top = await browse()
    assert.deepEqual(
      top.items.map(({ name }) => name),
      ['Objects', 'Endpoints', 'Servers'],
    )
    const machine = (await browse(top.items[0]!.id)).items.find(({ name }) => name === 'Machine')!
    assert.deepEqual(machine.pick, { path: '/rules', value: { folder: `nsu=${MACHINE};s=Machine` } })
    const motor = (await browse(machine.id)).items.find(({ name }) => name === 'Motor')!
    const all = (await browse(motor.id)).items
    const paged: typeof all = []
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await browse(motor.id, cursor, 6)
      assert.ok(page.items.length <= 6)
      paged.push(...page.items)
      cursor = page.next
    }
    assert.deepEqual(paged, all)
    const temperature = all.find(({ name }) => name === 'Temperature')
    assert.deepEqual(temperature?.pick?.value, {
      node: `nsu=${MACHINE};s=Temperature`,
      metric: 'Machine/Motor/Temperature',
    })
    assert.deepEqual([temperature?.unit, temperature?.dataType, temperature?.writable], ['Cel', 'Double', true])
    const [endpoint] = (await browse(top.items[1]!.id)).items
    assert.deepEqual(endpoint?.pick, { path: '/security', value: { policy: 'None' } })
    assert.equal((await browse(top.items[2]!.id)).items[0]?.name, 'Test server')
    const test = await opcuaAdapter.test(config({ nodes: [{ node: 'i=2258' }] }), given.probe())
    assert.deepEqual([test.ok, test.steps.length, test.steps.at(-1)?.detail], [true, 6, '1 found'])
    const none = await opcuaAdapter.test({ endpoint: 'opc.tcp://127.0.0.1:1' }, given.probe())
    assert.match(none.steps.at(-1)?.detail ?? '', /connection refused.*is the server running/)
  })

  it('waits with its requests while storage is behind', async () => {
    const { ports, connection } = await run({
      nodes: [{ node: `nsu=${MACHINE};s=Wear1`, metric: 'wear', queueSize: 100 }],
    })
    await ports.until(() => ports.last('wear'))
    ports.saturate()
    for (let n = 1; n <= 20; n++) await server.order('set', 'Wear1', n)
    await ports.until(async () => {
      const before = connection.counters['publishes']!
      await new Promise((resolve) => setTimeout(resolve, 120))
      return connection.counters['publishes'] === before
    })
    ports.drain()
    await ports.until(() => ports.last('wear')?.value === 20)
  })
})
