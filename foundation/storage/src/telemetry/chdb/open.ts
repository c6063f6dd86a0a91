import { totalmem } from 'node:os'
import { createClient } from '@clickhouse/client'
import { storageErrors } from '../../errors.ts'
import type { Telemetry } from '../../ports.ts'
import { chdbConnection, insertBytes } from './connection.ts'
import { Sessions } from './sessions.ts'

const MiB = 2 ** 20

/** Settings of the server within, for a machine that also does everything else. */
function engineArguments(): string[] {
  const memory = totalmem()
  const settings = {
    // Half of the machine at most; beyond it a query fails, the platform does not.
    max_server_memory_usage: Math.max(512 * MiB, Math.floor(memory / 2)),
    // The defaults are 5 GiB each.
    mark_cache_size: 64 * MiB,
    primary_index_cache_size: 64 * MiB,
    index_mark_cache_size: 16 * MiB,
    // What is asked first needs its tables at once.
    async_load_databases: 0,
    async_load_system_database: 0,
    // Integers of 64 bits as JSON numbers: times in microseconds are exact in a double.
    output_format_json_quote_64bit_integers: 0,
  }
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
}

/** ClickHouse in the process (chDB). One data directory per process. */
export async function openChdb(directory: string): Promise<Telemetry> {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  const sessions = open(directory, Math.max(2, Math.floor(threads / 2)))
  return {
    client: createClient({ connection: chdbConnection(sessions) }),
    embedded: true,
    async insertTsv(table, columns, rows) {
      if (rows.length === 0) return
      const session = sessions.take()
      try {
        await insertBytes(session, table, columns, rows)
      } finally {
        sessions.release(session)
      }
    },
    close: () => sessions.close(),
  }
}

function open(directory: string, queriesAtOnce: number): Sessions {
  try {
    return new Sessions(directory, { connectionArgs: engineArguments() }, queriesAtOnce)
  } catch (cause) {
    // The engine has written its own reason to standard error.
    throw storageErrors.telemetryDamaged({ directory, reason: (cause as Error).message, cause })
  }
}
