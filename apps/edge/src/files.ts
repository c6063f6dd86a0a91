import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes under way, by path: two at once would take each other's unfinished file. */
const writing = new Map<string, Promise<void>>()

/** Whole or not at all, and on the disk when it resolves; only its owner may read it. One after the other for each path. */
export function replaceFile(path: string, text: string): Promise<void> {
  const before = writing.get(path) ?? Promise.resolve()
  const own = before.catch(() => undefined).then(() => replace(path, text))
  writing.set(path, own)
  const done = () => {
    if (writing.get(path) === own) writing.delete(path)
  }
  own.then(done, done)
  return own
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The JSON of a file; undefined when there is none, or it is none. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
