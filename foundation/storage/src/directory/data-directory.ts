import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { directoryErrors } from './errors.ts'
import { checkFormat, FORMAT_FILE, writeFormat } from './format.ts'
import { lockDirectory } from './lock.ts'

/** Everything an embedded platform keeps, in one directory that one process holds. */
export interface DataDirectory {
  readonly path: string
  /** PGlite's files. */
  readonly database: string
  /** chDB's files. */
  readonly telemetry: string
  readonly artifacts: string
  /** Keys of the certificate authority and of the server. */
  readonly keys: string
  /** Persistent sessions and retained messages of the MQTT broker. */
  readonly mqtt: string
  /** What connections keep: how far they read, and who they show to peers. */
  readonly connections: string
  /** For files on their way in or out; emptied when the directory is opened. */
  readonly spool: string
  /** True when this start made the directory. */
  readonly fresh: boolean
  /** Lets other processes have the directory. */
  release(): Promise<void>
}

/** May lie in a directory that counts as empty: what we put there before the format file, and what file systems add. */
const NEUTRAL = new Set(['lock', 'lock-journal', 'holder.json', 'lost+found', '.DS_Store'])

/**
 * Opens the data directory, made when it is not there, and holds it for this process until `release` or the process'
 * end. Every failure is one MW-DIR-… sentence, and nothing was touched.
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const directory = resolve(path)
  return explained(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    if (!(await stat(directory)).isDirectory()) throw directoryErrors.notDirectory({ directory })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    const lock = await lockDirectory(directory)
    try {
      const fresh = !(await checkFormat(directory))
      if (fresh) {
        const other = (await readdir(directory)).find(
          (name) => !NEUTRAL.has(name) && !name.startsWith(`${FORMAT_FILE}.`),
        )
        if (other !== undefined) throw directoryErrors.foreign({ directory, example: other })
        await writeFormat(directory)
      }
      await rm(join(directory, 'spool'), { recursive: true, force: true })
      const part = async (name: string): Promise<string> => {
        await mkdir(join(directory, name), { recursive: true, mode: 0o700 })
        return join(directory, name)
      }
      return {
        path: directory,
        database: await part('database'),
        telemetry: await part('telemetry'),
        artifacts: await part('artifacts'),
        keys: await part('keys'),
        mqtt: await part('mqtt'),
        connections: await part('connections'),
        spool: await part('spool'),
        fresh,
        release: async () => lock.release(),
      }
    } catch (error) {
      lock.release()
      throw error
    }
  })
}

/** Turns the operating system's refusals into sentences. */
async function explained<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const { code, errcode } = cause as { code?: string; errcode?: number }
    // SQLite's READONLY and CANTOPEN: the lock file belongs to somebody else.
    if (errcode === 8 || errcode === 14)
      throw directoryErrors.access({ directory, reason: 'the lock file is not ours', cause })
    if (code === 'EACCES' || code === 'EPERM')
      throw directoryErrors.access({ directory, reason: 'permission denied', cause })
    if (code === 'EROFS') throw directoryErrors.access({ directory, reason: 'the file system is read-only', cause })
    if (code === 'ENOTDIR' || code === 'EEXIST') throw directoryErrors.notDirectory({ directory, cause })
    if (code === 'ENOSPC') throw directoryErrors.full({ directory, cause })
    throw cause
  }
}
