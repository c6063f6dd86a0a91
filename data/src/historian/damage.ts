import type { Log } from '@millwright/foundation'
import type { Engine } from './engine.ts'

/** A part of a table that could not be read: its rows were acknowledged once and cannot be shown now. */
export interface BrokenPart {
  readonly table: string
  readonly part: string
}

/**
 * Parts that stand aside because they are damaged: found so by the engine at start (`broken…`) or by `setAside` (no
 * prefix). What else the engine puts there (`clone`, `ignored`, `covered-by-broken`) is also in an active part.
 */
export async function brokenParts(engine: Engine): Promise<BrokenPart[]> {
  const [tables, parts] = await engine.columns<[string[], string[]]>(
    `select table, name from system.detached_parts
     where database = currentDatabase() and (startsWith(reason, 'broken') or reason in ('', 'unexpected'))
     order by table, name limit 1000`,
  )
  return tables.map((table, i) => ({ table, part: parts[i]! }))
}

/** What is damaged, and what to do about it. */
export function damageSentence(broken: readonly BrokenPart[]): string {
  const tables = [...new Set(broken.map(({ table }) => table))].join(', ')
  const parts = broken.slice(0, 5).map(({ table, part }) => `${table}/${part}`)
  return (
    `${broken.length} damaged part(s) of ${tables} were set aside (${parts.join(', ')}${broken.length > 5 ? ', …' : ''}); ` +
    'what stood in them is missing. Restore a backup or have the senders send that time again, ' +
    'then remove the parts from the tables’ folders named "detached".'
  )
}

/**
 * Reads all tables through, checks them against their checksums and moves the parts that fail aside, so that the rest
 * can be read. Nothing is deleted. Takes as long as reading everything: only when a query met damage.
 */
export async function setAside(engine: Engine, log: Log): Promise<void> {
  const [tables] = await engine.columns<[string[]]>(
    `select name from system.tables where database = currentDatabase() and engine like '%MergeTree'`,
  )
  for (const table of tables) {
    for (const { part, message } of await engine.check(table)) {
      log.error({ table, part, message }, 'a damaged part is set aside')
      await engine.run(`alter table ${table} detach part '${part.replaceAll("'", '')}'`)
    }
  }
}
