import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrate } from '../database/migrate.ts'
import type { Database, Migration } from '../ports.ts'

const rows = (table: string): string => `
  create table ${table} (id text primary key, tenant text not null, at bigint, doc jsonb, bytes bytea, tags text[],
    value double precision, yes boolean, version int not null default 1);
  alter table ${table} enable row level security;
  alter table ${table} force row level security;
  create policy tenant_rows on ${table} using (tenant = current_setting('app.tenant', true))
    with check (tenant = current_setting('app.tenant', true));
  grant select, insert, update, delete on ${table} to millwright_app;`

const migrations: Migration[] = [
  { id: 'sample/0001_things', sql: rows('things') },
  { id: 'sample/0002_others', sql: rows('others') },
]

/** What every database must do; `open` makes an empty one and gives the means to open it once more. */
export function databaseContract(
  name: string,
  open: () => Promise<{ database: Database; again?: () => Promise<Database> }>,
): void {
  let opened: { database: Database; again?: () => Promise<Database> }
  let database: Database
  before(async () => {
    opened = await open()
    database = opened.database
  })
  after(() => database?.close())

  test(`${name}: migrations are applied once, in order, and checked ever after`, async () => {
    assert.deepEqual(await migrate(database, migrations.slice(0, 1)), ['sample/0001_things'])
    assert.deepEqual(await migrate(database, migrations), ['sample/0002_others'])
    assert.deepEqual(await migrate(database, migrations), [])
    const crlf = migrations.map(({ id, sql }) => ({ id, sql: sql.replaceAll('\n', '\r\n') }))
    assert.deepEqual(await migrate(database, crlf), [])
    const changed = [{ ...migrations[0]!, sql: 'select 1' }, migrations[1]!]
    await assert.rejects(migrate(database, changed), { code: 'MW-STORAGE-0002', message: /sample\/0001_things/ })
    await assert.rejects(migrate(database, migrations.slice(0, 1)), {
      code: 'MW-STORAGE-0003',
      message: /newer schema/,
    })
    await assert.rejects(migrate(database, migrations.toReversed()), { code: 'MW-STORAGE-0004' })
  })

  test(`${name}: a migration that fails leaves nothing of itself or of those before it`, async () => {
    const more = [
      ...migrations,
      { id: 'sample/0003_good', sql: 'create table good (id int)' },
      { id: 'sample/0004_bad', sql: 'create table bad (id int); select * from nowhere' },
    ]
    await assert.rejects(migrate(database, more), { code: 'MW-STORAGE-0005', message: /0004_bad.*nowhere/ })
    const found = await database.system((sql) =>
      sql.query(`select 1 from pg_tables where tablename in ('good', 'bad')`, []),
    )
    assert.deepEqual(found, [])
  })

  test(`${name}: values come back as they went in`, async () => {
    const at = 1_790_000_000_123_456
    const doc = { name: 'Pümpe', nested: [1, null, { deep: true }], 'quote"': "'" }
    const given = ['t1', 'a', at, JSON.stringify(doc), Buffer.from([0, 255, 10]), ['x', 'y,z', 'q"'], 0.1, true]
    await database.tenant('a', (sql) =>
      sql.query(
        'insert into things (id, tenant, at, doc, bytes, tags, value, yes) values ($1, $2, $3, $4, $5, $6, $7, $8)',
        given,
      ),
    )
    const [row] = await database.tenant('a', (sql) => sql.query('select * from things where id = $1', ['t1']))
    assert.deepEqual(
      { ...row, bytes: [...(row!['bytes'] as Uint8Array)] },
      {
        id: 't1',
        tenant: 'a',
        at,
        doc,
        bytes: [0, 255, 10],
        tags: ['x', 'y,z', 'q"'],
        value: 0.1,
        yes: true,
        version: 1,
      },
    )
    const [counted] = await database.tenant('a', (sql) =>
      sql.query('select count(*) as n, sum(version) as s from things where tags @> $1 and id = any($2)', [
        ['x'],
        ['t1', 't2'],
      ]),
    )
    assert.deepEqual(counted, { n: 1, s: 1 })
  })

  test(`${name}: a tenant sees and touches its own rows only`, async () => {
    await database.tenant('b', (sql) => sql.query('insert into things (id, tenant) values ($1, $2)', ['t2', 'b']))
    assert.deepEqual(await ids(database, 'a'), ['t1'])
    assert.deepEqual(await ids(database, 'b'), ['t2'])
    assert.deepEqual(await ids(database, ''), [])
    assert.deepEqual(
      await database.tenant('b', (sql) => sql.query(`update things set value = 1 where id = 't1' returning id`, [])),
      [],
    )
    assert.deepEqual(
      await database.tenant('b', (sql) => sql.query(`delete from things where id = 't1' returning id`, [])),
      [],
    )
    await assert.rejects(
      database.tenant('b', (sql) => sql.query('insert into things (id, tenant) values ($1, $2)', ['t3', 'a'])),
      /row-level security/,
    )
    await assert.rejects(
      database.tenant('b', (sql) => sql.query('update things set tenant = $1', ['a'])),
      /row-level security/,
    )
    const all = await database.system((sql) => sql.query<{ id: string }>('select id from things order by id', []))
    assert.deepEqual(
      all.map(({ id }) => id),
      ['t1', 't2'],
    )
  })

  test(`${name}: a tenant's name is a value, and its role ends with the transaction`, async () => {
    const hostile = `a'; reset role; set app.tenant = 'b'; --`
    assert.deepEqual(await ids(database, hostile), [])
    const [who] = await database.system((sql) =>
      sql.query(`select current_user as role, coalesce(current_setting('app.tenant', true), '') as tenant`, []),
    )
    assert.notEqual(who!['role'], 'millwright_app')
    assert.equal(who!['tenant'], '')
    const role = await database.tenant('a', (sql) => sql.query(`select current_user as role`, []))
    assert.deepEqual(role, [{ role: 'millwright_app' }])
    await assert.rejects(
      database.tenant('a', (sql) => sql.query('create table mine (id int)', [])),
      /permission denied/,
    )
    await assert.rejects(
      database.tenant('a', (sql) => sql.query('select * from schema_migrations', [])),
      /permission denied/,
    )
  })

  test(`${name}: what throws is undone, and the next transaction is well`, async () => {
    await assert.rejects(
      database.tenant('a', async (sql) => {
        await sql.query('insert into things (id, tenant) values ($1, $2)', ['t9', 'a'])
        throw new Error('changed my mind')
      }),
      /changed my mind/,
    )
    await assert.rejects(
      database.tenant('a', (sql) => sql.query('select 1/0', [])),
      { code: '22012' },
    )
    await assert.rejects(
      database.tenant('a', (sql) => sql.query('insert into things (id, tenant) values ($1, $2)', ['t1', 'a'])),
      { code: '23505' },
    )
    assert.deepEqual(await ids(database, 'a'), ['t1'])
  })

  test(`${name}: transactions at once are as if one came after the other`, async () => {
    await database.tenant('a', (sql) => sql.query('insert into things (id, tenant, at) values ($1, $2, 0)', ['n', 'a']))
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.tenant('a', async (sql) => {
          const [row] = await sql.query<{ at: number }>('select at from things where id = $1', ['n'])
          await new Promise((resolve) => setImmediate(resolve))
          await sql.query('update things set at = $1 where id = $2', [row!.at + 1, 'n'])
        }),
      ),
    )
    const [row] = await database.tenant('a', (sql) =>
      sql.query<{ at: number }>('select at from things where id = $1', ['n']),
    )
    assert.equal(row!.at, 20)
  })

  test(`${name}: a transaction inside a transaction is refused, not waited for`, async () => {
    await assert.rejects(
      database.tenant('a', () => database.tenant('a', async () => 1)),
      { code: 'MW-STORAGE-0001' },
    )
    const later = Promise.withResolvers<number>()
    await database.system(async () => {
      setTimeout(() => database.system(async () => 1).then(later.resolve, later.reject), 1)
    })
    assert.equal(await later.promise, 1)
  })

  test(`${name}: after closing it says so; opened again it has everything`, async () => {
    await database.close()
    await database.close()
    await assert.rejects(async () => database.system(async () => 1), { code: 'MW-STORAGE-0008' })
    if (opened.again === undefined) return
    database = await opened.again()
    assert.deepEqual(await migrate(database, migrations), [])
    assert.deepEqual(await ids(database, 'a'), ['n', 't1'])
  })
}

async function ids(database: Database, tenant: string): Promise<string[]> {
  const found = await database.tenant(tenant, (sql) =>
    sql.query<{ id: string }>('select id from things order by id', []),
  )
  return found.map(({ id }) => id)
}
