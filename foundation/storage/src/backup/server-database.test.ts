import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import type { Database } from '../ports.ts'
import { startPostgres } from '../testing/index.ts'
import { dumpDatabase } from './dump-database.ts'
import { loadDatabase } from './load-database.ts'

const server = await startPostgres()
const skip = typeof server === 'string' ? server : false

const SCHEMA = `
  create table parents (id int primary key, name text, twice int generated always as (id * 2) stored);
  create table children (id bigint generated always as identity primary key, parent int references parents,
    doc jsonb, bytes bytea, list text[], value double precision)`

test('rows of a PostgreSQL server become an embedded database, and the other way round', { skip }, async () => {
  if (typeof server === 'string') return
  const root = await mkdtemp(join(tmpdir(), 'millwright-rows-'))
  after(() => rm(root, { recursive: true }))
  after(() => server.stop())
  const remote = await openDatabase({ url: server.url })
  await migrate(remote, [{ id: 'sample/0001_all', sql: SCHEMA }])
  await remote.system((sql) =>
    sql.query(
      `with made as (insert into parents (id, name) select i, e'tab\\t' || i from generate_series(1, 600) i returning id)
       insert into children (parent, doc, bytes, list, value)
       select id, jsonb_build_object('a', 'x"y'), '\\x00ff', array['a,b', null], id / 3.0 from made`,
      [],
    ),
  )
  const rows = (of: Database) =>
    of.system(async (sql) => [
      ...(await sql.query<{ row: string }>('select p::text as row from parents p order by id', [])),
      ...(await sql.query<{ row: string }>('select c::text as row from children c order by id', [])),
    ])
  const same = async (a: Database, b: Database) => {
    const [left, right] = [await rows(a), await rows(b)]
    assert.equal(left.length, 1200)
    assert.deepEqual(
      left.find((one, i) => one.row !== right[i]?.row),
      undefined,
    )
  }

  assert.deepEqual(await dumpDatabase(remote, join(root, 'from-server')), { children: 600, parents: 600 })
  const embedded = await openDatabase({ memory: true })
  assert.deepEqual(await loadDatabase(embedded, join(root, 'from-server')), { children: 600, parents: 600 })
  await same(embedded, remote)

  await dumpDatabase(embedded, join(root, 'from-embedded'))
  await remote.system((sql) => sql.query('drop schema public cascade; create schema public'))
  await loadDatabase(remote, join(root, 'from-embedded'))
  await same(remote, embedded)
  await remote.close()
  await embedded.close()
})
