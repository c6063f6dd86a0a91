import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { mqttErrors } from '../errors.ts'

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

const NAME = 'sessions.sqlite'
/** Result codes of SQLite (its C API, "Result and Error Codes"). */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** The file and its statements, each prepared once. */
export class StoreFile {
  /** Where a damaged file was put aside at this start. */
  readonly damaged: string | undefined
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /**
   * A damaged file is put aside and a new one begun: devices make their sessions again by themselves, and readings do not
   * pass through here. @param directory made when absent; `undefined`: in memory @param now names a file put aside
   * @throws when the file was written by a newer version
   */
  constructor(directory: string | undefined, now: number) {
    if (directory === undefined) {
      this.#database = open(':memory:')
      return
    }
    mkdirSync(directory, { recursive: true })
    const file = join(directory, NAME)
    try {
      this.#database = open(file)
    } catch (error) {
      if (!isDamage(error)) throw error
      this.damaged = `${file}.damaged-${now}`
      for (const part of ['-wal', '-shm']) rename(file + part, this.damaged + part)
      rename(file, this.damaged)
      this.#database = open(file)
    }
  }

  /** A whole copy as of now, for a backup. @param file must not exist */
  copyTo(file: string): void {
    this.run('vacuum into ?', file)
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

/** @throws a typed error when the file is of a newer version, SQLite's own when it cannot be used */
function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  try {
    const { user_version: format } = database.prepare('pragma user_version').get() as { user_version: number }
    if (format > FORMAT) throw mqttErrors.storeNewer({ file, format, known: FORMAT })
    const check = database.prepare('pragma quick_check(1)').get() as { quick_check: string }
    if (check.quick_check !== 'ok') throw Object.assign(new Error(check.quick_check), { errcode: SQLITE_CORRUPT })
    database.exec(`${SCHEMA}; pragma user_version = ${FORMAT};`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A file that is merely locked or not ours to read is not damaged, and stays where it is. */
function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0
  return (code & 255) === SQLITE_CORRUPT || (code & 255) === SQLITE_NOTADB
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

export type SqlValue = string | number | null | Uint8Array
