import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a rename or a new entry in a directory survive a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a small file so that it is there whole or not at all, also after a loss of power. */
export async function writeWhole(path: string, text: string, mode = 0o600): Promise<void> {
  const aside = `${path}.${process.pid}.new`
  try {
    const handle = await open(aside, 'w', mode)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, path)
    await syncDirectory(dirname(path))
  } finally {
    await rm(aside, { force: true })
  }
}
