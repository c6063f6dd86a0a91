import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'
import { jsonOrText } from './pairs.ts'

type Branch = Record<string, unknown> | unknown[]

/**
 * A configuration with fields set by their paths, as `devices.0.unit=7`: lists are counted from 0, the next number adds an
 * item. What was given is not changed. Errors: wrong usage.
 */
export function withPaths(
  config: Readonly<Record<string, unknown>>,
  pairs: readonly string[],
): Record<string, unknown> {
  const made = structuredClone(config) as Record<string, unknown>
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at <= 0) throw usage(text('input.pair', { given: pair }))
    put(made, pair.slice(0, at).split('.'), jsonOrText(pair.slice(at + 1)), pair.slice(0, at))
  }
  return made
}

function put(branch: Branch, keys: readonly string[], value: unknown, path: string): void {
  const [key, ...rest] = keys as [string, ...string[]]
  if (Array.isArray(branch) && (!/^\d+$/.test(key) || Number(key) > branch.length)) {
    throw usage(text('connections.badPath', { path, key }))
  }
  const held = Object.hasOwn(branch, key) ? (branch as Record<string, unknown>)[key] : undefined
  let next: unknown = value
  if (rest.length > 0) {
    // A number after a name that is not there begins a list.
    next = typeof held === 'object' && held !== null ? held : /^\d+$/.test(rest[0]!) ? [] : {}
    put(next as Branch, rest, value, path)
  }
  Object.defineProperty(branch, key, { value: next, enumerable: true, configurable: true, writable: true })
}
