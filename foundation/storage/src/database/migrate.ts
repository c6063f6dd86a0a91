import { createHash } from 'node:crypto'
import { storageErrors } from '../errors.ts'
import type { Database, Migration, Sql } from '../ports.ts'
import { alone } from './roles.ts'

/** Keeps the text of what was applied as well: a backup holds the schema that its rows belong to. */
const LEDGER = `create table if not exists schema_migrations (
  id text primary key, checksum text not null, position int not null, sql text not null,
  applied_at timestamptz not null default now())`

/**
 * Brings the schema up to date, all in one transaction: everything or nothing. Pass the migrations of all stages, in
 * the order of the stages. Refuses a database that a later version wrote, and a migration whose text has changed.
 * @returns the ids that were applied now
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  checkOrder(migrations)
  return database.system(async (sql) => {
    await alone(sql)
    await sql.query(LEDGER)
    const applied = await sql.query<{ id: string; checksum: string }>('select id, checksum from schema_migrations')
    const known = new Map(migrations.map((migration) => [migration.id, checksum(migration)]))
    for (const { id, checksum } of applied) {
      if (!known.has(id)) throw storageErrors.schemaNewer({ id })
      if (known.get(id) !== checksum) throw storageErrors.migrationChanged({ id })
    }
    const done = new Set(applied.map(({ id }) => id))
    const missing = migrations.filter(({ id }) => !done.has(id))
    let position = done.size
    for (const migration of missing) await apply(sql, migration, position++)
    return missing.map(({ id }) => id)
  })
}

async function apply(sql: Sql, migration: Migration, position: number): Promise<void> {
  try {
    await sql.query(migration.sql)
  } catch (cause) {
    throw storageErrors.migrationFailed({ id: migration.id, reason: (cause as Error).message, cause })
  }
  const row = [migration.id, checksum(migration), position, migration.sql]
  await sql.query('insert into schema_migrations (id, checksum, position, sql) values ($1, $2, $3, $4)', row)
}

/** Line ends differ between check-outs; they do not change a migration. */
function checksum({ sql }: Migration): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}

function checkOrder(migrations: readonly Migration[]): void {
  const last = new Map<string, string>()
  for (const { id } of migrations) {
    const stage = id.slice(0, id.indexOf('/'))
    const before = last.get(stage)
    if (!/^[a-z]+\/\d{4}_\w+$/.test(id) || (before !== undefined && before >= id)) {
      throw storageErrors.migrationOrder({ id })
    }
    last.set(stage, id)
  }
}
