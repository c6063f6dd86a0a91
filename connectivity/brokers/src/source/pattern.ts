import { brokerErrors } from '../errors.ts'

/** A topic pattern: levels that must be so, `{name}` and `+` for any level, `#` or `{name...}` at the end for any rest. */
export interface TopicPattern {
  /** As MQTT subscribes to it. */
  readonly filter: string
  readonly names: ReadonlySet<string>
  /** What the named levels are in a topic; undefined: it does not match. */
  match(topic: string): ReadonlyMap<string, string> | undefined
}

const NAME = /^\{([A-Za-z][A-Za-z0-9_]{0,39})(\.\.\.)?\}$/
const NONE: ReadonlyMap<string, string> = new Map()

/** @throws MW-BRK-0022 */
export function topicPattern(text: string, path: string): TopicPattern {
  const fail = (why: string) => brokerErrors.topicPattern({ path, topic: text, why })
  const levels = text.split('/')
  const names = new Set<string>()
  const filter = levels.map((level, at) => {
    const named = NAME.exec(level)
    const last = at === levels.length - 1
    if (named !== null) {
      if (names.has(named[1]!)) throw fail(`{${named[1]}} stands twice`)
      names.add(named[1]!)
      if (named[2] === undefined) return '+'
      if (!last) throw fail(`${level} must be the last level`)
      return '#'
    }
    if (level === '#' && !last) throw fail('# must be the last level')
    if (level !== '+' && level !== '#' && /[+#{}\0]/.test(level))
      throw fail(`the level ${level} is neither a text nor a name`)
    return level
  })
  if (text === '') throw fail('it is empty')
  if (text.startsWith('$share/')) throw fail('name the group of a shared subscription in its own field')
  return { filter: filter.join('/'), names, match: (topic) => match(levels, filter, topic) }
}

function match(
  levels: readonly string[],
  filter: readonly string[],
  topic: string,
): ReadonlyMap<string, string> | undefined {
  const parts = topic.split('/')
  let found: Map<string, string> | undefined
  for (const [at, level] of filter.entries()) {
    const name = NAME.exec(levels[at]!)?.[1]
    if (level === '#') {
      if (name !== undefined) {
        found ??= new Map()
        found.set(name, parts.slice(at).join('/'))
      }
      return found ?? NONE
    }
    if (at >= parts.length || (level !== '+' && level !== parts[at])) return undefined
    if (name !== undefined) {
      found ??= new Map()
      found.set(name, parts[at]!)
    }
  }
  return parts.length === filter.length ? (found ?? NONE) : undefined
}
