import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directoryErrors } from './errors.ts'
import { writeWhole } from './sync.ts'

/** Of the layout of the data directory. Raise it when an older version could no longer read what this one writes. */
export const FORMAT = 1
export const FORMAT_FILE = 'millwright.json'

export async function writeFormat(directory: string): Promise<void> {
  const content = { format: FORMAT, created: new Date().toISOString() }
  await writeWhole(join(directory, FORMAT_FILE), `${JSON.stringify(content)}\n`)
}

/** @returns false when there is no format file; throws when it is damaged or from a newer version */
export async function checkFormat(directory: string): Promise<boolean> {
  const file = join(directory, FORMAT_FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw cause
  }
  const format = formatOf(text)
  if (typeof format === 'string') throw directoryErrors.damaged({ directory, file, reason: format })
  if (format > FORMAT) throw directoryErrors.newer({ directory, format, known: FORMAT })
  return true
}

/** The format's number, or what is wrong with the text. */
function formatOf(text: string): number | string {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return text.length === 0 ? 'it is empty' : 'it is not JSON'
  }
  const format = (content as { format?: unknown } | null)?.format
  return Number.isInteger(format) && (format as number) > 0 ? (format as number) : 'it has no format number'
}
