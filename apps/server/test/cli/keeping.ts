import assert from 'node:assert/strict'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { startPlatform } from '../harness/platform.ts'
import type { CliWorld, List } from './world.ts'

/** The audit log and backups by the command. */
export function keepingCalls(world: CliWorld): void {
  it('verifies the audit log, and says with its exit code when it is broken', async () => {
    const { operator } = world
    const { out, code } = await operator.run(['audit', 'verify'])
    assert.equal(code, 0)
    assert.match(out, /^The audit log is whole: \d+ entries/)
    const { items } = await operator.json<List<{ action: string }>>('audit', 'list', '--action', 'alarm.acknowledge')
    assert.deepEqual(
      items.map(({ action }) => action),
      ['alarm.acknowledge'],
    )
  })

  it('backs the platform up into one file, and restores it into a new directory', async () => {
    const { base, file, operator, user } = world
    const backup = await operator.run(['backup', 'platform.tar'])
    assert.equal(backup.code, 0, backup.err)
    assert.equal((await stat(file('platform.tar'))).mode & 0o777, 0o600)
    assert.deepEqual(
      (await readdir(join(base, 'operator'))).filter((name) => name.endsWith('.partial')),
      [],
    )
    const restored = await operator.run(['restore', 'platform.tar', '--data', 'restored'])
    assert.equal(restored.code, 0, restored.err)
    const second = await operator.run(['restore', 'platform.tar', '--data', 'restored'])
    assert.deepEqual([second.code, /MW-BACKUP-0005/.test(second.err)], [1, true])
    const from = await startPlatform({ directory: file('restored') })
    try {
      const there = await user('there', { url: from.url, data: from.directory })
      assert.equal((await there.run(['audit', 'verify'])).code, 0)
      const latest = await there.json<List<{ value: number }>>('query', 'latest', 'P-201/flow')
      assert.equal(latest.items[0]!.value, 0.1)
    } finally {
      await from.stop()
      await rm(file('restored'), { recursive: true, force: true })
    }
  })
}
