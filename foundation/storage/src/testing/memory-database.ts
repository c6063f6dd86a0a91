import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import type { Database, Migration } from '../ports.ts'

/** A real PostgreSQL (PGlite) in memory with this schema, for tests. */
export async function memoryDatabase(migrations: readonly Migration[]): Promise<Database> {
  const database = await openDatabase({ memory: true })
  await migrate(database, migrations)
  return database
}
