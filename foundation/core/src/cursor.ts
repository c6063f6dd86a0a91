import { errorCatalogue } from './errors.ts'

/** Opaque page cursors: a list of strings and numbers, as base64url of JSON. */
export type CursorPart = string | number

const cursorErrors = errorCatalogue('PAGE', {
  foreign: {
    number: 1,
    status: 400,
    text: 'The cursor was not made by this list; use the `next` of the page before as it is, or leave it out to start anew.',
  },
})

export function encodeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * The parts of a cursor, which must have the shape of `like` (same length, same types; whole numbers, text that a database
 * can hold): cursors come back from outside, and anybody can write one. No cursor: `like` itself.
 */
export function decodeCursor<T extends readonly CursorPart[]>(cursor: string | undefined, like: T): T {
  if (cursor === undefined) return like
  const parts = parsed(cursor)
  if (
    !Array.isArray(parts) ||
    parts.length !== like.length ||
    parts.some((part, i) => typeof part !== typeof like[i] || !isUsable(part))
  ) {
    throw cursorErrors.foreign({ path: 'cursor' })
  }
  return parts as unknown as T
}

const isUsable = (part: unknown): boolean =>
  typeof part === 'string' ? part.isWellFormed() && !part.includes('\0') : Number.isSafeInteger(part)

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
