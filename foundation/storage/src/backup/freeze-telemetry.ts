import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Telemetry } from '../ports.ts'

/** A table's definition, and where its frozen parts lie. */
export interface FrozenTable {
  readonly name: string
  readonly definition: string
}

export interface FrozenTelemetry {
  /** Tables with data first, views that read them after. */
  readonly tables: readonly FrozenTable[]
  /** The files of all parts: `<table>/<part>/<file>` and where they are. */
  files(): AsyncIterable<{ name: string; path: string }>
  /** Lets the engine have the disk space of merged parts back. */
  release(): Promise<void>
}

interface TableRow {
  readonly name: string
  readonly engine: string
  readonly create_table_query: string
  readonly data_paths: readonly string[]
}

const PREFIX = 'millwright_backup_'

/**
 * Takes a snapshot of the embedded engine's tables: ClickHouse's `freeze` links every data part of a table aside at one
 * moment, at no cost in time or space, while inserts and merges go on.
 * @param directory the engine's data directory
 */
export async function freezeTelemetry(telemetry: Telemetry, directory: string): Promise<FrozenTelemetry> {
  const shadow = join(directory, 'shadow')
  await removeOld(shadow)
  const name = `${PREFIX}${Date.now()}`
  const tables = await tablesOf(telemetry)
  for (const table of tables.filter(hasParts)) {
    await telemetry.client.command({ query: `alter table ${quotedName(table.name)} freeze with name '${name}'` })
  }
  const frozen = join(shadow, name)
  return {
    tables: tables.map(({ name, create_table_query }) => ({ name, definition: create_table_query })),
    async *files() {
      for (const table of tables.filter(hasParts)) {
        // store/abc/abcdef…/: the same below the frozen directory.
        for (const path of table.data_paths) {
          const own = join(frozen, path.slice(path.indexOf('/store/') + 1))
          yield* filesBelow(own, table.name)
        }
      }
    },
    release: () => rm(frozen, { recursive: true, force: true }),
  }
}

export const quotedName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``

const hasParts = ({ engine }: TableRow): boolean => engine.endsWith('MergeTree')

async function tablesOf(telemetry: Telemetry): Promise<TableRow[]> {
  const reply = await telemetry.client.query({
    query: `select name, engine, create_table_query, data_paths from system.tables
      where database = currentDatabase() and not is_temporary and not startsWith(name, '.inner')
      order by engine in ('View', 'MaterializedView', 'Dictionary'), name`,
    format: 'JSONEachRow',
  })
  return reply.json<TableRow>()
}

async function* filesBelow(path: string, name: string): AsyncGenerator<{ name: string; path: string }> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A table without rows has no parts, and no directory of them.
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = { name: `${name}/${entry.name}`, path: join(path, entry.name) }
    if (entry.isDirectory()) yield* filesBelow(below.path, below.name)
    else if (entry.isFile()) yield below
  }
}

/** What a backup left that was cut off by the end of the process. */
async function removeOld(shadow: string): Promise<void> {
  const names = await readdir(shadow).catch(() => [])
  for (const name of names) {
    if (basename(name).startsWith(PREFIX)) await rm(join(shadow, name), { recursive: true, force: true })
  }
}
