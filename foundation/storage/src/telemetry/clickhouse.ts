import { Readable } from 'node:stream'
import { createClient } from '@clickhouse/client'
import type { Telemetry } from '../ports.ts'

export interface ClickHouseServer {
  /** `http://host:8123` or `https://…` */
  readonly url: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
}

/** A ClickHouse server over HTTP. */
export async function openClickHouse(server: ClickHouseServer): Promise<Telemetry> {
  const client = createClient({
    url: server.url,
    username: server.user ?? 'default',
    password: server.password ?? '',
    database: server.database ?? 'default',
    application: 'millwright',
    request_timeout: 60_000,
    keep_alive: { enabled: true },
  })
  return {
    client,
    embedded: false,
    async insertTsv(table, columns, rows) {
      const values = Readable.from([rows], { objectMode: false })
      await client.insert({ table, columns: columns as [string, ...string[]], values, format: 'TabSeparated' })
    },
    close: () => client.close(),
  }
}
