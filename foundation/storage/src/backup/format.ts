/**
 * A backup is one tar file. First `millwright-backup.json` (what it is, its format), last `manifest.json` (every entry
 * between with its size and SHA-256): a file that ends early has no manifest, and cannot be taken for a whole one.
 *
 *     database/schema.json          the migrations that were applied, with their text
 *     database/sequences.json       where the sequences stand
 *     database/tables/<t>.json      the columns of a table
 *     database/rows/<t>.ndjson      its rows: one JSON string a line, PostgreSQL's own text of the whole row
 *     telemetry/tables.json         definitions of the tables
 *     telemetry/parts/<t>/<part>/…  the engine's data parts, as they lie on the disk
 *     artifacts/<sha256>            artifacts
 *     keys/…, mqtt/…, connections/… files of the data directory
 */
export const BACKUP_FORMAT = 1
export const HEAD = 'millwright-backup.json'
export const MANIFEST = 'manifest.json'

/** The backup's first entry. */
export interface Head {
  readonly format: number
  readonly created: string
}

export interface Entry {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** The backup's last entry. */
export interface Manifest {
  readonly format: number
  readonly entries: readonly Entry[]
  /** Rows of each table of the database. */
  readonly rows: Readonly<Record<string, number>>
  /** Where the telemetry was: `parts` are in the backup; `server` means that its own tools back it up. */
  readonly telemetry: 'parts' | 'server'
}

/** What a name within the backup may look like; it becomes part of a path when it is restored. */
const SEGMENT = /^(?!\.\.?$)[\w.@%+=,~()[\] -]{1,200}$/
const AREAS = new Set(['database', 'telemetry', 'artifacts', 'keys', 'mqtt', 'connections'])

export function isEntryName(name: string): boolean {
  const segments = name.split('/')
  return (
    segments.length > 1 &&
    segments.length <= 12 &&
    AREAS.has(segments[0]!) &&
    segments.every((one) => SEGMENT.test(one))
  )
}
