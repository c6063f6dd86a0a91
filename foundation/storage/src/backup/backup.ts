import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataDirectory } from '../directory/data-directory.ts'
import type { Artifacts, Database, Telemetry } from '../ports.ts'
import { addFiles } from './directory-files.ts'
import { dumpDatabase } from './dump-database.ts'
import { BACKUP_FORMAT, HEAD, MANIFEST, type Manifest } from './format.ts'
import { type FrozenTelemetry, freezeTelemetry } from './freeze-telemetry.ts'
import { TarWriter } from './tar-writer.ts'

export interface BackupSources {
  readonly database: Database
  readonly telemetry: Telemetry
  readonly artifacts: Artifacts
  readonly directory: DataDirectory
}

/**
 * A backup of everything as one tar, taken while the platform runs (`format.ts` says what is in it). Telemetry is
 * frozen first and the database dumped after, so that every reading's signal is in the backup. Other transactions of
 * the embedded database wait while it is dumped, not while the tar is read.
 *
 * Telemetry on a ClickHouse server is not in it: the server's own `BACKUP` statement does that (the manifest says so).
 * A database on a PostgreSQL server is, and is restored as an embedded one.
 */
export async function* backup(sources: BackupSources): AsyncGenerator<Uint8Array> {
  const spool = await mkdtemp(join(sources.directory.spool, 'backup-'))
  const tar = new TarWriter(new Date())
  // The reader sees a failure at the stream.
  const written = write(sources, tar, spool).catch((error: Error) => tar.fail(error))
  let whole = false
  try {
    yield* tar.bytes
    whole = true
  } finally {
    if (!whole) tar.fail(new Error('the reader of the backup went away'))
    await written
    await rm(spool, { recursive: true, force: true })
  }
}

async function write(sources: BackupSources, tar: TarWriter, spool: string): Promise<void> {
  const { database, telemetry, artifacts, directory } = sources
  const head = { format: BACKUP_FORMAT, created: new Date().toISOString() }
  const frozen = telemetry.embedded ? await freezeTelemetry(telemetry, directory.telemetry) : undefined
  try {
    const rows = await dumpDatabase(database, join(spool, 'database'))
    await tar.text(HEAD, head)
    for (const area of ['', 'tables', 'rows']) await addDumped(tar, join(spool, 'database'), area)
    if (frozen !== undefined) await addTelemetry(tar, frozen)
    for await (const { sha256, size } of artifacts.list()) {
      await tar.stream(`artifacts/${sha256}`, size, artifacts.get(sha256))
    }
    await addFiles(tar, directory.keys, 'keys', join(spool, 'keys'))
    await addFiles(tar, directory.mqtt, 'mqtt', join(spool, 'mqtt'))
    await addFiles(tar, directory.connections, 'connections', join(spool, 'connections'))
    const entries = tar.entries.filter(({ name }) => name !== HEAD)
    const manifest: Manifest = { format: BACKUP_FORMAT, entries, rows, telemetry: frozen ? 'parts' : 'server' }
    await tar.text(MANIFEST, manifest)
    tar.end()
  } finally {
    await frozen?.release()
  }
}

async function addDumped(tar: TarWriter, spool: string, area: string): Promise<void> {
  for (const entry of await readdir(join(spool, area), { withFileTypes: true })) {
    if (entry.isFile()) await tar.file(join('database', area, entry.name), join(spool, area, entry.name))
  }
}

async function addTelemetry(tar: TarWriter, frozen: FrozenTelemetry): Promise<void> {
  await tar.text('telemetry/tables.json', frozen.tables)
  for await (const { name, path } of frozen.files()) await tar.file(`telemetry/parts/${name}`, path)
}
