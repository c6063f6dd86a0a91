import { fieldOf, isValues, type Schema, type Values } from './schema.ts'

/** RFC 6901. */
export const pointerTo = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

const keysOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The value at a pointer. */
export function valueAt(root: unknown, pointer: string): unknown {
  let at = root
  for (const key of keysOf(pointer)) {
    if (Array.isArray(at)) at = at[Number(key)]
    else if (isValues(at)) at = at[key]
    else return undefined
  }
  return at
}

/** A copy with the value at a pointer; undefined takes it away. Objects on the way are made. */
export function withValue(root: Values, pointer: string, value: unknown): Values {
  return put(root, keysOf(pointer), value) as Values
}

function put(at: unknown, keys: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return value
  if (Array.isArray(at)) {
    const index = key === '-' ? at.length : Number(key)
    return value === undefined && rest.length === 0
      ? at.filter((_, other) => other !== index)
      : Object.assign([...at], { [index]: put(at[index], rest, value) })
  }
  const held: Values = isValues(at) ? at : {}
  return withField(held, key, put(held[key], rest, value))
}

/** A copy with one field changed; undefined leaves it out. */
export function withField(values: Values, name: string, value: unknown): Values {
  const { [name]: _, ...others } = values
  return value === undefined ? others : { ...values, [name]: value }
}

/** What choosing an item of a browse puts into a configuration: appended to an array (once), set otherwise. */
export function picked(schema: Schema, config: Values, pick: { path: string; value: unknown }): Values {
  const held = valueAt(config, pick.path)
  const isList = Array.isArray(held) || kindAt(schema, pick.path) === 'array'
  if (!isList) return withValue(config, pick.path, pick.value)
  const list = Array.isArray(held) ? held : []
  const same = JSON.stringify(pick.value)
  return list.some((one) => isSame(one, pick.value, same))
    ? config
    : withValue(config, pick.path, [...list, pick.value])
}

/** Whether what a pick would put there is there already. */
export function isPicked(config: Values, pick: { path: string; value: unknown }): boolean {
  const held = valueAt(config, pick.path)
  const same = JSON.stringify(pick.value)
  return Array.isArray(held) ? held.some((one) => isSame(one, pick.value, same)) : JSON.stringify(held) === same
}

/** Takes back what a pick put there. */
export function unpicked(config: Values, pick: { path: string; value: unknown }): Values {
  const held = valueAt(config, pick.path)
  if (!Array.isArray(held)) return isPicked(config, pick) ? withValue(config, pick.path, undefined) : config
  const same = JSON.stringify(pick.value)
  return withValue(
    config,
    pick.path,
    held.filter((one) => !isSame(one, pick.value, same)),
  )
}

/** A row that was picked and then changed in other fields is still the one that was picked. */
function isSame(held: unknown, value: unknown, same: string): boolean {
  if (!isValues(value)) return JSON.stringify(held) === same
  const [key] = Object.keys(value)
  return isValues(held) && key !== undefined && JSON.stringify(held[key]) === JSON.stringify(value[key])
}

function kindAt(schema: Schema, pointer: string): string | undefined {
  let at: Schema | undefined = schema
  for (const key of keysOf(pointer)) {
    if (at === undefined) return undefined
    const field = fieldOf(at)
    const node: Schema = field.kind === 'branches' ? field.branches[0]!.schema : field.schema
    at = node.properties?.[key] ?? node.items
  }
  return at?.type
}

/** What a file of the field gives, put into a configuration: objects are merged, arrays replace. */
export function merged(config: Values, imported: Values): Values {
  let next = config
  for (const [name, value] of Object.entries(imported)) {
    const held = next[name]
    next = { ...next, [name]: isValues(held) && isValues(value) ? merged(held, value) : value }
  }
  return next
}

/** A new value of a schema: what cannot be left out, and the literals that say what it is. */
export function fresh(schema: Schema): unknown {
  const field = fieldOf(schema)
  if (field.kind === 'branches') return fresh(field.branches[0]!.schema)
  if (field.kind === 'literal') return field.schema.const
  if (field.schema.default !== undefined && field.kind !== 'object') return structuredClone(field.schema.default)
  if (field.kind === 'rows') return Array.from({ length: field.schema.minItems ?? 0 }, () => fresh(field.items) ?? {})
  if (field.kind === 'words' || field.kind === 'texts' || (field.kind === 'pick' && field.many)) return []
  if (field.kind !== 'object') return undefined
  const out: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(field.schema.properties ?? {})) {
    const inner = fieldOf(part)
    if (field.schema.required?.includes(name) !== true && inner.kind !== 'literal') continue
    // What has a default is filled in by the platform; the form shows it all the same.
    if (part.default !== undefined && inner.kind !== 'literal') continue
    const value = fresh(part)
    if (value !== undefined) out[name] = value
  }
  return out
}

/** Another way of a union: what both ways have is kept. */
export function switched(value: unknown, schema: Schema): Values {
  const made = fresh(schema) as Values
  const kept = isValues(value)
    ? Object.entries(value).filter(([name]) => {
        const part = schema.properties?.[name]
        return part !== undefined && part.const === undefined
      })
    : []
  return { ...made, ...Object.fromEntries(kept) }
}

/** Whether anything below is a secret. */
export function holdsSecrets(schema: Schema): boolean {
  const field = fieldOf(schema)
  if (field.kind === 'text') return field.secret
  if (field.kind === 'branches') return field.branches.some((one) => holdsSecrets(one.schema))
  if (field.kind === 'rows') return holdsSecrets(field.items)
  return Object.values(field.schema.properties ?? {}).some(holdsSecrets)
}
