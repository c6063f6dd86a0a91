import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3'
import { brokerErrors } from '../errors.ts'

/** What one query may find in one payload. */
const FOUND = 5_000

/**
 * JSONPath (RFC 9535). The functions `match` and `search` are left out: they run regular expressions of the configuration
 * over texts of strangers, and such a pair can take for ever.
 */
class BoundedEnvironment extends JSONPathEnvironment {
  protected override setupFilterFunctions(): void {
    super.setupFilterFunctions()
    this.functionRegister.delete('match')
    this.functionRegister.delete('search')
  }
}

const environment = new BoundedEnvironment({ maxRecursionDepth: 32 })

export interface Found {
  readonly value: unknown
  /** The last step to it: a member's name or an index. */
  readonly key: string
}

export interface PathQuery {
  readonly text: string
  /** At most one value can be found. */
  readonly singular: boolean
  first(document: unknown): unknown
  /** @throws MW-BRK-0049 */
  all(document: unknown): Found[]
}

/** @throws MW-BRK-0024 */
export function pathQuery(text: string, path: string): PathQuery {
  let query: JSONPathQuery
  try {
    query = environment.compile(text)
  } catch (error) {
    throw brokerErrors.jsonPath({ path, query: text, why: (error as Error).message })
  }
  const costly = costOf(text)
  if (costly !== undefined) throw brokerErrors.jsonPath({ path, query: text, why: costly })
  const names = simpleNames(query, text)
  return {
    text,
    singular: query.singularQuery(),
    first:
      names === undefined
        ? (document) => query.match(document as JSONValue)?.value
        : (document) => walk(document, names),
    all(document) {
      if (names !== undefined) {
        const value = walk(document, names)
        return value === undefined ? [] : [{ value, key: names.at(-1) ?? '' }]
      }
      const found: Found[] = []
      for (const { value, location } of query.lazyQuery(document as JSONValue)) {
        found.push({ value, key: String(location.at(-1) ?? '') })
        if (found.length > FOUND) throw brokerErrors.tooManyValues({ path: text, limit: FOUND })
      }
      return found
    },
  }
}

/** Queries that take quadratic time or worse of a payload, whose size strangers choose. */
function costOf(text: string): string | undefined {
  const plain = text.replace(/'(\\.|[^'\\])*'|"(\\.|[^"\\])*"/g, "''")
  if (/\?[\s\S]*\$/.test(plain))
    return 'a filter must look at its own element (@), not through the whole payload ($) for each'
  return (plain.match(/\.\./g)?.length ?? 0) > 2 ? 'it descends (..) more than twice' : undefined
}

/** `$.a.b`, as most are: walked without the query machine. */
function simpleNames(query: JSONPathQuery, text: string): readonly string[] | undefined {
  if (!query.singularQuery() || !/^\$(\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(text)) return undefined
  return text.split('.').slice(1)
}

function walk(document: unknown, names: readonly string[]): unknown {
  let value = document
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}
