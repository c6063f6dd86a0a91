import type { Log } from '@millwright/foundation'
import type { Database } from '../ports.ts'
import { openPglite } from './pglite/open.ts'
import { openPostgres } from './postgres.ts'

/** Where the database is: a server's `postgres://` address, a directory of our own, or memory (gone on close). */
export type DatabaseLocation =
  | { readonly url: string; readonly maxConnections?: number }
  | { readonly directory: string; readonly log?: Log }
  | { readonly memory: true }

/** Opens the database; one schema and one set of migrations whichever engine it is. */
export function openDatabase(location: DatabaseLocation): Promise<Database> {
  if ('url' in location) return openPostgres(location.url, location.maxConnections)
  return openPglite('directory' in location ? location : {})
}
