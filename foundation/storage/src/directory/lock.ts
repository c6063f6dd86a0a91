import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { directoryErrors } from './errors.ts'
import { writeWhole } from './sync.ts'

const SQLITE_BUSY = 5

export interface DirectoryLock {
  release(): void
}

/**
 * Takes the directory for this process alone. The lock is the operating system's (a file lock, by way of SQLite, the
 * one part of Node that takes such locks): it goes with the process however that ends, so a `kill -9` leaves no stale
 * lock, and it holds between containers that share the directory.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const holderFile = join(directory, 'holder.json')
  const file = new DatabaseSync(join(directory, 'lock'))
  try {
    file.exec('pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    file.close()
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause
    throw directoryErrors.held({ directory, holder: await holder(holderFile), cause })
  }
  await writeWhole(holderFile, `${JSON.stringify({ pid: process.pid, since: new Date().toISOString() })}\n`)
  let held = true
  return {
    release() {
      if (held) file.close()
      held = false
    },
  }
}

/** Only for the sentence: who holds it is decided by the lock, not by this file. */
async function holder(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = /"pid":(\d+)/.exec(text)?.[1]
  return pid === undefined ? 'its process id is not known' : `process ${pid}`
}
