import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/**
 * What a persistent session leaves behind when its connection ends, and what devices asked to be retained. One SQLite
 * file in the data directory, written in the same call (write-ahead log, so that a killed process loses nothing that a
 * call had returned for; docs/adr says why SQLite).
 */
const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma busy_timeout = 50;
  create table if not exists session (
    id text primary key,
    tenant text not null,
    device text not null,
    ended_at integer
  ) strict, without rowid;
  create index if not exists session_device on session (device);
  create table if not exists subscription (
    session text not null references session (id),
    filter text not null,
    qos integer not null,
    primary key (session, filter)
  ) strict, without rowid;
  create table if not exists queued (
    seq integer primary key,
    session text not null references session (id),
    broker text not null,
    counter integer not null,
    packet_id integer,
    released integer not null default 0,
    topic text not null,
    payload blob not null,
    qos integer not null,
    retain integer not null
  ) strict;
  create index if not exists queued_session on queued (session, seq);
  create index if not exists queued_message on queued (session, broker, counter);
  create unique index if not exists queued_packet on queued (session, packet_id) where packet_id is not null;
  create table if not exists received (
    session text not null references session (id),
    packet_id integer not null,
    primary key (session, packet_id)
  ) strict, without rowid;
  create table if not exists retained (
    topic text primary key,
    device text not null,
    payload blob not null,
    qos integer not null
  ) strict, without rowid;
  create index if not exists retained_device on retained (device);
`
/** Raised when the tables change shape; a file of a newer version is refused. */
const FORMAT = 1

/** The file and its statements, each prepared once. */
export class StoreFile {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** @param directory made when absent; `undefined`: in memory */
  constructor(directory: string | undefined) {
    if (directory !== undefined) mkdirSync(directory, { recursive: true })
    this.#database = new DatabaseSync(directory === undefined ? ':memory:' : join(directory, 'sessions.sqlite'))
    const { user_version: format } = this.#database.prepare('pragma user_version').get() as { user_version: number }
    if (format > FORMAT) {
      this.#database.close()
      throw new Error(`The MQTT session store has format ${format}; this version reads up to ${FORMAT}. Upgrade first.`)
    }
    this.#database.exec(`${SCHEMA}; pragma user_version = ${FORMAT};`)
  }

  run(sql: string, ...params: SqlValue[]): number {
    return Number(this.#prepared(sql).run(...params).changes)
  }

  all<Row>(sql: string, ...params: SqlValue[]): Row[] {
    return this.#prepared(sql).all(...params) as Row[]
  }

  get<Row>(sql: string, ...params: SqlValue[]): Row | undefined {
    return this.#prepared(sql).get(...params) as Row | undefined
  }

  /** All of `work` or nothing. */
  transaction(work: () => void): void {
    this.#database.exec('begin immediate')
    try {
      work()
      this.#database.exec('commit')
    } catch (error) {
      this.#database.exec('rollback')
      throw error
    }
  }

  close(): void {
    this.#database.close()
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

export type SqlValue = string | number | null | Uint8Array
