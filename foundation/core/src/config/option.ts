import type { TObject, TSchema } from 'typebox'

/** One option of a program: an entry of its schema, with the names it has on the command line and in the environment. */
export interface Option {
  /** `httpPort`: in the schema, in the file, in the values. */
  readonly name: string
  /** `--http-port` */
  readonly flag: string
  /** `MILLWRIGHT_HTTP_PORT` */
  readonly variable: string
  readonly type: 'string' | 'number' | 'boolean' | 'list'
  readonly schema: OptionSchema
  readonly required: boolean
}

/** What may stand in an option's schema beside its type; `secret` values are never printed. */
export type OptionSchema = TSchema & {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly secret?: boolean
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The options of a flat schema object, in its order. */
export function optionsOf(schema: TObject, prefix: string): Option[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties).map(([name, value]) => {
    const own = value as OptionSchema
    return {
      name,
      flag: `--${kebab(name)}`,
      variable: `${prefix}${kebab(name).replaceAll('-', '_').toUpperCase()}`,
      type: typeOf(own.type),
      schema: own,
      required: required.has(name) && own.default === undefined,
    }
  })
}

function typeOf(type: string | undefined): Option['type'] {
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'array' ? 'list' : 'string'
}

/**
 * Text from the command line or the environment as the option's type. What does not fit stays text: validation then
 * says what was expected.
 */
export function fromText(option: Option, text: string): unknown {
  if (option.type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  if (option.type === 'list') return text === '' ? [] : text.split(',').map((part) => part.trim())
  if (option.type === 'boolean') {
    if (/^(true|yes|on|1)$/i.test(text)) return true
    if (/^(false|no|off|0)$/i.test(text)) return false
  }
  return text
}

/** ` Did you mean …?` when one of the names is within two letters of what was written. */
export function hint(written: string, names: readonly string[]): string {
  let best: string | undefined
  let least = 3
  for (const name of names) {
    const apart = distance(written, name)
    if (apart < least) {
      least = apart
      best = name
    }
  }
  return best === undefined ? '' : ` Did you mean ${best}?`
}

/** Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
