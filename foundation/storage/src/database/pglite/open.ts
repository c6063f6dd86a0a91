import { PGlite, type PGliteOptions, type Transaction, types } from '@electric-sql/pglite'
import type { Log } from '@millwright/foundation'
import { storageErrors } from '../../errors.ts'
import type { Database, Sql } from '../../ports.ts'
import { becomeTenant, ensureAppRole } from '../roles.ts'
import { TransactionGuard } from '../transaction-guard.ts'
import { DurableFolder } from './durable-folder.ts'
import { startMaintenance } from './maintenance.ts'

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
  const folder = 'directory' in location ? new DurableFolder(location.directory) : undefined
  const template = 'template' in location && location.template !== undefined ? { loadDataDir: location.template } : {}
  const engine = await PGlite.create({ ...OPTIONS, ...(folder === undefined ? template : { fs: folder }) })
  const guard = new TransactionGuard()
  const transact = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    if (engine.closed) throw storageErrors.databaseClosed()
    const result = await guard.run(() => engine.transaction((transaction) => work(sqlOf(transaction))))
    await folder?.synced()
    return result
  }
  try {
    await transact(ensureAppRole)
  } catch (error) {
    await engine.close()
    throw error
  }
  const maintenance = 'directory' in location ? startMaintenance(engine, location.log) : undefined
  return {
    system: (work) => transact(work),
    tenant: (tenant, work) =>
      transact(async (sql) => {
        await becomeTenant(sql, tenant)
        return work(sql)
      }),
    dump: () => engine.dumpDataDir('none'),
    async close() {
      maintenance?.stop()
      if (!engine.closed) await engine.close()
      await folder?.synced()
    },
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
