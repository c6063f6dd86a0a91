import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Micros } from '@millwright/foundation'

/** What is known of one file, as it was then. */
export interface LedgerEntry {
  readonly id: number
  /** Below the folder. */
  readonly path: string
  readonly size: number
  /** ms. */
  readonly modified: number
  readonly fingerprint: string
  /** Bytes that the fingerprint covers. */
  readonly covers: number
  readonly state: 'reading' | 'done' | 'failed'
  /** Where reading goes on, in the reader's own words; undefined: at the beginning. */
  readonly position: string | undefined
}

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma busy_timeout = 1000;
  create table if not exists file (
    id integer primary key,
    path text not null,
    size integer not null,
    modified real not null,
    fingerprint text not null,
    covers integer not null,
    state text not null,
    position text,
    changed_at integer not null
  ) strict;
  create index if not exists file_path on file (path);
  create index if not exists file_fingerprint on file (fingerprint);
`
/** Entries of files that are gone are kept up to this many: a file that is dropped again is still known. */
const KEPT = 200_000
const COLUMNS = 'id, path, size, modified, fingerprint, covers, state, position'

/**
 * Which files were read and how far, durable before a call returns: what makes a pick-up happen once over restarts and
 * `kill -9`. One SQLite file in the connection's own folder.
 */
export class Ledger {
  readonly #database: DatabaseSync
  readonly #byPath: StatementSync
  readonly #add: StatementSync
  readonly #advance: StatementSync
  readonly #finish: StatementSync
  readonly #forget: StatementSync

  /** @param directory undefined: in memory, for a preview */
  constructor(directory: string | undefined) {
    this.#database = new DatabaseSync(directory === undefined ? ':memory:' : join(directory, 'files.sqlite'))
    this.#database.exec(SCHEMA)
    const prepare = (sql: string) => this.#database.prepare(sql)
    this.#byPath = prepare(`select ${COLUMNS} from file where path = ? order by id desc limit 100`)
    this.#add = prepare(
      `insert into file (path, size, modified, fingerprint, covers, state, changed_at) values (?, ?, ?, ?, ?, 'reading', ?) returning ${COLUMNS}`,
    )
    this.#advance = prepare('update file set position = ?, changed_at = ? where id = ?')
    this.#finish = prepare(
      'update file set state = ?, size = ?, modified = ?, covers = ?, fingerprint = ?, changed_at = ? where id = ?',
    )
    this.#forget = prepare('delete from file where id <= (select max(id) from file) - ?')
  }

  /** Latest first. */
  of(path: string): LedgerEntry[] {
    return this.#byPath.all(path).map(entryOf)
  }

  begin(file: Pick<LedgerEntry, 'path' | 'size' | 'modified' | 'fingerprint' | 'covers'>, now: Micros): LedgerEntry {
    this.#forget.run(KEPT)
    return entryOf(this.#add.get(file.path, file.size, file.modified, file.fingerprint, file.covers, now)!)
  }

  advance(id: number, position: string, now: Micros): void {
    this.#advance.run(position, now, id)
  }

  /** What was read, as it was then. */
  finish(
    id: number,
    read: Pick<LedgerEntry, 'state' | 'size' | 'modified' | 'covers' | 'fingerprint'>,
    now: Micros,
  ): void {
    this.#finish.run(read.state, read.size, read.modified, read.covers, read.fingerprint, now, id)
  }

  close(): void {
    this.#database.close()
  }
}

function entryOf(row: Record<string, unknown>): LedgerEntry {
  const { id, path, size, modified, fingerprint, covers, state, position } = row
  return {
    id: Number(id),
    path: String(path),
    size: Number(size),
    modified: Number(modified),
    fingerprint: String(fingerprint),
    covers: Number(covers),
    state: state as LedgerEntry['state'],
    position: position === null ? undefined : String(position),
  }
}
