import { brokerErrors } from '../errors.ts'
import { type PathQuery, pathQuery } from './json-path.ts'

/** What a template may be filled from. */
export interface Filling {
  readonly topic: string
  readonly levels: ReadonlyMap<string, string>
  /** The payload as JSON; undefined: it is none. */
  readonly document: unknown
  /** The last step to the value that is named, where several were found. */
  readonly key: string
}

/** A text with places: `{name}` of a topic level, `{topic}`, `{key}`, `{$.path}` of the payload. undefined: a place is empty. */
export interface Template {
  readonly text: string
  /** Which places it has, by name; JSONPaths aside. */
  readonly places: ReadonlySet<string>
  readonly readsPayload: boolean
  fill(from: Filling): string | undefined
}

type Part = { readonly literal: string } | { readonly place: string } | { readonly query: PathQuery }

/** @param names of the topic's levels @throws MW-BRK-0023, 0024 */
export function template(text: string, names: ReadonlySet<string>, path: string): Template {
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('{', at)
    if (open === -1) break
    const close = closing(text, open)
    if (close === -1) throw brokerErrors.template({ path, template: text, why: 'a brace is not closed' })
    if (open > at) parts.push({ literal: text.slice(at, open) })
    const place = text.slice(open + 1, close)
    if (place.startsWith('$')) parts.push({ query: pathQuery(place, path) })
    else if (place === 'topic' || place === 'key' || names.has(place)) parts.push({ place })
    else throw brokerErrors.template({ path, template: text, why: `the topic has no level {${place}}` })
    at = close + 1
  }
  if (at < text.length) parts.push({ literal: text.slice(at) })
  const places = new Set(parts.flatMap((part) => ('place' in part ? [part.place] : [])))
  return { text, places, readsPayload: parts.some((part) => 'query' in part), fill: (from) => fill(parts, from) }
}

/** Braces within a JSONPath's texts (`$['{']`) are its own. */
function closing(text: string, open: number): number {
  let quote = ''
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if ((char === "'" || char === '"') && text[open + 1] === '$') quote = char
    else if (char === '}') return at
  }
  return -1
}

function fill(parts: readonly Part[], from: Filling): string | undefined {
  let text = ''
  for (const part of parts) {
    const filled = fillOne(part, from)
    if (filled === undefined) return undefined
    text += filled
  }
  return text
}

function fillOne(part: Part, { topic, levels, document, key }: Filling): string | undefined {
  if ('literal' in part) return part.literal
  if ('place' in part) return part.place === 'topic' ? topic : part.place === 'key' ? key : levels.get(part.place)
  const value = document === undefined ? undefined : part.query.first(document)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}
