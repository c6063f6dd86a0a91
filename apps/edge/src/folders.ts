import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes folders of connections that are no more. */
export async function removeOthers(directory: string, ids: ReadonlySet<string>): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names) {
    if (!ids.has(name)) await rm(join(directory, name), { recursive: true, force: true })
  }
}
