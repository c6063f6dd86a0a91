import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

function split(pair: string): [key: string, value: string] {
  const at = pair.indexOf('=')
  if (at <= 0) throw usage(text('input.pair', { given: pair }))
  return [pair.slice(0, at), pair.slice(at + 1)]
}

/** `key=value` pairs as texts. Errors: wrong usage. */
export const readPairs = (pairs: readonly string[]): Record<string, string> => Object.fromEntries(pairs.map(split))

/**
 * `key=value` pairs as a document: a value that is JSON is what it says, anything else is text; `a.b=1` goes into the
 * object `a`. Errors: wrong usage.
 */
export function readDocumentPairs(pairs: readonly string[]): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const [path, value] of pairs.map(split)) {
    const keys = path.split('.')
    const last = keys.pop()!
    let place = document
    for (const key of keys) {
      const held = Object.hasOwn(place, key) ? place[key] : undefined
      const next = typeof held === 'object' && held !== null ? (held as Record<string, unknown>) : {}
      Object.defineProperty(place, key, { value: next, enumerable: true, configurable: true, writable: true })
      place = next
    }
    Object.defineProperty(place, last, {
      value: jsonOrText(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return document
}

export function jsonOrText(given: string): unknown {
  try {
    return JSON.parse(given) as unknown
  } catch {
    return given
  }
}
