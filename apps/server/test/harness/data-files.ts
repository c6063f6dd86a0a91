import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below a directory whose path matches, largest first. */
export async function filesOf(directory: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(directory, { recursive: true })
  const found: { path: string; size: number }[] = []
  for (const name of names) {
    const path = join(directory, name)
    const facts = await stat(path)
    if (pattern.test(path) && facts.isFile()) found.push({ path, size: facts.size })
  }
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path)
}

/** The one file in which a text stands. */
export async function fileWith(directory: string, pattern: RegExp, text: string): Promise<string> {
  for (const path of await filesOf(directory, pattern)) {
    if ((await readFile(path)).includes(text)) return path
  }
  throw new Error(`no file below ${directory} has the text ${text}`)
}

/** Turns bytes over, as a bad disk does. */
export async function damage(path: string, at: number, length = 16): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const bytes = Buffer.alloc(length)
    await file.read(bytes, 0, length, at)
    await file.write(
      bytes.map((byte) => byte ^ 0xff),
      0,
      length,
      at,
    )
    await file.sync()
  } finally {
    await file.close()
  }
}
