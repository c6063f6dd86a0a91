import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Sql } from '../ports.ts'

const ROWS_AT_ONCE = 500

/** A table's columns that are stored, not computed. */
export interface TableColumns {
  readonly columns: readonly string[]
}

/** A name as it stands in a statement. */
export const named = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Writes the whole database into `directory`, as of one transaction. Rows are PostgreSQL's own text of them
 * (`row::text`): exact for every type, the same from PGlite and from a server, readable by later versions of both.
 * @returns rows of each table
 */
export function dumpDatabase(database: Database, directory: string): Promise<Record<string, number>> {
  return database.system(async (sql) => {
    await mkdir(join(directory, 'tables'), { recursive: true })
    await mkdir(join(directory, 'rows'))
    const write = (file: string, content: unknown) =>
      writeFile(join(directory, file), `${JSON.stringify(content)}\n`, { mode: 0o600 })
    await write('schema.json', await sql.query('select id, sql from schema_migrations order by position', []))
    await write('sequences.json', await sql.query(SEQUENCES, []))
    const rows: Record<string, number> = {}
    for (const { name, columns } of await sql.query<TableColumns & { name: string }>(TABLES, [])) {
      await write(join('tables', `${name}.json`), { columns })
      rows[name] = await dumpRows(sql, name, join(directory, 'rows', `${name}.ndjson`))
    }
    return rows
  })
}

const SEQUENCES = `select sequencename as name, last_value as value from pg_sequences
  where schemaname = 'public' and last_value is not null order by 1`

/** Names outside of what a path may hold do not occur in our migrations; they would be left out here, so they fail. */
const TABLES = `select relname as name, (select array_agg(attname::text order by attnum) from pg_attribute
    where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'
  order by relname`

async function dumpRows(sql: Sql, table: string, path: string): Promise<number> {
  const file = createWriteStream(path, { mode: 0o600 })
  let count = 0
  await sql.query(`declare rows_of_backup no scroll cursor for select t::text as row from ${named(table)} t`, [])
  for (;;) {
    const batch = await sql.query<{ row: string }>(`fetch ${ROWS_AT_ONCE} from rows_of_backup`, [])
    const lines = batch.map(({ row }) => `${JSON.stringify(row)}\n`).join('')
    if (!file.write(lines)) await once(file, 'drain')
    count += batch.length
    if (batch.length < ROWS_AT_ONCE) break
  }
  await sql.query('close rows_of_backup', [])
  file.end()
  await once(file, 'close')
  return count
}
