import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PGlite, type PGliteOptions, type Transaction, types } from '@electric-sql/pglite'
import type { Log } from '@millwright/foundation'
import { syncDirectory } from '../../directory/sync.ts'
import { storageErrors } from '../../errors.ts'
import type { Database, Sql } from '../../ports.ts'
import { becomeTenant, ensureAppRole } from '../roles.ts'
import { TransactionGuard } from '../transaction-guard.ts'
import { DurableFolder } from './durable-folder.ts'
import { LastingEngine, type OpenedFolder, saysFull } from './lasting-engine.ts'
import { startMaintenance } from './maintenance.ts'

/** The major version that PGlite is made of: what PG_VERSION must say. */
const POSTGRES = '18'

/** Of the server within: sized for a platform's small tables, not for a data warehouse. */
const SETTINGS = {
  shared_buffers: '16MB',
  wal_buffers: '1MB',
  // A checkpoint runs on the main thread: often and small rather than rarely and long.
  max_wal_size: '48MB',
  wal_sync_method: 'fsync',
  fsync: 'on',
}

// `-F` is fsync off: the folder syncs for real.
const START = (PGlite as unknown as { defaultStartParams: string[] }).defaultStartParams.filter((one) => one !== '-F')
const OPTIONS: PGliteOptions = {
  // Times are integer microseconds (exact in a double until 2255): int8 comes as a number, like with the pg driver.
  parsers: { [types.INT8]: Number },
  startParams: [...START, ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
}

export interface EmbeddedDatabase extends Database {
  /** The whole database as a tar of its files, to start others from (`template`). */
  dump(): Promise<Blob>
}

/**
 * PostgreSQL in the process: in a directory, or in memory (from `template` when given). One connection: transactions
 * queue up, each runs alone. A change is answered when it is on the disk.
 */
export async function openPglite(
  location: { directory: string; log?: Log } | { template?: Blob },
): Promise<EmbeddedDatabase> {
  const engine = 'directory' in location ? await openLasting(location) : await openMemory(location)
  const guard = new TransactionGuard()
  const transact = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    guard.check()
    return engine.transaction((transaction) => guard.run(() => work(sqlOf(transaction))))
  }
  try {
    await transact(ensureAppRole)
  } catch (error) {
    await engine.close()
    throw error
  }
  const maintenance = 'directory' in location ? startMaintenance(() => engine.engine, location.log) : undefined
  return {
    system: (work) => transact(work),
    tenant: (tenant, work) =>
      transact(async (sql) => {
        await becomeTenant(sql, tenant)
        return work(sql)
      }),
    dump: async () => {
      if (engine.engine === undefined) throw storageErrors.databaseClosed()
      return engine.engine.dumpDataDir('none')
    },
    async close() {
      maintenance?.stop()
      await engine.close()
    },
  }
}

async function openLasting({ directory, log }: { directory: string; log?: Log }): Promise<LastingEngine> {
  const open = () => openFolder(directory)
  return new LastingEngine(await open(), open, directory, log)
}

async function openMemory({ template }: { template?: Blob }): Promise<Pick<LastingEngine, keyof LastingEngine>> {
  const engine = await PGlite.create({ ...OPTIONS, ...(template === undefined ? {} : { loadDataDir: template }) })
  return {
    get engine() {
      return engine.closed ? undefined : engine
    },
    async transaction(work) {
      if (engine.closed) throw storageErrors.databaseClosed()
      return engine.transaction(work)
    },
    async close() {
      if (!engine.closed) await engine.close()
    },
  }
}

async function openFolder(directory: string): Promise<OpenedFolder> {
  const version = await versionIn(directory)
  if (version === undefined) await makeFolder(directory)
  else if (version !== POSTGRES) throw storageErrors.databaseVersion({ directory, found: version, own: POSTGRES })
  const folder = new DurableFolder(directory)
  let last: string | undefined
  const listen = (text: string) => {
    if (/PANIC|FATAL/.test(text)) last = text.replace(/^.*?(?=PANIC|FATAL)/, '').trim()
    return false
  }
  try {
    const engine = await PGlite.create({ ...OPTIONS, fs: folder, onStdout: listen, onStderr: listen })
    return { engine, folder }
  } catch (cause) {
    if (saysFull(folder.halted?.message ?? '')) throw storageErrors.diskFull({ directory, cause })
    throw storageErrors.databaseDamaged({
      directory,
      reason: folder.halted?.message ?? last ?? (cause as Error).message,
      cause,
    })
  }
}

/** A process that ends while it makes a database must not leave half of one: it is made aside and renamed. */
async function makeFolder(directory: string): Promise<void> {
  const aside = `${directory}.new`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true, mode: 0o700 })
  const engine = await PGlite.create({ ...OPTIONS, fs: new DurableFolder(aside) })
  await engine.close()
  await rm(directory, { recursive: true, force: true })
  await rename(aside, directory)
  await syncDirectory(dirname(directory))
}

/**
 * The major version of PostgreSQL that wrote the directory; undefined when there is none. PGlite would make a new
 * database where that file is missing, over what is there.
 */
async function versionIn(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (names.length === 0) return undefined
  try {
    return (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim()
  } catch (cause) {
    throw storageErrors.databaseDamaged({ directory, reason: 'its file PG_VERSION cannot be read', cause })
  }
}

/** Without parameters the simple protocol is used: a migration is many statements. */
function sqlOf(transaction: Transaction): Sql {
  return {
    async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
      if (params === undefined) return ((await transaction.exec(text)).at(-1)?.rows ?? []) as Row[]
      return (await transaction.query<Row>(text, [...params])).rows as Row[]
    },
  }
}
