import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../database/open.ts'
import { writeFormat } from '../directory/format.ts'
import { lockDirectory } from '../directory/lock.ts'
import { syncDirectory } from '../directory/sync.ts'
import { backupErrors } from './errors.ts'
import type { Manifest } from './format.ts'
import { loadDatabase } from './load-database.ts'
import { unpack } from './unpack.ts'

/** What is being restored lies here until it is whole; a data directory is only opened when its format file is there. */
const STAGE = '.restoring'
const NEUTRAL = new Set([STAGE, 'lock', 'lock-journal', 'holder.json', 'lost+found', '.DS_Store'])

export interface Restored {
  readonly directory: string
  /** Rows of each table of the database. */
  readonly rows: Readonly<Record<string, number>>
  readonly files: number
  /** False when the telemetry was on a ClickHouse server, whose own backup has it. */
  readonly telemetry: boolean
}

/**
 * Restores a backup into a new or an empty directory, for the embedded engines: `npm start -- --data DIRECTORY` runs
 * on it. Everything is checked before anything is put in place; when something is wrong nothing is left behind.
 */
export async function restore(file: string, directory: string): Promise<Restored> {
  const target = resolve(directory)
  const made = await mkdir(target, { recursive: true, mode: 0o700 })
  const other = (await readdir(target)).find((name) => !NEUTRAL.has(name))
  if (other !== undefined) throw backupErrors.notEmpty({ directory: target, example: other })
  const lock = await lockDirectory(target)
  const stage = join(target, STAGE)
  try {
    await rm(stage, { recursive: true, force: true })
    await mkdir(stage, { mode: 0o700 })
    const manifest = await unpack(file, join(stage, 'backup'))
    await assemble(file, manifest, join(stage, 'backup'), stage)
    for (const part of PARTS) await rename(join(stage, part), join(target, part))
    await syncDirectory(target)
    await writeFormat(target)
    await rm(stage, { recursive: true })
    return {
      directory: target,
      rows: manifest.rows,
      files: manifest.entries.length,
      telemetry: manifest.telemetry === 'parts',
    }
  } catch (cause) {
    await undo(target, made !== undefined, lock.release)
    const { code, message } = cause as { code?: string; message: string }
    if (code?.startsWith('MW-BACKUP-')) throw cause
    if (code === 'ENOSPC') throw backupErrors.space({ directory: target, cause })
    throw backupErrors.failed({ reason: message, cause })
  } finally {
    lock.release()
  }
}

const PARTS = ['database', 'telemetry', 'artifacts', 'keys', 'mqtt', 'connections']

/** Makes the parts of a data directory, beside `from`, of what was unpacked there. */
async function assemble(file: string, manifest: Manifest, from: string, stage: string): Promise<void> {
  const database = await openDatabase({ directory: join(stage, 'database') })
  try {
    const rows = await loadDatabase(database, join(from, 'database'))
    for (const [table, count] of Object.entries(manifest.rows)) {
      if (rows[table] !== count) {
        throw backupErrors.damaged({
          file,
          entry: `the table ${table}`,
          reason: `has ${rows[table]} rows, not ${count}`,
        })
      }
    }
  } finally {
    await database.close()
  }
  await mkdir(join(stage, 'telemetry'), { mode: 0o700 })
  if (manifest.telemetry === 'parts') await attach(join(from, 'telemetry'), join(stage, 'telemetry'))
  await mkdir(join(stage, 'artifacts'), { mode: 0o700 })
  for (const key of await namesIn(join(from, 'artifacts'))) {
    const folder = join(stage, 'artifacts', key.slice(0, 2))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await rename(join(from, 'artifacts', key), join(folder, key))
  }
  for (const part of ['keys', 'mqtt', 'connections']) {
    await mkdir(join(from, part), { recursive: true, mode: 0o700 })
    await rename(join(from, part), join(stage, part))
  }
}

async function attach(from: string, to: string): Promise<void> {
  const program = fileURLToPath(new URL('./attach-telemetry.ts', import.meta.url))
  const child = spawn(process.execPath, [program, from, to], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  if (code !== 0) throw new Error(`the telemetry could not be attached: ${said.slice(0, 2000)}`)
}

const namesIn = (path: string): Promise<string[]> =>
  readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })

/** Takes everything away again that this restore has put there. */
async function undo(target: string, made: boolean, release: () => void): Promise<void> {
  for (const name of [...PARTS, STAGE]) await rm(join(target, name), { recursive: true, force: true })
  release()
  for (const name of ['lock', 'holder.json']) await rm(join(target, name), { force: true })
  if (made) await rmdir(target)
}
