import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { HOUR, SECOND } from '@millwright/foundation'
import { openTelemetry } from '@millwright/storage'
import { START, type TestHistorian, testHistorian } from '../historian/testing.ts'

/** A file system of its own that can be filled; needs root on Linux. */
function smallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'millwright-small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', directory], { stdio: 'ignore' })
    return directory
  } catch {
    // No right to mount (a container): the test is skipped aloud.
    rmSync(directory, { recursive: true })
    return undefined
  }
}

const disk = smallDisk()

describe('a full disk', {
  skip: disk === undefined && 'needs root, Linux and mount to make a small file system',
}, () => {
  let test: TestHistorian
  before(async () => {
    test = await testHistorian({ telemetry: await openTelemetry({ directory: join(disk!, 'telemetry') }) })
  })
  after(async () => {
    await test.close()
    execFileSync('umount', ['-l', disk!])
    rmSync(disk!, { recursive: true })
  })

  it('acknowledges nothing that is not stored, says so, and goes on by itself when there is room', async () => {
    const facts = test.signals.add()
    const filler = join(disk!, 'filler')
    const stored = async () =>
      (await test.historian.series(facts, { from: START, to: START + HOUR }, 1000, 'raw')).value
    await test.write(facts, [[START, 1]])
    await writeFile(filler, Buffer.alloc(80 * 1024 * 1024)).catch(() => undefined)
    await assert.rejects(test.write(facts, [[START + SECOND, 2]]), {
      code: 'MW-DATA-0009',
      message: /No space left|not enough space/i,
    })
    assert.equal(test.historian.ingest().state, 'failing')
    assert.deepEqual(await stored(), [1])
    assert.equal(test.historian.latest(facts.key)?.value, 1)
    await unlink(filler)
    await test.write(facts, [[START + SECOND, 2]])
    assert.equal(test.historian.ingest().state, 'ok')
    assert.deepEqual(await stored(), [1, 2])
  })
})
