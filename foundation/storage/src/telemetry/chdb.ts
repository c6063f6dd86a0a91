import { createClient } from '@clickhouse/client'
import { Session } from 'chdb'
import { createChdbConnection } from 'chdb/connection'
import type { Telemetry } from '../ports.ts'

/** ClickHouse in the process. One data directory per process. */
export async function openChdb(directory: string): Promise<Telemetry> {
  // Raw inserts take a session of their own: it hands bytes to the engine without a copy or a string in between.
  const session = new Session(directory)
  const client = createClient({ connection: createChdbConnection({ path: directory }) as never })
  return {
    client,
    embedded: true,
    async insertTsv(table, columns, rows) {
      await session.insert({ table, columns, values: rows, format: 'TabSeparated' })
    },
    async close() {
      await client.close()
      session.close()
    },
  }
}
