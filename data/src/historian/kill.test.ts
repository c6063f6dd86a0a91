import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createBus, createLog, DAY, systemClock } from '@millwright/foundation'
import { openTelemetry } from '@millwright/storage'
import { createHistorian } from './historian.ts'
import { PlainSignals, START } from './testing.ts'

/** More by `KILLS=20`; each costs about a second. */
const KILLS = Number(process.env['KILLS'] ?? 4)
const SIGNALS = 20

describe('after kill -9 under load', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-kill-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  it('holds every acknowledged reading exactly once, and its rollups', async (test) => {
    let acknowledged = 0
    for (let kill = 0; kill < KILLS; kill++) acknowledged = await writeUntilKilled(directory, acknowledged, kill)
    test.diagnostic(`${acknowledged} rows of ${SIGNALS} signals acknowledged over ${KILLS} kills`)
    assert.ok(acknowledged > 100)

    const telemetry = await openTelemetry({ directory })
    const signals = new PlainSignals()
    const all = Array.from({ length: SIGNALS }, () => signals.add())
    const log = createLog({ level: 'silent' })
    const historian = createHistorian({ telemetry, bus: createBus(log), clock: systemClock, log, signals })
    await historian.start()
    try {
      for (const facts of [all[0]!, all[SIGNALS - 1]!]) {
        const range = { from: START, to: START + DAY }
        const raw = await historian.series(facts, range, 10_000, 'raw')
        // A commit may have been finished by the engine without the sender hearing of it: then there is one more.
        assert.ok(raw.points >= acknowledged, `${raw.points} of ${acknowledged}`)
        assert.deepEqual(
          raw.value.filter((value) => value !== null).slice(0, acknowledged),
          Array.from({ length: acknowledged }, (_, row) => row),
        )
        const newest = historian.latest(facts.key)!
        assert.equal(newest.value, raw.points - 1)
        assert.equal((await historian.series(facts, range, 1000, '1m')).points, raw.points)
        await historian.roll(START + DAY)
        assert.equal((await historian.series(facts, range, 1000, '1m')).points, raw.points)
        assert.equal((await historian.series(facts, range, 1000, '1d')).points, raw.points)
      }
    } finally {
      await historian.stop()
      await telemetry.close()
    }
  })
})

/** Starts a writer at row `from` and kills it at some moment; answers how many rows it had acknowledged. */
async function writeUntilKilled(directory: string, from: number, kill: number): Promise<number> {
  const child: ChildProcess = fork(new URL('./kill-writer.ts', import.meta.url), [directory, `${from}`, `${SIGNALS}`])
  let acknowledged = from
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (row) => {
      acknowledged = row as number
      // Some rows in, at another point of the window each time.
      if (acknowledged >= from + 30 + kill * 7) setTimeout(resolve, (kill * 13) % 40)
    })
    child.once('exit', (code) => reject(new Error(`the writer ended with ${code}`)))
  })
  child.removeAllListeners('exit')
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  return acknowledged
}
