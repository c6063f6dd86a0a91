import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { decodeBlock, MetricRows, ROW } from '@millwright/connectivity'
import { SECOND, systemClock } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { enrol } from '@millwright/sdk/device'
import { TestPlatform } from '@millwright/sdk/device/testing'
import { PlatformLink } from '../src/platform/link.ts'
import { Sender } from '../src/platform/sender.ts'
import { DurableQueue } from '../src/queue/index.ts'
import { log, temporaryFolder } from './stage.ts'

const BACKLOG = 400_000
const SECTION = { connection: 'cnx_a', device: '', source: 's' }

describe('the line back after an outage', () => {
  let platform: TestPlatform
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let queue: DurableQueue
  let link: PlatformLink
  /** Values in the order they came, and in that of their acknowledgement. */
  const came: number[] = []
  const arrived: number[] = []
  let onTheirWay = 0
  let most = 0

  const rows = (values: readonly number[]) => {
    const made = new MetricRows()
    for (const value of values) made.push('v', ROW.number, value, 0)
    for (let row = 0; row < made.length; row++) made.time[row] = systemClock.now() - 40 * SECOND + row
    return made
  }

  before(async () => {
    folder = await temporaryFolder()
    platform = await TestPlatform.start({
      onMessage: async ({ topic, bytes }) => {
        if (topic !== 'mw/v1/agent/readings') return
        const values: number[] = []
        decodeBlock(bytes, Number.MAX_SAFE_INTEGER, (_, { value, length }) => values.push(...value.subarray(0, length)))
        came.push(...values)
        onTheirWay += bytes.length
        most = Math.max(most, onTheirWay)
        // A line that carries about 1 MB a second.
        await pass(20 + bytes.length / 1000)
        onTheirWay -= bytes.length
        arrived.push(...values)
      },
    })
    queue = await DurableQueue.open({
      directory: join(folder.path, 'queue'),
      clock: systemClock,
      log,
      budget: 64 * 2 ** 20,
      backlog: 'oldest-first',
      whenFull: 'drop-oldest',
      commitEvery: 1_000,
    })
    for (let at = 0; at < BACKLOG; at += 10_000) {
      await queue.accept(SECTION, rows(Array.from({ length: 10_000 }, (_, i) => at + i + Math.random() / 2)))
    }
    const identity = await enrol({ url: platform.url, token: platform.token() })
    link = new PlatformLink({ identity, directory: join(folder.path, 'identity'), clock: systemClock, log })
    new Sender({ queue, link, clock: systemClock, log })
  })
  after(async () => {
    await link?.close()
    await queue?.close()
    await platform?.stop()
    await folder?.remove()
  })

  it('carries what is new at once, and the backlog beside it, each reading once', async (t) => {
    await eventually(() => link.up)
    const sent: number[] = []
    const delays: number[] = []
    for (let n = 0; n < 15; n++) {
      const value = BACKLOG + n
      const began = performance.now()
      await queue.accept(SECTION, rows([value]))
      sent.push(value)
      await eventually(() => arrived.includes(value))
      delays.push(performance.now() - began)
    }
    const gathered = arrived.filter((value) => value < BACKLOG).length
    t.diagnostic(`live: at most ${Math.round(Math.max(...delays))} ms; ${gathered} of ${BACKLOG} had come by then`)
    assert.ok(gathered < BACKLOG, 'the backlog was still on its way')
    assert.ok(Math.max(...delays) < 3_000)
    await eventually(() => queue.figures.readings === 0)
    assert.equal(arrived.length, BACKLOG + 15)
    assert.equal(new Set(arrived).size, BACKLOG + 15)
    // Of the backlog, oldest first: in one direction the order of a signal is kept.
    const old = came.filter((value) => value < BACKLOG)
    assert.ok(old.every((value, i) => i === 0 || value > old[i - 1]!))
    assert.ok(most < 8 * 2 ** 20, `${most} bytes unacknowledged`)
  })
})
