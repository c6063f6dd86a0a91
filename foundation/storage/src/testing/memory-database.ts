import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../database/migrate.ts'
import { type EmbeddedDatabase, openPglite } from '../database/pglite/open.ts'
import type { Database, Migration } from '../ports.ts'

/**
 * A real PostgreSQL (PGlite) in memory with this schema, for tests. The freshly migrated database is kept as a template
 * in the machine's temporary directory, so that only the first test of a schema pays for making it.
 */
export async function memoryDatabase(migrations: readonly Migration[]): Promise<Database> {
  const known = templateFile(migrations)
  const template = await readFile(known).catch(() => undefined)
  if (template !== undefined) return openPglite({ template: new Blob([template]) })
  const database = await openPglite({})
  await migrate(database, migrations)
  await keep(database, known)
  return database
}

function templateFile(migrations: readonly Migration[]): string {
  const hash = createHash('sha256').update(import.meta.resolve('@electric-sql/pglite'))
  for (const { id, sql } of migrations) hash.update(`${id}\n${sql}\n`)
  return join(
    tmpdir(),
    `millwright-test-templates-${process.getuid?.() ?? ''}`,
    `2-${hash.digest('hex').slice(0, 24)}.tar`,
  )
}

async function keep(database: EmbeddedDatabase, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const aside = `${path}.${process.pid}`
  await writeFile(aside, new Uint8Array(await (await database.dump()).arrayBuffer()))
  await rename(aside, path)
}
