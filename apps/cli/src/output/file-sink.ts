import { open, rename, rm } from 'node:fs/promises'
import { CliError, EXIT, refused, usage } from '../errors.ts'
import { text } from '../texts/text.ts'
import type { Output } from './output.ts'
import { shownBytes } from './values.ts'

export interface SinkOptions {
  /** Standard output when absent or `-`. */
  readonly file?: string | undefined
  /** An existing file may be replaced. */
  readonly replace: boolean
  /** The bytes are not for eyes: a terminal is refused. */
  readonly binary: boolean
  readonly signal: AbortSignal
}

/**
 * Streams a reply into a file that appears under its name only when it is whole and on the disk, or to standard output.
 * Resolves with the number of bytes. Errors: wrong usage before the first byte; refused when the stream breaks off.
 */
export async function streamTo(response: () => Promise<Response>, options: SinkOptions, out: Output): Promise<number> {
  const { file } = options
  const begin = () => begun(response, options.signal)
  if (file === undefined || file === '-') {
    if (options.binary && out.interactive) throw usage(text('files.binaryTerminal'))
    return toStdout(await begin(), options.signal)
  }
  const temporary = `${file}.partial`
  if (!options.replace && (await exists(file))) throw usage(text('files.exists', { file }))
  const handle = await open(temporary, 'w', 0o600)
  try {
    const bytes = await copy(await begin(), options.signal, out, async (chunk) => {
      await handle.write(chunk)
    })
    await handle.sync()
    await handle.close()
    await rename(temporary, file)
    return bytes
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error
  }
}

const interrupted = () => new CliError(EXIT.interrupted, text('files.interrupted'))

/** The reply, once the platform has begun; Ctrl-C before that is an end like later. */
async function begun(response: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await response()
  } catch (error) {
    throw signal.aborted ? interrupted() : error
  }
}

async function copy(
  response: Response,
  signal: AbortSignal,
  out: Output,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<number> {
  const progress = out.progress()
  const began = performance.now()
  let bytes = 0
  try {
    for await (const chunk of chunksOf(response, signal)) {
      await write(chunk)
      bytes += chunk.length
      progress.at(() => {
        const rate = shownBytes(Math.round(bytes / Math.max(0.001, (performance.now() - began) / 1000)))
        return text('files.progress', { bytes: shownBytes(bytes), rate })
      })
    }
    return bytes
  } finally {
    progress.end()
  }
}

async function toStdout(response: Response, signal: AbortSignal): Promise<number> {
  let bytes = 0
  for await (const chunk of chunksOf(response, signal)) {
    if (!process.stdout.write(chunk)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
    bytes += chunk.length
  }
  return bytes
}

/** Errors: refused when the platform breaks the stream off, or Ctrl-C does. */
async function* chunksOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  try {
    for await (const chunk of response.body) {
      if (signal.aborted) break
      yield chunk as Uint8Array
    }
  } catch (error) {
    if (signal.aborted) throw interrupted()
    throw refused(text('files.brokenOff', { reason: (error as Error).message }))
  }
  if (signal.aborted) throw interrupted()
}

const exists = (file: string): Promise<boolean> =>
  open(file, 'r').then(
    async (handle) => {
      await handle.close()
      return true
    },
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
