import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

/** Names from the root, or from anywhere below it: `Site/Line/P-101`. */
export interface NamePath {
  readonly names: readonly string[]
  /** Began with a slash: the first name is a root. */
  readonly rooted: boolean
}

/** Takes a path apart. `\/` is a slash and `\\` a backslash within a name. Errors: wrong usage. */
export function parsePath(given: string): NamePath {
  const rooted = given.startsWith('/')
  const names: string[] = []
  let name = ''
  const body = rooted ? given.slice(1) : given
  for (let i = 0; i < body.length; i++) {
    const char = body[i]!
    if (char === '/') {
      names.push(name)
      name = ''
    } else if (char === '\\' && (body[i + 1] === '/' || body[i + 1] === '\\')) {
      name += body[++i]
    } else name += char
  }
  names.push(name)
  if (names.length > 1 && names.at(-1) === '') names.pop()
  if (names.some((part) => part.trim() === '')) throw usage(text('input.path', { given }))
  return { names, rooted }
}

/** The path of these names, as `parsePath` reads it. */
export const formatPath = (names: readonly string[]): string =>
  names.map((name) => name.replace(/[\\/]/g, (char) => `\\${char}`)).join('/')

/** Whether `full`, names from the root, is what the path says: all of it, or its end. */
export function pathMatches(path: NamePath, full: readonly string[], same: (a: string, b: string) => boolean): boolean {
  const { names, rooted } = path
  if (rooted ? names.length !== full.length : names.length > full.length) return false
  const start = full.length - names.length
  return names.every((name, i) => same(name, full[start + i]!))
}

export const exactly = (a: string, b: string): boolean => a === b
export const roughly = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * Paths without the names that all of them begin with, so that what tells them apart is seen; each keeps its last `keep` names.
 * What is left still names the same thing.
 */
export function withoutCommon(paths: ReadonlyMap<string, string>, keep: number): ReadonlyMap<string, string> {
  const all = [...paths].map(([id, path]) => ({ id, names: parsePath(path).names }))
  const [first] = all
  if (first === undefined) return paths
  let common = 0
  while (all.every(({ names }) => names.length > common + keep && names[common] === first.names[common])) common += 1
  return new Map(all.map(({ id, names }) => [id, formatPath(names.slice(common))]))
}
