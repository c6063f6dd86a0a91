import { readFile, writeFile } from 'node:fs/promises'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

const YAML = /\.ya?ml$/i
const LARGEST = 64 * 1024 * 1024

/** A YAML or JSON file, or `-` for standard input. JSON is YAML, so that either is read as what it is. Errors: wrong usage. */
export async function readDocument(file: string): Promise<unknown> {
  const content = file === '-' ? await readStdin() : await readFile(file, 'utf8')
  try {
    // JSON first: it is faster, and its errors are the clearer ones for JSON.
    if (/^\s*[[{]/.test(content) && !YAML.test(file)) return JSON.parse(content)
    const { parse } = await import('yaml')
    return parse(content, { maxAliasCount: 100, logLevel: 'error' })
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!
    throw usage(text('input.badDocument', { file: file === '-' ? text('input.stdin') : file, reason }))
  }
}

/** Writes YAML or JSON, as the file's name says. */
export async function writeDocument(file: string, content: unknown): Promise<void> {
  if (!YAML.test(file)) return writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`)
  const { stringify } = await import('yaml')
  await writeFile(file, stringify(content, { lineWidth: 120 }))
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > LARGEST) throw usage(text('input.stdinTooLarge'))
  }
  return Buffer.concat(chunks).toString('utf8')
}
