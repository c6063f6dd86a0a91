import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { databaseContract } from '../../testing/index.ts'
import { openDatabase } from '../open.ts'

const root = await mkdtemp(join(tmpdir(), 'millwright-pglite-'))

databaseContract('PGlite', async () => {
  const directory = join(root, 'contract')
  return { database: await openDatabase({ directory }), again: () => openDatabase({ directory }) }
})
// After the contract's own hooks, which close what lies in there.
after(() => rm(root, { recursive: true, force: true }))

test('a damaged directory is told, not made anew or changed', async () => {
  const directory = join(root, 'damaged')
  await (await openDatabase({ directory })).close()
  const version = join(directory, 'PG_VERSION')
  await rm(version)
  await assert.rejects(openDatabase({ directory }), { code: 'MW-STORAGE-0010', message: /PG_VERSION/ })
  await writeFile(version, '99\n')
  await assert.rejects(openDatabase({ directory }), { code: 'MW-STORAGE-0011', message: /PostgreSQL 99/ })
  await writeFile(version, '18\n')
  await writeFile(join(directory, 'global', 'pg_control'), 'x'.repeat(8192))
  await assert.rejects(openDatabase({ directory }), { code: 'MW-STORAGE-0010', message: /cannot be opened \(.+\)/ })
})

test('a database whose making was cut off is made again', async () => {
  const directory = join(root, 'cut-off')
  await mkdir(join(`${directory}.new`, 'base'), { recursive: true })
  const database = await openDatabase({ directory })
  assert.deepEqual(await database.system((sql) => sql.query('select 1 as one', [])), [{ one: 1 }])
  await database.close()
})

test('every acknowledged commit survives kill -9', async () => {
  const directory = join(root, 'killed')
  const program = `
    import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL('../../index.ts', import.meta.url)))}
    const database = await openDatabase({ directory: ${JSON.stringify(directory)} })
    await database.system((sql) => sql.query('create table if not exists numbers (n int)'))
    for (let n = 0; ; n++) {
      await database.system((sql) => sql.query('insert into numbers values ($1)', [n]))
      process.stdout.write(n + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.on('data', (bytes) => {
    told += bytes
    if (told.length > 1500) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const acknowledged = Number(told.trimEnd().split('\n').at(-1))
  const database = await openDatabase({ directory })
  const [row] = await database.system((sql) =>
    sql.query<{ n: number; last: number }>('select count(*) as n, max(n) as last from numbers', []),
  )
  assert.ok(acknowledged > 100)
  assert.ok(row!.last >= acknowledged, `acknowledged ${acknowledged}, kept ${row!.last}`)
  assert.equal(row!.n, row!.last + 1)
  await database.close()
})
