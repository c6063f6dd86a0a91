import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createLog, SECOND } from '@millwright/foundation'
import { eventually, VirtualClock } from '@millwright/foundation/testing'
import { DeviceTwins, type Setpoint } from './device-twins.ts'

describe('desired values of devices behind the agent', () => {
  let directory: string
  let clock: VirtualClock
  let written: Setpoint[]
  let working: boolean
  let fails: string | undefined

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-twins-'))
    clock = new VirtualClock()
    written = []
    working = true
    fails = undefined
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const open = async () => {
    const twins = new DeviceTwins({
      clock,
      log: createLog({ level: 'silent' }),
      file: join(directory, 'twins.json'),
      works: () => working,
      write: async (setpoint) => {
        if (fails !== undefined) throw new Error(fails)
        written.push(setpoint)
      },
      changed: () => undefined,
    })
    await twins.open()
    return twins
  }
  const tree = (value: unknown) => ({ cnx_a: { 'Unit 7': { setpoint: value } } })

  it('are written when the connection works, once for each change, over restarts', async () => {
    working = false
    const first = await open()
    await first.want(tree(5))
    await first.stop()
    assert.equal(written.length, 0)
    working = true
    const second = await open()
    second.poke()
    await eventually(() => written.length === 1)
    assert.deepEqual(written[0], { connection: 'cnx_a', device: 'Unit 7', metric: 'setpoint', value: 5 })
    await eventually(() => JSON.stringify(second.reported.devices) === JSON.stringify(tree(5)))
    await second.stop()
    const third = await open()
    await third.want(tree(5))
    third.poke()
    await third.want(tree(6))
    await eventually(() => written.length === 2)
    assert.equal(written[1]!.value, 6)
    await third.stop()
  })

  it('are tried again, and say why they are not there yet', async () => {
    fails = 'The register is read only.'
    const twins = await open()
    await twins.want(tree(true))
    await eventually(() => JSON.stringify(twins.reported.problems).includes('read only'))
    fails = undefined
    await eventually(async () => {
      await clock.advance(SECOND)
      return written.length === 1
    })
    await eventually(() => JSON.stringify(twins.reported.problems) === '{}')
    await twins.stop()
  })

  it('are forgotten when they are not wanted any more; nonsense is passed over', async () => {
    const twins = await open()
    await twins.want(tree(1))
    await eventually(() => written.length === 1)
    await twins.want({ cnx_a: 'nonsense', cnx_b: [1], cnx_c: { d: null } })
    assert.deepEqual(twins.reported, { devices: {}, problems: {} })
    await twins.want(tree(2))
    await twins.stop()
    // What was not wanted any more while the agent was off.
    const again = await open()
    await again.want(undefined)
    assert.deepEqual(again.reported, { devices: {}, problems: {} })
    await again.stop()
  })
})
