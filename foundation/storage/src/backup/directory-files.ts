import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { TarWriter } from './tar-writer.ts'

/**
 * Adds the files of one part of the data directory. A SQLite file is copied by SQLite's own online backup (into `spool`
 * first), whole however much is being written to it; other files are small and written whole, so they are read whole.
 */
export async function addFiles(tar: TarWriter, path: string, name: string, spool: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const from = join(path, entry.name)
    const to = `${name}/${entry.name}`
    if (entry.isDirectory()) await addFiles(tar, from, to, join(spool, entry.name))
    else if (!entry.isFile() || /\.sqlite-(wal|shm|journal)$/.test(entry.name)) continue
    else if (entry.name.endsWith('.sqlite')) {
      await mkdir(spool, { recursive: true })
      await copySqlite(from, join(spool, entry.name))
      await tar.file(to, join(spool, entry.name))
    } else {
      const bytes = await readIfThere(from)
      if (bytes !== undefined) await tar.buffer(to, bytes)
    }
  }
}

/** A file may be gone since it was listed: a connection puts its files in place by renaming them. */
async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function copySqlite(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true })
  try {
    await backup(source, to)
  } finally {
    source.close()
  }
}
