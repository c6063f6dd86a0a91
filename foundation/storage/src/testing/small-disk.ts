import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface SmallDisk {
  readonly path: string
  /** Takes all the space that is left. */
  fill(): Promise<void>
  /** Gives it back. */
  free(): Promise<void>
  remove(): Promise<void>
}

/** A real file system of a few MiB (tmpfs, which takes root on Linux), for tests. @returns the reason when there is none */
export async function smallDisk(mebibytes: number): Promise<SmallDisk | string> {
  const path = await mkdtemp(join(tmpdir(), 'millwright-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path])
  } catch {
    await rmdir(path)
    return 'a file system of its own takes root on Linux'
  }
  const filler = join(path, 'filler')
  return {
    path,
    async fill() {
      const block = Buffer.alloc(2 ** 20)
      for (;;) {
        try {
          await appendFile(filler, block)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
          throw error
        }
      }
    },
    free: () => rm(filler, { force: true }),
    async remove() {
      await run('umount', ['-l', path])
      await rmdir(path)
    },
  }
}
