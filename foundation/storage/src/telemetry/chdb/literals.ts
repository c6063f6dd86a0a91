import { storageErrors } from '../../errors.ts'

/**
 * Puts query parameters (`{name:Type}`) into the text as literals, the way ClickHouse itself does it on the server:
 * `_CAST('text', 'Type')`. chDB's own binding runs one parameterised query at a time in the whole process, so that one
 * long query would hold up everybody's charts.
 */
export function withLiterals(sql: string, params: Readonly<Record<string, unknown>> | undefined): string {
  if (params === undefined) return sql
  return sql.replace(PIECES, (piece, name?: string, type?: string) => {
    if (name === undefined || type === undefined) return piece
    if (!Object.hasOwn(params, name)) throw storageErrors.parameter({ name, reason: 'it is not given' })
    return literal(name, type.trim(), params[name])
  })
}

/** Strings, quoted names and comments, left as they are; or a parameter. */
const PIECES =
  /'(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\[\s\S])*"|--[^\n]*|\/\*[\s\S]*?\*\/|\{\s*([A-Za-z_]\w*)\s*:\s*([A-Za-z][\w\s(),']*?)\s*\}/g

function literal(name: string, type: string, value: unknown): string {
  if (type === 'Identifier') {
    if (typeof value !== 'string') throw storageErrors.parameter({ name, reason: 'a name must be a string' })
    return `\`${value.replace(/[\\`]/g, '\\$&')}\``
  }
  if (value === null || value === undefined) return `_CAST(NULL, ${quoted(type)})`
  if (typeof value === 'string' && type === 'String') return quoted(value)
  return `_CAST(${quoted(text(name, value))}, ${quoted(type)})`
}

/** The text that a value of the type is read from. */
function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => element(name, item)).join(',')}]`
  throw storageErrors.parameter({ name, reason: `a ${typeof value} cannot be a parameter` })
}

/** Within an array strings are quoted once more. */
function element(name: string, value: unknown): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? quoted(value) : text(name, value)
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf'
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** A zero byte would end the text at the engine's C boundary. */
const quoted = (value: string): string => `'${value.replace(/[\\'\0\n\r\t]/g, (found) => ESCAPES[found]!)}'`
