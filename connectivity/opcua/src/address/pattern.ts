import { opcuaErrors } from '../errors.ts'

/** A pattern of browse paths: names in which `*` stands for any part and `?` for one character, or `**` for any number of names. */
export interface PathPattern {
  readonly parts: readonly string[]
}

/** Parses a pattern as `Motor*` or `Line 1`, parts divided by slashes. @param path of the value, for the error */
export function parsePattern(text: string, path?: string): PathPattern {
  const parts = text.replace(/^\//, '').split('/')
  const well = parts.length <= 64 && parts.every((part) => part === '**' || (part !== '' && !part.includes('**')))
  if (!well) throw opcuaErrors.pattern({ pattern: text, ...(path === undefined ? {} : { path }) })
  return { parts }
}

/** True when the names, from the folder down, match. Takes time in proportion to names × parts. */
export function matches({ parts }: PathPattern, names: readonly string[]): boolean {
  // reach[i]: the first i parts match the names so far.
  let reach = spread(parts, [true])
  for (const name of names) {
    const next: boolean[] = []
    for (const [at, part] of parts.entries()) {
      if (part === '**') {
        if (reach[at] || reach[at + 1]) next[at + 1] = true
      } else if (reach[at] && fits(part, name)) {
        next[at + 1] = true
      }
    }
    reach = spread(parts, next)
  }
  return reach[parts.length] === true
}

/** `**` also stands for no name at all. */
function spread(parts: readonly string[], reach: boolean[]): boolean[] {
  for (const [at, part] of parts.entries()) if (reach[at] && part === '**') reach[at + 1] = true
  return reach
}

/** Greedy with one step back to the last star: no input takes more than length × length steps. */
function fits(part: string, name: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let on = 0; on < name.length; ) {
    if (part[at] === '*') {
      star = at++
      resume = on
    } else if (at < part.length && (part[at] === '?' || part[at] === name[on])) {
      at++
      on++
    } else if (star >= 0) {
      at = star + 1
      on = ++resume
    } else {
      return false
    }
  }
  while (part[at] === '*') at++
  return at === part.length
}
