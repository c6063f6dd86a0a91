import { open } from 'node:fs/promises'

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'] as const
export type Encoding = (typeof ENCODINGS)[number]

const CHUNK = 256 * 1024

/** By its byte order mark; without one UTF-8 when the sample is valid UTF-8, else UTF-16 by its zeros, else Windows-1252. */
export function detectEncoding(sample: Uint8Array): Encoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8'
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  let even = 0
  let odd = 0
  for (const [at, byte] of sample.entries()) if (byte === 0) at % 2 === 0 ? even++ : odd++
  if (odd > sample.length / 5) return 'utf-16le'
  if (even > sample.length / 5) return 'utf-16be'
  try {
    // The sample may end within a character: `stream` holds that back.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The file's first bytes. */
export async function readSample(path: string, size: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export interface TextChunk {
  readonly text: string
  /** Bytes of the file read so far. */
  readonly bytes: number
  /** Nothing comes after this piece. */
  readonly end: boolean
}

/** The file's text in pieces, in constant memory. Errors: a sentence when the bytes are not of the encoding. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<TextChunk> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const file = await open(path)
  let bytes = 0
  try {
    const buffer = new Uint8Array(CHUNK)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK)
      const part = buffer.subarray(0, bytesRead)
      bytes += bytesRead
      yield { text: decode(decoder, part, bytesRead > 0, encoding, bytes), bytes, end: bytesRead === 0 }
      if (bytesRead === 0) return
    }
  } finally {
    await file.close()
  }
}

function decode(decoder: TextDecoder, part: Uint8Array, more: boolean, encoding: Encoding, bytes: number): string {
  try {
    return decoder.decode(part, { stream: more })
  } catch (cause) {
    throw new Error(
      `The file is not ${encoding} throughout (before byte ${bytes}): name its encoding with --encoding, as ${ENCODINGS.join(', ')}.`,
      { cause },
    )
  }
}
