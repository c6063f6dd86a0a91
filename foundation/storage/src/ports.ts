/** Ports of the storage drivers: what a stage may ask of a database, whichever engine stands behind it. */
import type { ClickHouseClient } from '@clickhouse/client'

/** A query runner bound to one transaction. Parameters only (`$1`), never values in the text. */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>
}

/** PostgreSQL, or PGlite in the process. */
export interface Database {
  /**
   * Runs `work` in one transaction as the plain role under row-level security, seeing only this tenant's rows.
   * Rolls back when `work` throws. Transactions are serialisable; on a server one that conflicts with another is run
   * again, so `work` must change nothing but through `sql`. A transaction inside another one is refused.
   */
  tenant<T>(tenant: string, work: (sql: Sql) => Promise<T>): Promise<T>
  /** Runs `work` in one transaction that sees all tenants: sign-in, device look-up at connect, maintenance. Keep rare. */
  system<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** One numbered step of the schema: applied once, in order of `id`, in a transaction, its checksum kept. */
export interface Migration {
  /** `trust/0001_users`: the stage, four digits, a name. */
  readonly id: string
  readonly sql: string
}

/** The telemetry engine: ClickHouse over HTTP, or chDB in the process, behind the one client. */
export interface Telemetry {
  readonly client: ClickHouseClient
  /** True when the engine runs in this process (paths of tables and settings differ). */
  readonly embedded: boolean
  /** Inserts ready-made TabSeparated bytes; resolves when the engine has them durably. Do not touch `rows` before. */
  insertTsv(table: string, columns: readonly string[], rows: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Content-addressed files: the key is the SHA-256 of the bytes, hex. */
export interface Artifacts {
  put(bytes: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }>
  get(sha256: string): AsyncIterable<Uint8Array>
  has(sha256: string): Promise<boolean>
  remove(sha256: string): Promise<void>
  list(): AsyncIterable<{ sha256: string; size: number }>
}
