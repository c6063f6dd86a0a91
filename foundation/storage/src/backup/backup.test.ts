import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import { openArtifacts } from '../artifacts/folder.ts'
import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { type DataDirectory, openDataDirectory } from '../directory/data-directory.ts'
import type { Artifacts, Database, Telemetry } from '../ports.ts'
import { openTelemetry } from '../telemetry/open.ts'
import { backup } from './backup.ts'
import { restore } from './restore.ts'

const root = await mkdtemp(join(tmpdir(), 'millwright-backup-'))
const file = join(root, 'backup.tar')
let directory: DataDirectory
let database: Database
let telemetry: Telemetry
let artifacts: Artifacts

const SCHEMA = `
  create table parents (id int primary key, tenant text not null, name text, twice int generated always as (id * 2) stored);
  create table children (id bigint generated always as identity primary key, parent int references parents,
    doc jsonb, bytes bytea, list text[], value double precision, at timestamptz, yes boolean, "odd Name" text);
  create table nothing (id int);
  create sequence counter;
  insert into parents (id, tenant, name) values (1, 'seed', 'a seed of the migration');
  alter table parents enable row level security; alter table parents force row level security;
  create policy tenant_rows on parents using (tenant = current_setting('app.tenant', true));
  grant select on parents to millwright_app`

before(async () => {
  directory = await openDataDirectory(join(root, 'data'))
  database = await openDatabase({ directory: directory.database })
  telemetry = await openTelemetry({ directory: directory.telemetry })
  artifacts = openArtifacts(directory.artifacts)
  await migrate(database, [{ id: 'sample/0001_all', sql: SCHEMA }])
  await database.system(async (sql) => {
    await sql.query(`update parents set name = $1`, ['changed "since"\nwith, (commas) \\ and \t tabs'])
    await sql.query(`insert into parents (id, tenant, name) select i, 'a', null from generate_series(2, 1300) i`, [])
    await sql.query(
      `insert into children (parent, doc, bytes, list, value, at, yes, "odd Name")
       select 1 + i, jsonb_build_object('i', i, 'text', e'a"b\\'c\\\\d'), decode('00ff0a', 'hex'),
         array['x,y', 'q"', null, 'ü'], case when i = 7 then 'nan'::float8 else 0.1 * i end, now(), i % 2 = 0, ''
       from generate_series(1, 1200) i`,
      [],
    )
    await sql.query(`select setval('counter', 4711)`, [])
  })
  await telemetry.client.command({
    query: `create table readings (signal UInt32, time Int64 codec(DoubleDelta, ZSTD), value Float64)
      engine = ReplacingMergeTree partition by intDiv(time, 1000000) order by (signal, time)`,
  })
  await telemetry.client.command({ query: 'create table empty_one (x UInt8) engine = MergeTree order by x' })
  await telemetry.client.command({ query: 'create view doubled as select value * 2 as twice from readings' })
  for (let batch = 0; batch < 5; batch++) {
    const rows = Array.from({ length: 1000 }, (_, i) => `${i % 10}\t${i * 5000}\t${batch + i / 7}\n`)
    await telemetry.insertTsv('readings', ['signal', 'time', 'value'], Buffer.from(rows.join('')))
  }
  for (const text of ['one', 'two', '']) await artifacts.put(bytesOf(text))
  await writeFile(join(directory.keys, 'ca.key'), 'secret key')
  await mkdir(join(directory.keys, 'server'))
  await writeFile(join(directory.keys, 'server', 'tls.pem'), 'certificate')
  await mkdir(join(directory.connections, 'identity', 'own'), { recursive: true })
  await writeFile(join(directory.connections, 'identity', 'own', 'Plant [5f3a] (1).pem'), 'application')
  const sessions = new DatabaseSync(join(directory.mqtt, 'sessions.sqlite'))
  sessions.exec(`pragma journal_mode = wal; create table session (id text); insert into session values ('s1'), ('s2')`)
  after(() => sessions.close())
  await pipeline(backup({ database, telemetry, artifacts, directory }), createWriteStream(file))
})
after(async () => {
  await telemetry.close()
  await database.close()
  await directory.release()
  await rm(root, { recursive: true, force: true })
})

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

/** Everything that must be the same after a round trip. */
const QUERIES = [
  'select * from parents order by id',
  `select *, value::text as exact from children order by id`,
  'select * from nothing',
  'select last_value from counter',
  `select tablename, policyname from pg_policies order by 1, 2`,
  `select id, checksum, sql from schema_migrations`,
]
const contents = (of: Database) =>
  of.system((sql) => Promise.all(QUERIES.map(async (query) => JSON.stringify(await sql.query(query, [])))))

test('a round trip brings everything back', async () => {
  const target = join(root, 'restored')
  const { rows, telemetry: withTelemetry } = await restore(file, target)
  assert.deepEqual(rows, { children: 1200, nothing: 0, parents: 1300 })
  assert.equal(withTelemetry, true)
  const own = await openDataDirectory(target)
  const restored = await openDatabase({ directory: own.database })
  assert.deepEqual(await contents(restored), await contents(database))
  const [next] = await restored.system((sql) =>
    sql.query<{ id: number }>(`insert into children (parent) values (1) returning id`, []),
  )
  assert.equal(next!.id, 1201)
  await restored.close()

  const readings = `select signal, time, value from readings final order by signal, time`
  assert.equal(await fromOther(own.telemetry, readings), await tsv(telemetry, readings))
  // Merges drop rows that were replaced, at any time and on either side: only what they keep is compared.
  const view = 'select max(twice) from doubled'
  assert.equal(await fromOther(own.telemetry, view), await tsv(telemetry, view))
  assert.equal(await fromOther(own.telemetry, 'select count() from empty_one'), '0\n')

  const all = async (of: Artifacts) => {
    const found: string[] = []
    for await (const { sha256 } of of.list()) {
      const hash = createHash('sha256')
      for await (const chunk of of.get(sha256)) hash.update(chunk)
      assert.equal(hash.digest('hex'), sha256)
      found.push(sha256)
    }
    return found
  }
  assert.deepEqual(await all(openArtifacts(own.artifacts)), await all(artifacts))
  assert.equal(await readFile(join(own.keys, 'ca.key'), 'utf8'), 'secret key')
  assert.equal((await stat(join(own.keys, 'ca.key'))).mode & 0o777, 0o600)
  assert.equal(await readFile(join(own.keys, 'server', 'tls.pem'), 'utf8'), 'certificate')
  const application = join(own.connections, 'identity', 'own', 'Plant [5f3a] (1).pem')
  assert.equal(await readFile(application, 'utf8'), 'application')
  const sessions = new DatabaseSync(join(own.mqtt, 'sessions.sqlite'))
  assert.deepEqual(
    sessions
      .prepare('select id from session')
      .all()
      .map((row) => row['id']),
    ['s1', 's2'],
  )
  sessions.close()
  await own.release()
})

test('it is taken while the platform writes, each table as of one moment', async () => {
  let stop = false
  const writing = (async () => {
    for (let i = 10_000; !stop; i++) {
      await database.system(async (sql) => {
        await sql.query('insert into parents (id, tenant) values ($1, $2)', [i, 'a'])
        await sql.query('insert into children (parent) values ($1)', [i])
      })
      await telemetry.insertTsv('readings', ['signal', 'time', 'value'], Buffer.from(`77\t${i}\t1\n`))
    }
  })()
  const path = join(root, 'running.tar')
  await pipeline(backup({ database, telemetry, artifacts, directory }), createWriteStream(path))
  stop = true
  await writing
  const target = join(root, 'running')
  await restore(path, target)
  const restored = await openDatabase({ directory: join(target, 'database') })
  const [row] = await restored.system((sql) =>
    sql.query<{ parents: number; children: number }>(
      `select (select count(*) from parents where id >= 10000) as parents,
         (select count(*) from children where parent >= 10000) as children`,
      [],
    ),
  )
  assert.equal(row!.parents, row!.children)
  await restored.close()
  assert.deepEqual(await readdir(directory.spool), [])
  assert.deepEqual(
    (await readdir(join(directory.telemetry, 'shadow'))).filter((name) => name.startsWith('millwright')),
    [],
  )
})

test('a reader that goes away leaves nothing behind', async () => {
  for await (const chunk of backup({ database, telemetry, artifacts, directory })) {
    assert.ok(chunk.length > 0)
    break
  }
  assert.deepEqual(await readdir(directory.spool), [])
})

test('what is no whole and sound backup is refused with a sentence, and nothing is left', async () => {
  const good = await readFile(file)
  const at = (text: string) => {
    const found = good.indexOf(text)
    assert.ok(found > 0, text)
    return found
  }
  const changed = (offset: number, text: string) => {
    const copy = Buffer.from(good)
    copy.write(text, offset)
    return copy
  }
  const cases: [string, Buffer, RegExp][] = [
    ['empty', Buffer.alloc(0), /MW-BACKUP-0001.*is empty/],
    ['text', Buffer.from('Dear Sir or Madam, '.repeat(100)), /MW-BACKUP-0001.*no tar/],
    ['cut off', good.subarray(0, good.length >> 1), /MW-BACKUP-0003/],
    ['without its end', good.subarray(0, at('manifest.json') & ~511), /MW-BACKUP-0003/],
    ['a changed key', changed(at('secret key'), 'sEcret'), /MW-BACKUP-0004.*keys\/ca\.key/],
    ['newer', changed(at('{"format":1,"created"') + 10, '9'), /MW-BACKUP-0002.*format 9/],
  ]
  for (const [name, bytes, message] of cases) {
    const path = join(root, 'bad.tar')
    await writeFile(path, bytes)
    const target = join(root, 'bad')
    await assert.rejects(
      restore(path, target),
      (error: Error & { code: string }) => message.test(`${error.code} ${error.message}`),
      name,
    )
    await assert.rejects(stat(target), { code: 'ENOENT' }, name)
  }
  await assert.rejects(restore(join(root, 'none.tar'), join(root, 'bad')), { code: 'MW-BACKUP-0001' })
})

test('only an empty directory is restored into, also one that was there, also after a cut-off try', async () => {
  await assert.rejects(restore(file, directory.path), { code: 'MW-BACKUP-0005' })
  const target = join(root, 'empty')
  await mkdir(join(target, '.restoring', 'database'), { recursive: true })
  const cut = join(root, 'cut.tar')
  await writeFile(cut, await readFile(file))
  await truncate(cut, 100_000)
  await assert.rejects(restore(cut, target), { code: 'MW-BACKUP-0003' })
  assert.deepEqual(await readdir(target), [])
  await restore(file, target)
  assert.deepEqual((await readdir(target)).sort(), [
    'artifacts',
    'connections',
    'database',
    'holder.json',
    'keys',
    'lock',
    'millwright.json',
    'mqtt',
    'telemetry',
  ])
})

async function tsv(of: Telemetry, query: string): Promise<string> {
  return (await of.client.query({ query, format: 'TabSeparated' })).text()
}

/** The engine opens one directory per process: another one is asked in a process of its own. */
async function fromOther(path: string, query: string): Promise<string> {
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const program = `
    import { openTelemetry } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)}
    const telemetry = await openTelemetry({ directory: ${JSON.stringify(path)} })
    process.stdout.write(await (await telemetry.client.query({ query: ${JSON.stringify(query)}, format: 'TabSeparated' })).text())
    await telemetry.close()`
  const options = { maxBuffer: 64 * 2 ** 20 }
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], options)).stdout
}
