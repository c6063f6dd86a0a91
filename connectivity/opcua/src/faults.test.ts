import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { opcuaAdapter } from './adapter.ts'
import type { OpcuaConfig } from './config.ts'
import { Network } from './testing/network.ts'
import { TestServer } from './testing/test-server.ts'

const MACHINE = 'urn:millwright:test:machine'
const TEMPERATURE = { node: `nsu=${MACHINE};s=Temperature`, metric: 'temperature', queueSize: 20 }

describe('an OPC UA connection when things break', { concurrency: 4 }, () => {
  const clean: (() => Promise<unknown> | unknown)[] = []
  after(async () => {
    for (const work of clean.toReversed()) await work()
  })

  async function start(settings = {}): Promise<TestServer> {
    const server = await TestServer.start(settings)
    clean.push(() => server.kill())
    return server
  }
  async function run(config: Partial<OpcuaConfig> & { endpoint: string }, keep?: TestPorts) {
    // Waits between attempts are not what is looked at here: the shortest jitter.
    const ports = new TestPorts({ random: () => 0, ...(keep === undefined ? {} : { keep }) })
    if (keep === undefined) clean.push(() => ports.close())
    const connection = opcuaAdapter.create(
      { security: { policy: 'None' }, publishingInterval: 50, timeout: 500, ...config },
      ports,
    )
    clean.push(() => connection.stop())
    await connection.start()
    return { ports, connection }
  }
  describe('on the way', { concurrency: 1 }, () => {
    let server: TestServer
    before(async () => {
      server = await start()
    })

    it('takes its session up again when the network was cut, and fills the gap from history', async () => {
      const network = await Network.to(server.port)
      clean.push(() => network.close())
      const { ports, connection } = await run({ endpoint: network.endpoint, nodes: [TEMPERATURE] })
      await ports.until(() => ports.last('temperature'))
      await server.order('tick', 15)
      await ports.until(() => ports.rows.length > 10)
      network.cut()
      await ports.until(() => ports.state?.state === 'waiting')
      assert.match(ports.state?.reason ?? '', /broke the connection|connection refused|does not answer/)
      // Longer than the item's queue holds: what it drops is only in the history.
      const value = async () => Number(await server.order('get', 'Temperature'))
      const cut = await value()
      await ports.until(async () => (await value()) > cut + 40)
      const mended = await value()
      network.mend()
      await ports.until(() => connection.counters['sessions_resumed'] === 1 && ports.state?.state === 'running')
      const count = ports.rows.length
      await ports.until(() => ports.rows.length > count + 3)
      await server.order('stopTicking')
      // The server samples live values; its history has them all.
      const seen = new Set(ports.values('temperature'))
      for (let n = cut; n <= mended; n++) assert.ok(seen.has(n), `${n} of ${cut} to ${mended} is missing`)
      assert.ok(connection.counters['history_values']! > 10)
    })

    it('reads what it missed while it was not running itself', async () => {
      const first = await run({ endpoint: server.endpoint, nodes: [TEMPERATURE] })
      await first.ports.until(() => first.ports.last('temperature'))
      await first.connection.stop()
      for (let n = 1; n <= 30; n++) await server.order('set', 'Temperature', n)
      const { ports } = await run({ endpoint: server.endpoint, nodes: [TEMPERATURE] }, first.ports)
      await ports.until(() => ports.last('temperature'))
      await ports.until(() => new Set(ports.values('temperature')).size >= 30)
      for (let n = 1; n <= 30; n++) assert.ok(ports.values('temperature').includes(n), `${n} is missing`)
    })

    it('asks again for whom the server held no continuation points, of its nodes and of its history', async () => {
      await server.order('lie', 'points')
      const nodes = [TEMPERATURE, { ...TEMPERATURE, node: `nsu=${MACHINE};s=Level`, metric: 'level' }]
      const config = { endpoint: server.endpoint, nodes, rules: [{ folder: '/Objects/Machine' }], timeout: 10_000 }
      const first = await run(config)
      await first.ports.until(() => first.ports.last('level') && first.ports.last('Motor/Duty'), 60_000)
      assert.equal(first.connection.counters['items'], 20)
      await first.connection.stop()
      for (let n = 1001; n <= 1030; n++) for (const name of ['Temperature', 'Level']) await server.order('set', name, n)
      const { ports } = await run(config, first.ports)
      for (const metric of ['temperature', 'level'])
        await ports.until(() => ports.values(metric).filter((value) => Number(value) > 1000).length >= 30, 60_000)
      await server.order('lie', null)
      await server.order('set', 'Temperature', 0)
    })

    it('stores again what storage failed to take', async () => {
      const { ports, connection } = await run({ endpoint: server.endpoint, nodes: [TEMPERATURE] })
      await ports.until(() => ports.last('temperature'))
      ports.failing = new Error('disk full')
      const accepts = ports.accepts
      await server.order('set', 'Temperature', 55)
      await ports.until(() => ports.accepts > accepts)
      ports.failing = undefined
      await ports.until(() => ports.last('temperature')?.value === 55)
      assert.ok(connection.counters['republished']! > 0)
    })

    it('bears a server that lies: about items, times, numbers, subscriptions, and how many results there are', async () => {
      const { ports, connection } = await run({
        endpoint: server.endpoint,
        nodes: [TEMPERATURE],
        rules: [{ folder: `nsu=${MACHINE};s=Motor`, match: 'Sp*' }],
      })
      let n = 100
      const set = () => server.order('set', 'Temperature', ++n)
      const lying = async (kind: string, caught: () => unknown) => {
        await server.order('lie', kind)
        await ports.until(async () => {
          await set()
          return caught()
        })
        await server.order('lie', null)
        // All is well again once it stops.
        await ports.until(() => set().then(() => ports.values('temperature').includes(n - 1)))
      }
      await ports.until(() => ports.last('temperature'))
      await lying('handles', () => connection.counters['unknown_items']! > 3)
      assert.equal(ports.refused.length, 1)
      await lying('times', () => connection.counters['bad_times']! > 0)
      assert.ok(ports.rows.every(({ time }) => time <= Date.now() * 1000 + 1e6))
      await lying('sequence', () => connection.counters['sequence_gaps']! > 0)
      await lying('subscription', () => connection.counters['publishes']! > 0)
      await lying('results', () => ports.statuses.filter(({ state }) => state === 'waiting').length > 0)
    })
  })

  describe('in the server', { concurrency: 1 }, () => {
    let server: TestServer
    before(async () => {
      server = await start()
    })

    it('finds a server that hangs, and goes on when it wakes', async () => {
      const { ports, connection } = await run({ endpoint: server.endpoint, nodes: [TEMPERATURE] })
      await ports.until(() => ports.last('temperature'))
      server.freeze()
      await ports.until(() => ports.state?.state === 'waiting')
      assert.match(ports.state?.reason ?? '', /does not answer/)
      server.thaw()
      await ports.until(() => ports.state?.state === 'running')
      await server.order('set', 'Temperature', 77)
      await ports.until(() => ports.last('temperature')?.value === 77)
      assert.ok(connection.counters['connects']! >= 2)
    })

    it('finds a network that swallows everything', async () => {
      const network = await Network.to(server.port)
      clean.push(() => network.close())
      const { ports } = await run({ endpoint: network.endpoint, nodes: [TEMPERATURE] })
      await ports.until(() => ports.last('temperature'))
      network.swallow()
      await ports.until(() => ports.state?.state === 'waiting')
      network.mend()
      await ports.until(() => ports.state?.state === 'running')
    })

    it('finds its nodes again in a server that restarted with another address space', async () => {
      const { ports, connection } = await run({
        endpoint: server.endpoint,
        nodes: [TEMPERATURE],
        rules: [{ folder: '/Objects/Machine', match: '**/Speed' }],
      })
      await ports.until(() => ports.last('temperature') && ports.last('Motor/Speed'))
      await server.kill()
      await ports.until(() => ports.state?.state === 'waiting')
      const second = await start({ port: server.port, variant: 'second' })
      await ports.until(() => ports.state?.state === 'running')
      await second.order('set', 'Temperature', 5)
      await ports.until(() => ports.last('temperature')?.value === 5 && ports.last('Speed')?.value === 1450)
      assert.equal(connection.counters['items'], 2)
      assert.equal(connection.counters['sessions_resumed'], 0)
    })
  })

  it('takes its subscriptions over when the server gave up the session, or makes new ones', async () => {
    for (const policy of ['Basic256Sha256', 'None'] as const) {
      const server = await start({ policies: [policy], modes: [policy === 'None' ? 'None' : 'SignAndEncrypt'] })
      const network = await Network.to(server.port)
      clean.push(() => network.close())
      const { ports, connection } = await run({
        endpoint: network.endpoint,
        security: { policy },
        trustedCertificates: [server.certificate],
        nodes: [TEMPERATURE],
      })
      await ports.until(() => ports.last('temperature'))
      network.cut()
      await ports.until(() => ports.state?.state === 'waiting')
      await server.order('endSessions')
      await server.order('set', 'Temperature', 41)
      await server.order('set', 'Temperature', 42)
      network.mend()
      await ports.until(() => ports.state?.state === 'running')
      await ports.until(() => [41, 42].every((value) => ports.values('temperature').includes(value)))
      await server.order('set', 'Temperature', 43)
      await ports.until(() => ports.last('temperature')?.value === 43)
      const { sessions_resumed: resumed, subscriptions_transferred: transferred, items } = connection.counters
      // An anonymous session on an unsecured channel may not take another's subscriptions (Part 4, 5.14.7).
      assert.deepEqual([resumed, transferred, items], [0, policy === 'None' ? 0 : 1, 1])
    }
  })

  it('bears a peer that is no OPC UA server: silent, talking nonsense, flooding, hanging in a message', async () => {
    const says: ((socket: Socket) => void)[] = [
      () => {},
      (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      (socket) => {
        const flood = () => {
          while (socket.writable && socket.write(Buffer.alloc(65_536, 0x41)));
        }
        socket.on('drain', flood)
        flood()
      },
      // An acknowledge that announces four gigabytes, and stops.
      (socket) => socket.write(Buffer.from('41434b46ffffffff00000000', 'hex')),
      // A proper acknowledge, and half a message behind it.
      (socket) =>
        socket.write(
          Buffer.from('41434b461c0000000000000000000100000001000000000000000000' + '4f504e46ff000000aabb', 'hex'),
        ),
    ]
    let turn = 0
    const liar = createServer((socket) => {
      socket.on('error', () => {})
      says[turn % says.length]!(socket)
    }).listen(0, '127.0.0.1')
    await once(liar, 'listening')
    clean.push(() => liar.close())
    const endpoint = `opc.tcp://127.0.0.1:${(liar.address() as { port: number }).port}`
    const given = new TestPorts()
    clean.push(() => given.close())
    const before = process.memoryUsage().rss
    for (; turn < says.length; turn++) {
      const result = await opcuaAdapter.test({ endpoint, timeout: 500 }, given.probe())
      assert.equal(result.ok, false)
      assert.equal(result.steps.length, 1)
      assert.ok(result.steps[0]!.detail.length > 10, result.steps[0]!.detail)
    }
    assert.ok(process.memoryUsage().rss - before < 200e6)
  })
})
