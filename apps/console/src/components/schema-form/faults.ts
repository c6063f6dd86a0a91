import { fieldOf, isRequired, isValues, type Schema, takenBranch, type Values } from './schema.ts'
import { pointerTo } from './values.ts'

/** What is wrong with one field, before the platform is asked. */
export type Fault =
  | { readonly what: 'missing' }
  | { readonly what: 'least' | 'most' | 'above' | 'below'; readonly limit: number }
  | { readonly what: 'whole' }
  | { readonly what: 'short' | 'long' | 'few' | 'many'; readonly limit: number }
  | { readonly what: 'form' }

/** Every field of a configuration that cannot stand as it is, by its pointer. Secrets that are set may be left out. */
export function faultsOf(schema: Schema, config: Values, secrets: ReadonlySet<string>): Map<string, Fault> {
  const found = new Map<string, Fault>()
  inspect(schema, config, '', secrets, found)
  return found
}

function inspect(
  schema: Schema,
  value: unknown,
  pointer: string,
  secrets: ReadonlySet<string>,
  found: Map<string, Fault>,
): void {
  const field = fieldOf(schema)
  const add = (fault: Fault | undefined) => fault !== undefined && found.set(pointer, fault)
  switch (field.kind) {
    case 'branches':
      inspect(takenBranch(field.branches, value).schema, value, pointer, secrets, found)
      return
    case 'object': {
      const held: Values = isValues(value) ? value : {}
      for (const [name, part] of Object.entries(field.schema.properties ?? {})) {
        const at = pointerTo(pointer, name)
        const inner = held[name]
        if (inner !== undefined) inspect(part, inner, at, secrets, found)
        else if (isRequired(field.schema, name) && !secrets.has(at)) missing(part, at, secrets, found)
      }
      return
    }
    case 'rows':
    case 'texts':
    case 'words':
    case 'pick': {
      if (!Array.isArray(value)) return
      const { minItems, maxItems } = field.schema
      if (minItems !== undefined && value.length < minItems) add({ what: 'few', limit: minItems })
      if (maxItems !== undefined && value.length > maxItems) add({ what: 'many', limit: maxItems })
      if (field.kind === 'pick') return
      for (const [index, one] of value.entries()) inspect(field.items, one, pointerTo(pointer, index), secrets, found)
      return
    }
    case 'text':
      add(typeof value === 'string' ? textFault(field.schema, value) : undefined)
      return
    case 'number':
      add(typeof value === 'number' ? numberFault(field.schema, value, field.whole) : undefined)
      return
    default:
      return
  }
}

/** A part that has fields of its own is missing where its fields are. */
function missing(part: Schema, pointer: string, secrets: ReadonlySet<string>, found: Map<string, Fault>): void {
  const { kind } = fieldOf(part)
  if (kind === 'object' || kind === 'branches') inspect(part, {}, pointer, secrets, found)
  else if (kind !== 'literal' && kind !== 'rows' && kind !== 'words' && kind !== 'texts' && part.type !== 'array')
    found.set(pointer, { what: 'missing' })
}

const forms = new Map<string, RegExp>()

function formOf(pattern: string): RegExp {
  const held = forms.get(pattern) ?? new RegExp(pattern, 'u')
  forms.set(pattern, held)
  return held
}

function textFault({ minLength, maxLength, pattern }: Schema, value: string): Fault | undefined {
  if (minLength !== undefined && value.length < minLength) return { what: 'short', limit: minLength }
  if (maxLength !== undefined && value.length > maxLength) return { what: 'long', limit: maxLength }
  if (pattern !== undefined && !formOf(pattern).test(value)) return { what: 'form' }
  return undefined
}

function numberFault(schema: Schema, value: number, whole: boolean): Fault | undefined {
  if (whole && !Number.isInteger(value)) return { what: 'whole' }
  if (schema.minimum !== undefined && value < schema.minimum) return { what: 'least', limit: schema.minimum }
  if (schema.maximum !== undefined && value > schema.maximum) return { what: 'most', limit: schema.maximum }
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
    return { what: 'above', limit: schema.exclusiveMinimum }
  if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum)
    return { what: 'below', limit: schema.exclusiveMaximum }
  return undefined
}

/**
 * The field that the platform's error is about: `config/units/0/host` or `body/config/host` is `/units/0/host`.
 * Undefined: it is about none of the form's.
 * @param within what the form's values are called in the request
 */
export function pointerOf(path: string | undefined, within: 'config' | 'settings' = 'config'): string | undefined {
  const [first, ...rest] = (path ?? '').replace(/^\/?(?:body\/)?/, '').split('/')
  if (first !== within) return undefined
  return rest.map((key) => `/${key}`).join('')
}
