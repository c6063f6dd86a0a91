import assert from 'node:assert/strict'
import { mkdtemp, open, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import type { historyOperations, ReplyOf } from '@millwright/contracts'
import { HOUR, SECOND } from '@millwright/foundation'
import { openTelemetry } from '@millwright/storage'
import type { Call } from '@millwright/trust'
import { START, somebody, type TestHistorian, testHistorian } from './testing.ts'

type Health = ReplyOf<typeof historyOperations.getDataHealth>
type HealthCall = Call<typeof historyOperations.getDataHealth>

const range = { from: START, to: START + HOUR }

describe('a data directory with damaged files', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-damage-'))
    const test = await opened()
    const facts = test.signals.add()
    for (let window = 0; window < 3; window++) {
      await test.write(
        facts,
        Array.from({ length: 200 }, (_, i) => [START + (window * 200 + i) * SECOND, Math.random()]),
      )
    }
    await test.close()
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const opened = async () => testHistorian({ telemetry: await openTelemetry({ directory }) })

  /** The data files of the readings' parts. */
  async function parts(): Promise<string[]> {
    const found = await readdir(join(directory, 'store'), { recursive: true })
    return found
      .filter((name) => /\/2-2026\d+_\d+_\d+_\d+\/data\.bin$/.test(name))
      .map((name) => join(directory, 'store', name))
  }

  /** What a person sees of it: the state, and what is left to see. */
  async function seen(test: TestHistorian) {
    const facts = test.signals.byKey(1) ?? test.signals.add()
    const { points } = await test.historian.series(facts, range, 1000, 'raw')
    const call = { actor: somebody({ platform: true }) } as HealthCall
    const { state, reason } = (await test.historian.handlers.getDataHealth(call)) as Health
    return { state, reason, points }
  }

  it('starts without a file that is cut short or missing, and says what was lost and what to do', async () => {
    const [first, second] = await parts()
    await truncate(first!, 100)
    await rm(second!)
    const test = await opened()
    const { state, reason, points } = await seen(test)
    assert.equal(points, 200)
    assert.equal(state, 'failing')
    assert.match(
      reason!,
      /^2 damaged part\(s\) of readings were set aside \(.*Restore a backup or have the senders send/,
    )
    await test.close()
  })

  it('sets aside what has changed on disk when it meets it, and shows the rest', async () => {
    const file = await open((await parts())[1]!, 'r+')
    await file.write(Buffer.from('not what was written'), 0, 20, 500)
    await file.close()
    const test = await opened()
    // The first to meet it is told to ask again.
    await assert.rejects(seen(test), { code: 'MW-DATA-0015', status: 503 })
    let found = await seen(test).catch(() => undefined)
    for (const end = Date.now() + 5_000; found === undefined && Date.now() < end; ) {
      found = await seen(test).catch(() => undefined)
    }
    assert.equal(found?.points, 400)
    assert.equal(found?.state, 'failing')
    assert.match(found.reason!, /^1 damaged part\(s\) of readings/)
    await test.close()
  })

  it('says which tables are missing', async () => {
    const found = await readdir(join(directory, 'store'), { recursive: true })
    await rm(join(directory, 'store', found.find((name) => name.endsWith('/readings.sql'))!))
    const telemetry = await openTelemetry({ directory })
    await assert.rejects(testHistorian({ telemetry }), {
      code: 'MW-DATA-0016',
      message: /^The tables readings are missing/,
    })
    await telemetry.close()
  })
})
