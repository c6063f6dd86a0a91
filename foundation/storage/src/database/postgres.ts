import pg from 'pg'
import { storageErrors } from '../errors.ts'
import type { Database, Sql } from '../ports.ts'
import { APP_ROLE, becomeTenant, ensureAppRole } from './roles.ts'
import { TransactionGuard } from './transaction-guard.ts'

const INT8 = 20
/** serialization_failure, deadlock_detected: PostgreSQL asks for the transaction to be run again. */
const RETRIED = new Set(['40001', '40P01'])
const MAX_TRIES = 12

/** A PostgreSQL server (14 or later) behind a pool of connections. */
export async function openPostgres(url: string, maxConnections = 10): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'millwright',
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // A connection that breaks while idle is replaced by the pool; the query that needs it next says what is wrong.
  pool.on('error', () => undefined)
  const guard = new TransactionGuard()
  let closed = false
  const transact = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    if (closed) throw storageErrors.databaseClosed()
    guard.check()
    return retried(() => once(pool, (sql) => guard.run(() => work(sql))))
  }
  try {
    await transact(ensureAppRole)
    await transact(checkRights)
  } catch (cause) {
    await pool.end()
    throw explained(cause, url)
  }
  return {
    system: (work) => transact(work),
    tenant: (tenant, work) =>
      transact(async (sql) => {
        await becomeTenant(sql, tenant)
        return work(sql)
      }),
    async close() {
      if (closed) return
      closed = true
      await pool.end()
    },
  }
}

async function once<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken = false
  try {
    // As in the process, where transactions run one after the other: the same code has to be right on both.
    await client.query('begin isolation level serializable')
    try {
      const result = await work(sqlOf(client))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true
      })
      throw error
    }
  } finally {
    client.release(broken)
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries === MAX_TRIES || !RETRIED.has((error as { code?: string }).code ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.min(2 ** tries, 100)))
    }
  }
}

function sqlOf(client: pg.PoolClient): Sql {
  return {
    async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
      const answer: pg.QueryResult | pg.QueryResult[] = await client.query(text, params && [...params])
      const last = Array.isArray(answer) ? answer.at(-1) : answer
      return (last?.rows ?? []) as Row[]
    },
  }
}

/** Row-level security is forced on the owner too, so the platform's own user must be allowed to pass it. */
async function checkRights(sql: Sql): Promise<void> {
  const [user] = await sql.query<{ name: string; passes: boolean; member: boolean }>(
    `select rolname as name, rolsuper or rolbypassrls as passes, pg_has_role(rolname, $1, 'member') as member
       from pg_roles where rolname = current_user`,
    [APP_ROLE],
  )
  if (!user?.passes) throw storageErrors.databaseRole({ user: user?.name, what: 'see all tenants’ rows (BYPASSRLS)' })
  if (!user.member) throw storageErrors.databaseRole({ user: user.name, what: `act as the role ${APP_ROLE}` })
}

/** The driver's and the server's refusals as sentences; anything else as it is. */
function explained(cause: unknown, url: string): unknown {
  const { user, host, port } = new pg.Client({ connectionString: url })
  const code = (cause as { code?: string }).code ?? ''
  const reason = cause instanceof Error ? cause.message || code : String(cause)
  if (code === '42501') return storageErrors.databaseRole({ user, what: `do this: ${reason}`, cause })
  const unreachable = /^E[A-Z]+$|^28|^3D|^57P/.test(code) || /timeout|SCRAM|SASL/i.test(reason)
  return unreachable ? storageErrors.databaseUnreachable({ host: `${host}:${port}`, reason, cause }) : cause
}
