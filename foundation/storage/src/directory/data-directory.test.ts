import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createLog, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { openDataDirectory } from './data-directory.ts'
import { watchSpace } from './space.ts'

const root = await mkdtemp(join(tmpdir(), 'millwright-directory-'))
after(() => rm(root, { recursive: true }))
const door = JSON.stringify(fileURLToPath(new URL('../index.ts', import.meta.url)))
let count = 0
const fresh = () => join(root, `data-${count++}`)

test('a directory is made once and opened again', async () => {
  const path = fresh()
  const first = await openDataDirectory(path)
  assert.equal(first.fresh, true)
  assert.deepEqual((await readdir(path)).sort(), [
    'artifacts',
    'connections',
    'database',
    'holder.json',
    'keys',
    'lock',
    'millwright.json',
    'mqtt',
    'spool',
    'telemetry',
  ])
  await first.release()
  const second = await openDataDirectory(path)
  assert.equal(second.fresh, false)
  await second.release()
})

test('one process holds it: a second is told which, and a kill -9 leaves nothing in the way', async () => {
  const path = fresh()
  const program = `
    import { openDataDirectory } from ${door}
    await openDataDirectory(${JSON.stringify(path)})
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await assert.rejects(openDataDirectory(path), {
    code: 'MW-DIR-0001',
    message: new RegExp(`process ${child.pid}\\).*--data`),
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const mine = await openDataDirectory(path)
  await assert.rejects(openDataDirectory(path), { code: 'MW-DIR-0001' })
  await mine.release()
  await (await openDataDirectory(path)).release()
})

test('each thing that can be wrong with it has its own sentence, and nothing is touched', async () => {
  const newer = fresh()
  await mkdir(newer)
  await writeFile(join(newer, 'millwright.json'), '{"format":99}')
  await assert.rejects(openDataDirectory(newer), { code: 'MW-DIR-0003', message: /newer version.*format 99/ })
  assert.equal(await readFile(join(newer, 'millwright.json'), 'utf8'), '{"format":99}')

  for (const text of ['', '{"format":', '{}', 'null', '{"format":"1"}']) {
    const damaged = fresh()
    await mkdir(damaged)
    await writeFile(join(damaged, 'millwright.json'), text)
    await assert.rejects(openDataDirectory(damaged), { code: 'MW-DIR-0004', message: /is damaged/ })
    assert.deepEqual((await readdir(damaged)).sort(), ['holder.json', 'lock', 'millwright.json'])
  }

  const file = fresh()
  await writeFile(file, 'x')
  await assert.rejects(openDataDirectory(file), { code: 'MW-DIR-0005' })
  await assert.rejects(openDataDirectory(join(file, 'below')), { code: 'MW-DIR-0005' })

  const foreign = fresh()
  await mkdir(foreign)
  await writeFile(join(foreign, 'thesis.doc'), 'x')
  await assert.rejects(openDataDirectory(foreign), { code: 'MW-DIR-0006', message: /thesis\.doc/ })
})

test('a directory that this user may not write', async () => {
  const path = fresh()
  await mkdir(path, { mode: 0o755 })
  await chmod(root, 0o755)
  if (process.getuid?.() !== 0) await chmod(path, 0o500)
  // Root may write everything, so as root the attempt is made by the plain user `nobody`.
  const plain = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const program = `
    import { openDataDirectory } from ${door}
    await openDataDirectory(${JSON.stringify(path)}).catch((error) => console.log(error.code, error.message))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    ...plain,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [told] = await once(child.stdout, 'data')
  assert.match(String(told), /^MW-DIR-0002 .*permission denied/)
  assert.deepEqual(await readdir(path), [])
})

test('a disk that runs full is told once, and once when it is well again', async () => {
  const clock = new VirtualClock()
  let free = 1000
  const watch = await watchSpace(root, {
    clock,
    log: createLog({ level: 'silent' }),
    keepFree: 400,
    measure: async () => ({ free, total: 2000 }),
  })
  const told: boolean[] = []
  watch.onChange((space) => told.push(space.low))
  assert.deepEqual(watch.space, { free: 1000, total: 2000, low: false })
  free = 300
  await clock.advance(6 * SECOND)
  free = 450
  await clock.advance(6 * SECOND)
  assert.deepEqual(watch.space, { free: 450, total: 2000, low: true })
  free = 600
  await clock.advance(6 * SECOND)
  assert.deepEqual(told, [true, false])
  watch.stop()
  free = 1
  await clock.advance(60 * SECOND)
  assert.deepEqual(told, [true, false])
})

test('the real disk has space', async () => {
  const watch = await watchSpace(root, { clock: new VirtualClock(), log: createLog({ level: 'silent' }), keepFree: 1 })
  assert.ok(watch.space.free > 1 && watch.space.total >= watch.space.free)
  watch.stop()
})
