import { fileErrors } from '../errors.ts'

export interface NameMatch {
  /** What stands at `{device}`. */
  readonly device: string | undefined
}

const MAX_WILDCARDS = 4

/**
 * A pattern of file names: `*` is any text, `?` one character, `{device}` the text that names the device. Without regard
 * to case, as file systems of machine controllers are. @returns undefined when the name does not match
 */
export function namePattern(pattern: string): (name: string) => NameMatch | undefined {
  if (/[/\\]/.test(pattern)) throw fileErrors.pattern({ pattern, what: 'must not hold / or \\', path: '/pattern' })
  const parts = pattern.split(/(\*+|\?|\{device\})/)
  const wildcards = parts.filter((part) => part.startsWith('*') || part === '{device}').length
  if (wildcards > MAX_WILDCARDS || parts.filter((part) => part === '{device}').length > 1)
    throw fileErrors.pattern({
      pattern,
      what: `may hold ${MAX_WILDCARDS} wildcards and one {device}`,
      path: '/pattern',
    })
  const source = parts.map((part) => {
    if (part.startsWith('*')) return '.*'
    if (part === '?') return '.'
    if (part === '{device}') return '(?<device>.+?)'
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  const expression = new RegExp(`^${source.join('')}$`, 'isu')
  return (name) => {
    const match = expression.exec(name)
    return match === null ? undefined : { device: match.groups?.['device'] }
  }
}
