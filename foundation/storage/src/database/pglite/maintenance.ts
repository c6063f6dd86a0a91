import type { PGlite } from '@electric-sql/pglite'
import type { Log } from '@millwright/foundation'

const EVERY = 60_000
/** PostgreSQL's own rule for when a table is due: 50 dead rows and a fifth of it. */
const DUE = `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
  where n_dead_tup > 50 + 0.2 * n_live_tup order by n_dead_tup desc limit 1`

/**
 * PostgreSQL in one process has no autovacuum, so rows that are updated again and again (a device's last sign of life)
 * would grow their tables for ever. This vacuums one table a minute, the one with the most dead rows.
 */
export function startMaintenance(current: () => PGlite | undefined, log: Log | undefined): { stop(): void } {
  const timer = setInterval(() => {
    const engine = current()
    if (engine === undefined) return
    const turn = async () => {
      const [table] = (await engine.query<{ name: string }>(DUE)).rows
      if (table !== undefined) await engine.exec(`vacuum (analyze) ${table.name}`)
    }
    turn().catch((error) => log?.warn({ err: error }, 'a table could not be vacuumed; it is tried again in a minute'))
  }, EVERY)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
