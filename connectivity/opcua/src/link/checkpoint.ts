import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Micros } from '@millwright/foundation'

const FILE = 'checkpoint.json'

/** Until when readings came before this process started; undefined: never. */
export async function readCheckpoint(directory: string): Promise<Micros | undefined> {
  try {
    const { until } = JSON.parse(await readFile(join(directory, FILE), 'utf8')) as { until?: unknown }
    return typeof until === 'number' && Number.isSafeInteger(until) && until > 0 ? until : undefined
  } catch (error) {
    // A half-written or foreign file only means that no gap is known.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeCheckpoint(directory: string, until: Micros): Promise<void> {
  const fresh = join(directory, `.${FILE}`)
  await writeFile(fresh, JSON.stringify({ until }))
  await rename(fresh, join(directory, FILE))
}
