import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { AgentConfiguration } from '@millwright/contracts'
import { createLog, SECOND } from '@millwright/foundation'
import { eventually, VirtualClock } from '@millwright/foundation/testing'
import { ConfigurationKeeper, EMPTY } from './keeper.ts'
import { ConfigurationStore } from './store.ts'

const log = createLog({ level: 'silent' })

describe('the configuration of an agent', () => {
  let directory: string
  let clock: VirtualClock
  let store: ConfigurationStore
  let offered: AgentConfiguration
  let reachable: boolean
  let active: number[]
  let failing: number | undefined

  const version = (number: number): AgentConfiguration => ({
    ...EMPTY,
    version: number,
    settings: { ...EMPTY.settings, rollbackAfter: 60 * SECOND },
  })
  const make = (): ConfigurationKeeper =>
    new ConfigurationKeeper({
      store,
      clock,
      log,
      fetch: async () => offered,
      activate: async (configuration) => {
        active.push(configuration.version)
        if (configuration.version === failing) throw new Error('no such thing')
      },
      confirm: () => (reachable ? Promise.resolve() : Promise.reject(new Error('away'))),
      changed: () => undefined,
    })
  /** Files are written in real time, trials pass in virtual time. */
  const until = (condition: () => boolean) =>
    eventually(async () => {
      await clock.advance(SECOND)
      return condition()
    })

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-keeper-'))
    clock = new VirtualClock()
    store = new ConfigurationStore(directory)
    reachable = true
    failing = undefined
    active = []
    offered = version(1)
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  it('is on trial until the platform answers, then applied, and survives a restart', async () => {
    const keeper = make()
    await keeper.load()
    keeper.want(1)
    await eventually(() => keeper.outcome?.state === 'pending')
    await until(() => keeper.outcome?.state === 'applied')
    assert.equal(keeper.trialEnds, undefined)
    await keeper.stop()
    const again = make()
    assert.equal((await again.load()).version, 1)
    assert.deepEqual(again.outcome, { version: 1, state: 'applied' })
    assert.deepEqual(active, [1])
  })

  it('is rolled back by itself when the platform is not reached in time, and not tried again', async () => {
    const keeper = make()
    await keeper.load()
    keeper.want(1)
    await until(() => keeper.outcome?.state === 'applied')
    offered = version(2)
    reachable = false
    keeper.want(2)
    await eventually(() => active.includes(2))
    const began = clock.steady()
    await until(() => keeper.outcome?.state === 'rolled-back')
    assert.ok(clock.steady() - began >= 59 * SECOND)
    assert.match(keeper.outcome?.reason ?? '', /could not be reached for 60 s/)
    await eventually(() => active.at(-1) === 1)
    reachable = true
    keeper.want(2)
    await until(() => true)
    assert.deepEqual(active, [1, 2, 1])
    offered = version(3)
    keeper.want(3)
    await until(() => keeper.outcome?.state === 'applied')
    assert.equal(keeper.configuration.version, 3)
  })

  it('goes back to the last good one when a new one cannot be applied', async () => {
    const keeper = make()
    await keeper.load()
    keeper.want(1)
    await until(() => keeper.outcome?.state === 'applied')
    failing = 2
    offered = version(2)
    keeper.want(2)
    await eventually(() => keeper.outcome?.state === 'failed' && active.at(-1) === 1)
    assert.match(keeper.outcome?.reason ?? '', /no such thing/)
  })

  it('gives up one under which the agent ends again and again', async () => {
    const first = make()
    await first.load()
    first.want(1)
    await until(() => first.outcome?.state === 'applied')
    await first.stop()
    offered = version(2)
    const second = make()
    await second.load()
    second.want(2)
    await eventually(() => active.includes(2))
    // The process ends before the platform answered: nothing of it is left but its files.
    for (let start = 0; start < 2; start++) assert.equal((await make().load()).version, 2)
    const last = make()
    assert.equal((await last.load()).version, 1)
    assert.deepEqual(last.outcome?.state, 'rolled-back')
    assert.match(last.outcome?.reason ?? '', /ended 3 times/)
  })

  it('keeps the one before when what came is not understood', async () => {
    const keeper = make()
    await keeper.load()
    offered = { ...version(1), surprise: true } as never
    keeper.want(1)
    await eventually(() => keeper.outcome?.state === 'failed')
    assert.match(keeper.outcome?.reason ?? '', /does not understand|understands/)
    assert.deepEqual(active, [])
  })
})
