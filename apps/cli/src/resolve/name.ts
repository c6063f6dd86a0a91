import { refused, usage } from '../errors.ts'
import { exactly, roughly } from '../input/path.ts'
import { text } from '../texts/text.ts'

const MOST_SHOWN = 10

/** Whether a text is a whole id of this kind. */
export const isId = (prefix: string, given: string): boolean =>
  new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`).test(given)

export interface Named<T> {
  /** In words, as `device`. */
  readonly kind: string
  readonly given: string
  readonly candidates: readonly T[]
  readonly nameOf: (candidate: T) => string
  readonly idOf: (candidate: T) => string
}

/**
 * The one that a person named: by its exact name, its name in other letters, its id, or the end of its id. Errors: refused when
 * there is none, wrong usage when several fit (they are named).
 */
export function pick<T>(named: Named<T>): T {
  const { given, candidates, nameOf, idOf, kind } = named
  const ways: ((candidate: T) => boolean)[] = [
    (candidate) => idOf(candidate) === given,
    (candidate) => exactly(nameOf(candidate), given),
    (candidate) => roughly(nameOf(candidate), given),
    (candidate) => given.length >= 4 && idOf(candidate).endsWith(given.toLowerCase()),
  ]
  for (const way of ways) {
    const found = candidates.filter(way)
    if (found.length === 1) return found[0]!
    if (found.length > 1)
      throw ambiguous(
        kind,
        given,
        found.map((one) => `${nameOf(one)}  ${idOf(one)}`),
      )
  }
  const near = candidates.map(nameOf).filter((name) => name.toLowerCase().includes(given.toLowerCase()))
  throw unknown(kind, given, near)
}

export function ambiguous(kind: string, given: string, candidates: readonly string[]): Error {
  return usage(`${text('resolve.ambiguous', { kind, given })}\n${listed(candidates)}`)
}

export function unknown(kind: string, given: string, near: readonly string[]): Error {
  const sentence = text('resolve.unknown', { kind, given })
  return refused(near.length === 0 ? sentence : `${sentence} ${text('resolve.near')}\n${listed(near)}`)
}

function listed(candidates: readonly string[]): string {
  const shown = candidates.slice(0, MOST_SHOWN).map((candidate) => `  ${candidate}`)
  const more = candidates.length - shown.length
  return [...shown, ...(more > 0 ? [`  ${text('resolve.more', { n: more })}`] : [])].join('\n')
}
