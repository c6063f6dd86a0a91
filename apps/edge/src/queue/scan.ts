import { type FileHandle, open } from 'node:fs/promises'
import { type FramePlace, findMagic, HEADER_BYTES, payloadOf, readHead } from './frame.ts'

export interface Scan {
  readonly frames: readonly FramePlace[]
  /** Where the last good frame ends: what lies behind is a torn write. */
  readonly end: number
  readonly size: number
  /** Bytes between good frames that are no frames. */
  readonly damaged: number
}

const CHUNK = 1024 * 1024

/**
 * Walks a file of frames. Headers are checked, payloads only when `whole` says so (they are checked when they are read).
 * Where a header is damaged the next good one is looked for.
 */
export async function scanFile(path: string, whole: boolean): Promise<Scan> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const frames: FramePlace[] = []
    let damaged = 0
    let end = 0
    for (let at = 0; at + HEADER_BYTES <= size; ) {
      const head = await goodFrame(file, at, size, whole)
      if (head !== undefined) {
        damaged += at - end
        frames.push(head)
        at += HEADER_BYTES + head.length
        end = at
        continue
      }
      const next = await nextMagic(file, at + 1, size)
      if (next < 0) break
      at = next
    }
    return { frames, end, size, damaged }
  } finally {
    await file.close()
  }
}

async function goodFrame(file: FileHandle, at: number, size: number, whole: boolean): Promise<FramePlace | undefined> {
  const head = readHead(await readAt(file, at, HEADER_BYTES), at)
  if (head === undefined || at + HEADER_BYTES + head.length > size) return undefined
  if (whole && payloadOf(await readAt(file, at, HEADER_BYTES + head.length)) === undefined) return undefined
  return head
}

async function nextMagic(file: FileHandle, from: number, size: number): Promise<number> {
  for (let at = from; at < size; at += CHUNK - 3) {
    const found = findMagic(await readAt(file, at, Math.min(CHUNK, size - at)), 0)
    if (found >= 0) return at + found
  }
  return -1
}

/** As many bytes as there are of `length`. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let got = 0
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, at + got)
    if (bytesRead === 0) break
    got += bytesRead
  }
  return bytes.subarray(0, got)
}
