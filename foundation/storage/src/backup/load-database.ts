import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { migrate } from '../database/migrate.ts'
import type { Database, Migration, Sql } from '../ports.ts'
import { named, type TableColumns } from './dump-database.ts'

const ROWS_AT_ONCE = 500
const CHARACTERS_AT_ONCE = 4_000_000

/**
 * Fills an empty database from what `dumpDatabase` wrote: the schema by its own migrations, then the rows.
 * @returns rows of each table
 */
export async function loadDatabase(database: Database, directory: string): Promise<Record<string, number>> {
  const read = async <T>(file: string): Promise<T> => JSON.parse(await readFile(join(directory, file), 'utf8'))
  await migrate(database, await read<Migration[]>('schema.json'))
  const tables = (await readdir(join(directory, 'tables'))).sort().map((file) => file.slice(0, -'.json'.length))
  return database.system(async (sql) => {
    // Rows come table by table, so references are whole only at the end; they were when the dump was taken.
    await sql.query('set local session_replication_role = replica', [])
    if (tables.length > 0) await sql.query(`truncate ${tables.map(named).join(', ')}`, [])
    const rows: Record<string, number> = {}
    for (const table of tables) {
      const { columns } = await read<TableColumns>(join('tables', `${table}.json`))
      rows[table] = await loadRows(sql, table, columns, join(directory, 'rows', `${table}.ndjson`))
    }
    for (const { name, value } of await read<{ name: string; value: number }[]>('sequences.json')) {
      await sql.query('select setval($1::regclass, $2)', [named(name), value])
    }
    return rows
  })
}

async function loadRows(sql: Sql, table: string, columns: readonly string[], path: string): Promise<number> {
  // `offset 0` keeps the row from being parsed once for each of its columns.
  const statement = `insert into ${named(table)} (${columns.map(named).join(', ')}) overriding system value
    select ${columns.map((column) => `(r).${named(column)}`).join(', ')}
    from (select text::${named(table)} as r from unnest($1::text[]) as text offset 0) rows`
  let batch: string[] = []
  let characters = 0
  let count = 0
  const flush = async () => {
    if (batch.length > 0) await sql.query(statement, [batch])
    count += batch.length
    batch = []
    characters = 0
  }
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    batch.push(JSON.parse(line))
    characters += line.length
    if (batch.length >= ROWS_AT_ONCE || characters >= CHARACTERS_AT_ONCE) await flush()
  }
  await flush()
  return count
}
