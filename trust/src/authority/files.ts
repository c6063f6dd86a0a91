import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The file's text; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Makes the directory for the platform's own eyes, with what lies above it. */
export async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** Writes the file whole or not at all, readable by its owner only; it is on the disk when this resolves. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const directory = dirname(path)
  const temporary = join(directory, `.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  const above = await open(directory, 'r')
  try {
    await above.sync()
  } finally {
    await above.close()
  }
}
