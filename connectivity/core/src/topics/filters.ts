import { READABLE } from './names.ts'

export interface TopicLimits {
  /** UTF-8 bytes. */
  readonly bytes: number
  readonly levels: number
}

/** What is wrong with a topic name (section 4.7), or undefined. Characters were judged when it was decoded. */
export function topicProblem(topic: string, limits: TopicLimits): string | undefined {
  if (topic.includes('+') || topic.includes('#')) return 'wildcards are not allowed in a topic that is published to'
  return lengthProblem(topic, limits)
}

/** What is wrong with a topic filter (section 4.7.1), or undefined. */
export function filterProblem(filter: string, limits: TopicLimits): string | undefined {
  const levels = filter.split('/')
  for (const [at, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || at !== levels.length - 1)) return '# must stand alone at the end'
    if (level.includes('+') && level !== '+') return '+ must stand alone between slashes'
  }
  return lengthProblem(filter, limits)
}

function lengthProblem(topic: string, limits: TopicLimits): string | undefined {
  if (topic.length === 0) return 'it is empty'
  if (Buffer.byteLength(topic) > limits.bytes) return `it is longer than ${limits.bytes} bytes`
  let levels = 1
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++
  return levels > limits.levels ? `it has more than ${limits.levels} levels` : undefined
}

/** True when the filter matches the topic. Both within one namespace, so `$` has no special meaning here. */
export function filterMatches(filter: string, topic: string): boolean {
  const pattern = filter.split('/')
  const levels = topic.split('/')
  for (const [at, level] of pattern.entries()) {
    if (level === '#') return true
    if (at >= levels.length || (level !== '+' && level !== levels[at])) return false
  }
  return pattern.length === levels.length
}

/** True when some topic matches both filters. */
export function filtersMeet(one: string, other: string): boolean {
  const left = one.split('/')
  const right = other.split('/')
  for (let at = 0; ; at++) {
    const a = left[at]
    const b = right[at]
    if (a === '#' || b === '#') return true
    if (a === undefined || b === undefined) return a === b
    if (a !== '+' && b !== '+' && a !== b) return false
  }
}

/**
 * Default deny: a filter is granted when it can match something the platform sends to this device. Broad ones (`#`,
 * `+/v1/#`) are harmless: they are put under the device's own prefix before anything is matched.
 */
export function maySubscribe(filter: string): boolean {
  if (filter.startsWith('$') || filter.startsWith('d/')) return false
  return READABLE.some((readable) => filtersMeet(filter, readable))
}
