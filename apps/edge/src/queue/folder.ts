import { open, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { queueErrors } from './errors.ts'

/** Makes names durable: a file that was made, renamed or removed. */
export async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/**
 * Takes a folder for this process. A lock left by a process that is gone, or that has another start time (numbers are
 * used again), is taken over. @returns gives the folder back
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock')
  const own = `${process.pid} ${await startOf(process.pid)}\n`
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, own, { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error
      const [pid = '', start = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ')
      if (Number(pid) > 0 && Number(pid) !== process.pid && (await startOf(Number(pid))) === start && start !== '') {
        throw queueErrors.inUse({ path: directory, pid })
      }
      await unlink(path).catch(() => undefined)
    }
  }
  return async () => {
    const held = await readFile(path, 'utf8').catch(() => '')
    if (held === own) await unlink(path)
  }
}

/** When a process was started, in the system's ticks; empty: it is not there. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return isAlive(pid) ? 'alive' : ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
