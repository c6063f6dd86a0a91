import { PGlite, type PGliteOptions, type Transaction, types } from '@electric-sql/pglite'
import { storageErrors } from '../errors.ts'
import type { Database, Sql } from '../ports.ts'
import { becomeTenant, ensureAppRole } from './roles.ts'
import { TransactionGuard } from './transaction-guard.ts'

const OPTIONS: PGliteOptions = {
  // Times are integer microseconds (exact in a double until 2255): int8 comes as a number, like with the pg driver.
  parsers: { [types.INT8]: Number },
}

/** PostgreSQL in the process. One connection: transactions queue up, each runs alone. */
export async function openPglite(options: PGliteOptions): Promise<Database> {
  const engine = await PGlite.create({ ...OPTIONS, ...options })
  const guard = new TransactionGuard()
  const transact = <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    if (engine.closed) throw storageErrors.databaseClosed()
    return guard.run(() => engine.transaction((transaction) => work(sqlOf(transaction))))
  }
  await transact(ensureAppRole)
  return {
    system: (work) => transact(work),
    tenant: (tenant, work) =>
      transact(async (sql) => {
        await becomeTenant(sql, tenant)
        return work(sql)
      }),
    async close() {
      if (!engine.closed) await engine.close()
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
