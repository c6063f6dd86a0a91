import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { databaseContract, startPostgres } from '../testing/index.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

const server = await startPostgres()
if (typeof server === 'string') test('PostgreSQL: the database contract', { skip: server })
else {
  after(() => server.stop())
  databaseContract('PostgreSQL', async () => ({
    database: await openDatabase({ url: server.url }),
    again: () => openDatabase({ url: server.url }),
  }))

  test('PostgreSQL: two servers that start at once migrate once', async () => {
    const both = await Promise.all([openDatabase({ url: server.url }), openDatabase({ url: server.url })])
    await both[0].system((sql) => sql.query('drop schema public cascade; create schema public'))
    const list = [{ id: 'sample/0001_slow', sql: 'create table slow (id int); select pg_sleep(0.1)' }]
    const applied = await Promise.all(both.map((database) => migrate(database, list)))
    assert.deepEqual(applied.flat(), ['sample/0001_slow'])
    for (const database of both) await database.close()
  })

  test('PostgreSQL: a user that may not pass row-level security is refused with the remedy', async () => {
    const admin = await openDatabase({ url: server.url })
    await admin.system((sql) => sql.query('create role weak login'))
    await admin.close()
    await assert.rejects(openDatabase({ url: server.url.replace('mill@', 'weak@') }), {
      code: 'MW-STORAGE-0006',
      message: /weak.*BYPASSRLS/,
    })
  })
}

test('PostgreSQL: a server that does not answer is one sentence', async () => {
  await assert.rejects(openDatabase({ url: 'postgres://mill@127.0.0.1:1/mill' }), {
    code: 'MW-STORAGE-0007',
    message: /127\.0\.0\.1:1 does not answer/,
  })
})
