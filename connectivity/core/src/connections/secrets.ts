/**
 * Secrets of a configuration: fields whose schema says `secret: true`. They are taken out before it is stored or shown,
 * kept sealed by their paths, and put back before a connection is made.
 */
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../codecs/json/document.ts'
import type { ConnectionAdapter } from './adapter.ts'
import { branchOf, type SchemaNode } from './schema.ts'

/** JSON pointer -> the secret there. */
export type Secrets = Readonly<Record<string, string>>

type Config = Record<string, unknown>

/** A configuration without its secrets, and these. Neither shares anything with what was given. */
export function splitSecrets(adapter: ConnectionAdapter, config: Config): { config: Config; secrets: Secrets } {
  const secrets: Record<string, string> = {}
  const open = withoutSecrets(adapter.configSchema as SchemaNode, config, '', (pointer, secret) => {
    secrets[pointer] = secret
  })
  return { config: open as Config, secrets }
}

/** The configuration with its secrets. */
export function joinSecrets(config: Config, secrets: Secrets): Config {
  const whole = structuredClone(config)
  for (const [pointer, secret] of Object.entries(secrets))
    put(whole, pointer.split('/').slice(1).map(unescaped), secret)
  return whole
}

/**
 * A new configuration in which secrets that were left out are those of the one before. In a list a secret belongs to its
 * row: it goes with the row that is the same but for its secrets, or with the place while the list has as many rows as
 * before; never to another row.
 */
export function keepSecrets(adapter: ConnectionAdapter, before: Config, next: Config): Config {
  return kept(adapter.configSchema as SchemaNode, before, next) as Config
}

function withoutSecrets(
  schema: SchemaNode,
  value: unknown,
  pointer: string,
  found: (pointer: string, secret: string) => void,
): unknown {
  const node = branchOf(schema, value)
  if (Array.isArray(value)) {
    const { items } = node
    return items === undefined
      ? structuredClone(value)
      : value.map((item, at) => withoutSecrets(items, item, `${pointer}/${at}`, found))
  }
  if (!isObject(value)) return structuredClone(value)
  const open: Config = {}
  for (const [name, field] of Object.entries(value)) {
    const part = node.properties?.[name]
    const at = `${pointer}/${escaped(name)}`
    if (part === undefined) open[name] = structuredClone(field)
    else if (isSecret(part)) {
      // What is no text is left for the schema to refuse; an emptied one is taken away.
      if (typeof field !== 'string') open[name] = structuredClone(field)
      else if (field !== '') found(at, field)
    } else open[name] = withoutSecrets(part, field, at, found)
  }
  return open
}

function kept(schema: SchemaNode, before: unknown, next: unknown): unknown {
  const node = branchOf(schema, next)
  if (Array.isArray(next)) {
    const { items } = node
    if (items === undefined || !Array.isArray(before)) return next
    const rows = before.map((row) => withoutSecrets(items, row, '', () => undefined))
    return next.map((item, at) => {
      const open = withoutSecrets(items, item, '', () => undefined)
      const same = rows.findIndex((row) => isDeepStrictEqual(row, open))
      const from = same >= 0 ? before[same] : before.length === next.length ? before[at] : undefined
      return kept(items, from, item)
    })
  }
  if (!isObject(next)) return next
  const was = isObject(before) ? before : {}
  // Another branch of a union is another thing: its secrets are its own.
  if (branchOf(schema, was) !== node && schema.anyOf !== undefined) return next
  const merged: Config = { ...next }
  for (const [name, part] of Object.entries(node.properties ?? {})) {
    if (isSecret(part)) {
      if (!Object.hasOwn(next, name) && typeof was[name] === 'string') merged[name] = was[name]
    } else if (Object.hasOwn(next, name)) merged[name] = kept(part, was[name], next[name])
  }
  return merged
}

/** Optional secrets may also be written as a union with null. */
const isSecret = (node: SchemaNode): boolean => node.secret === true || node.anyOf?.some(isSecret) === true

function put(target: unknown, pointer: readonly string[], secret: string): void {
  const [key, ...rest] = pointer
  if (key === undefined) return
  if (Array.isArray(target)) put(target[Number(key)], rest, secret)
  else if (isObject(target)) {
    if (rest.length === 0) target[key] = secret
    else put(target[key], rest, secret)
  }
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescaped = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~')
