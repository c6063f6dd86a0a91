import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { ConnectionStatus } from '@millwright/contracts'
import { createLog, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { TestPorts, ToyAdapter } from '../testing/index.ts'
import { ConnectionHost } from './host.ts'
import type { ConnectionDefinition } from './hosted.ts'

const define = (id: string, config: Record<string, unknown> = { host: 'x' }, version = 1): ConnectionDefinition => ({
  id,
  version,
  name: id,
  adapter: 'toy',
  config,
})

describe('connection host', () => {
  let clock: VirtualClock
  let adapter: ToyAdapter
  let host: ConnectionHost
  let given: TestPorts[]
  let closed: string[]
  let told: [string, string][]

  beforeEach(() => {
    clock = new VirtualClock()
    adapter = new ToyAdapter()
    given = []
    closed = []
    told = []
    host = new ConnectionHost({
      adapters: new Map([['toy', adapter]]),
      clock,
      log: createLog({ level: 'silent' }),
      random: () => 0.5,
      ports(definition) {
        const ports = new TestPorts({ clock })
        given.push(ports)
        return {
          readings: ports.readings,
          feed: undefined,
          directory: ports.directory,
          identity: ports.identity,
          close: (reason) => void closed.push(`${definition.id}: ${reason}`),
        }
      },
    })
    host.onStatus((id, { state }: ConnectionStatus) => told.push([id, state]))
  })

  const end = async () => {
    await host.stop()
    for (const ports of given) ports.close()
  }

  it('starts what is defined, starts anew what changed, stops what is gone', async () => {
    await host.apply([define('a'), define('b')])
    assert.deepEqual(told, [
      ['a', 'running'],
      ['b', 'running'],
    ])
    const [first] = adapter.made
    assert.equal(first!.config.port, 502)
    await host.apply([define('a', { host: 'y' }, 2), define('b')])
    assert.equal(adapter.made.length, 3)
    assert.equal(first!.state, 'stopped')
    assert.equal(adapter.last.config.host, 'y')
    await host.apply([define('b')])
    assert.equal(adapter.last.state, 'stopped')
    assert.equal(host.status('a'), undefined)
    assert.equal(host.status('b')?.state, 'running')
    assert.deepEqual(closed, ['a: it was changed', 'a: it was taken away'])
    await end()
  })

  it('says what is wrong with one connection without touching the others', async () => {
    await host.apply([
      define('good'),
      define('create', { host: 'x', fault: 'create' }),
      define('start', { host: 'x', fault: 'start' }),
      define('invalid', { host: '' }),
      { ...define('unknown'), adapter: 'telex' },
    ])
    const state = (id: string) => [host.status(id)?.state, host.status(id)?.reason]
    assert.deepEqual(state('good'), ['running', undefined])
    assert.deepEqual(state('create'), ['failed', 'it cannot be made'])
    assert.deepEqual(state('start'), ['failed', 'no such interface'])
    assert.match(state('invalid')[1]!, /"Host" \(config\/host\)/)
    assert.match(state('unknown')[1]!, /no adapter telex/)
    const before = adapter.made.length
    await clock.advance(2 * SECOND)
    assert.equal(adapter.made.length, before + 1, 'what did not start is tried again')
    await end()
    assert.equal(host.status('good'), undefined)
  })

  it('does not wait for ever for one that hangs', async () => {
    const applied = host.apply([define('hangs', { host: 'x', fault: 'start-hangs' }), define('good')])
    await clock.advance(1)
    assert.equal(host.status('good')?.state, 'running')
    assert.equal(host.status('hangs')?.state, 'starting')
    await clock.advance(20 * SECOND)
    await applied
    assert.equal(host.status('hangs')?.state, 'failed')
    await host.apply([
      define('stuck', { host: 'x', fault: 'stop-hangs' }),
      define('rude', { host: 'x', fault: 'stop' }),
    ])
    const stopped = end()
    await clock.advance(21 * SECOND)
    await stopped
  })

  it('counts readings and their rate, and keeps the last error', async () => {
    await host.apply([define('a')])
    const { last } = adapter
    for (let i = 0; i < 10; i++) {
      await last.read({ a: 1, b: 2 })
      await clock.advance(SECOND)
    }
    const status = host.status('a')!
    assert.deepEqual([status.readings, status.readingsPerSecond, status.counters], [20, 2, { reads: 10 }])
    assert.equal(status.lastReadingAt, clock.now() - SECOND)
    given[0]!.failing = new Error('disk full')
    await assert.rejects(last.read({ a: 1 }), /disk full/)
    assert.deepEqual(host.status('a')?.lastError?.reason, 'disk full')
    assert.equal(host.status('a')?.state, 'running')
    await clock.advance(20 * SECOND)
    assert.equal(host.status('a')?.readingsPerSecond, 0)
    last.ports.status.waiting('No answer\nfrom 10.0.0.5')
    assert.equal(host.status('a')?.reason, 'No answer from 10.0.0.5')
    await end()
  })

  it('hears no more of an instance that was replaced', async () => {
    await host.apply([define('a')])
    const old = adapter.last
    await host.apply([define('a', { host: 'y' }, 2)])
    old.ports.status.failed('I am still here')
    assert.equal(host.status('a')?.state, 'running')
    await end()
  })

  it('takes commands to the connection', async () => {
    await host.apply([define('a'), define('off', { host: 'x', fault: 'start' })])
    const signal = AbortSignal.timeout(1_000)
    const command = { name: 'write', params: { metric: 'a', value: 1 }, device: 'Unit 1', signal }
    assert.deepEqual(await host.command('a', command), { wrote: command.params, device: 'Unit 1' })
    await assert.rejects(host.command('a', { ...command, name: 'dance' }), /can only write/)
    await assert.rejects(host.command('off', command), /not running: no such interface/)
    await assert.rejects(host.command('nobody', command), /not here/)
    await end()
  })
})
