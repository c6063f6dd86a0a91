/**
 * Canonical JSON after RFC 8785 (JCS): one text for one value, whatever order its fields were written in, so that a
 * hash over it can be computed again years later. Keys sort by UTF-16 code units; numbers print as ECMAScript does.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = value as { readonly [key: string]: Json }
  const keys = Object.keys(fields).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key] as Json)}`).join(',')}}`
}

const MAX_DEPTH = 8
const MAX_TEXT = 2000
const MAX_ITEMS = 200

/**
 * Makes any value fit for the log: what JSON or the database cannot hold (NaN, bigints, NUL, lone surrogates) becomes
 * readable text, what is too long is cut and says so. Never throws: an entry must not be lost for its own detail.
 */
export function loggable(value: unknown, depth = 0): Json {
  switch (typeof value) {
    case 'string':
      return cleanText(value)
    case 'boolean':
      return value
    case 'number':
      // -0 and 0 are one number in JSON text; Infinity and NaN are none.
      return Number.isFinite(value) ? value + 0 : String(value)
    case 'object':
      if (value === null) return null
      if (value instanceof Date) return String(value)
      if (depth >= MAX_DEPTH) return '… (too deep)'
      return Array.isArray(value) ? loggableList(value, depth) : loggableFields(value, depth)
    default:
      return value === undefined ? null : String(value)
  }
}

function loggableList(list: readonly unknown[], depth: number): Json {
  // Array.from also fills holes.
  const kept = Array.from(list.slice(0, MAX_ITEMS), (item) => loggable(item, depth + 1))
  return list.length > MAX_ITEMS ? [...kept, `… (${list.length - MAX_ITEMS} more)`] : kept
}

function loggableFields(value: object, depth: number): Json {
  const kept: [string, Json][] = []
  for (const [key, field] of Object.entries(value).slice(0, MAX_ITEMS)) {
    if (field !== undefined && typeof field !== 'function') kept.push([cleanText(key), loggable(field, depth + 1)])
  }
  // fromEntries defines fields, so that one named __proto__ is a field like any other.
  return Object.fromEntries(kept)
}

/** Text that PostgreSQL and UTF-8 can hold, cut to `MAX_TEXT` characters. */
export function cleanText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  return cut.replaceAll('\u0000', '\ufffd').toWellFormed()
}
