/**
 * Templates: `{device} T={temperature:number} C`. Fields in braces, all else stands as it does in the line; a blank is any
 * number of blanks. Each field takes what its kind takes and never gives anything back, so that a line is read in one
 * pass, whatever it holds. Not regular expressions: see the README.
 */
import { linesErrors } from '../errors.ts'

const KINDS = ['text', 'word', 'number'] as const
type FieldKind = (typeof KINDS)[number]

type Part =
  | { readonly literal: string }
  /** `name` undefined: read and left out. */
  | { readonly name: string | undefined; readonly kind: FieldKind }

/** True when the line fits; `fields` gets name and text by turns. */
export type Match = (line: string, fields: string[]) => boolean

/**
 * `{name}` takes all up to what follows it in the template, `{name:word}` all up to the next blank or what follows,
 * `{name:number}` a number; without a name it is left out. `{{` and `}}` are braces.
 * @param decimal sign in numbers
 */
export function compileTemplate(template: string, decimal: '.' | ',', path: string): Match {
  const parts = parse(template, path)
  const number =
    decimal === '.' ? /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?/y : /[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d{1,4})?/y
  return (line, fields) => {
    fields.length = 0
    let at = 0
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]!
      let end: number
      if ('literal' in part) end = afterLiteral(line, at, part.literal)
      else {
        const start = part.kind === 'text' ? at : skipBlanks(line, at)
        if (part.kind === 'number') {
          number.lastIndex = start
          end = number.test(line) ? number.lastIndex : -1
        } else end = endOfText(line, start, part.kind, parts[index + 1])
        if (end >= 0 && part.name !== undefined) fields.push(part.name, line.slice(start, end).trim())
      }
      if (end < 0) return false
      at = end
    }
    return skipBlanks(line, at) === line.length
  }
}

/** Position after the literal; -1 when it does not stand there. */
function afterLiteral(line: string, at: number, literal: string): number {
  let position = at
  for (let index = 0; index < literal.length; index++) {
    if (literal[index] === ' ') {
      const after = skipBlanks(line, position)
      // A blank at the very end of the line may be missing.
      if (after === position && position < line.length) return -1
      position = after
    } else if (line[position] !== literal[index]) return -1
    else position++
  }
  return position
}

function skipBlanks(line: string, at: number): number {
  let position = at
  while (line[position] === ' ' || line[position] === '\t') position++
  return position
}

function endOfText(line: string, at: number, kind: FieldKind, next: Part | undefined): number {
  let end = line.length
  if (next !== undefined && 'literal' in next) {
    const literal = next.literal
    if (literal[0] !== ' ') {
      // Up to the first blank of it, the literal can be looked for as it stands.
      const blank = literal.indexOf(' ')
      end = line.indexOf(blank < 0 ? literal : literal.slice(0, blank), at)
      if (end < 0) return -1
    } else if (kind === 'text') end = endBeforeBlank(line, at, literal.trim())
  }
  if (kind === 'word') {
    for (let position = at; position < end; position++) {
      if (line[position] === ' ' || line[position] === '\t') end = position
    }
    if (end === at) return -1
  }
  return end
}

/** Text before a blank and what follows the blank in the template. */
function endBeforeBlank(line: string, at: number, following: string): number {
  if (following === '') {
    for (let position = at; position < line.length; position++) {
      if (line[position] === ' ' || line[position] === '\t') return position
    }
    return line.length
  }
  const head = following.split(' ', 1)[0]!
  for (let found = line.indexOf(head, at + 1); found >= 0; found = line.indexOf(head, found + 1)) {
    const before = line[found - 1]
    if (before !== ' ' && before !== '\t') continue
    let end = found
    while (end > at && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
    return end
  }
  return -1
}

function parse(template: string, path: string): Part[] {
  const parts: Part[] = []
  const names = new Set<string>()
  let literal = ''
  const wrong = (what: string) => linesErrors.configuration({ path, what })
  const flush = () => {
    const text = literal.replace(/[ \t]+/g, ' ')
    if (text !== '') parts.push({ literal: text })
    literal = ''
  }
  for (let at = 0; at < template.length; at++) {
    const char = template[at]!
    if ((char === '{' || char === '}') && template[at + 1] === char) {
      literal += char
      at++
    } else if (char === '}') throw wrong(`The } at ${at + 1} closes nothing; a brace itself is written }}.`)
    else if (char === '{') {
      const end = template.indexOf('}', at)
      if (end < 0) throw wrong(`The { at ${at + 1} is not closed; a brace itself is written {{.`)
      flush()
      const before = parts.at(-1)
      const field = fieldOf(template.slice(at + 1, end), wrong)
      if (before !== undefined && !('literal' in before) && before.kind !== 'number') {
        throw wrong(
          `Between two fields something must stand that ends the first, before {${template.slice(at + 1, end)}}.`,
        )
      }
      if (field.name !== undefined && names.has(field.name)) throw wrong(`Two fields are named ${field.name}.`)
      if (field.name !== undefined) names.add(field.name)
      parts.push(field)
      at = end
    } else literal += char
  }
  flush()
  if (names.size === 0) throw wrong('The template has no field with a name, as {temperature:number}.')
  return parts
}

function fieldOf(text: string, wrong: (what: string) => Error): { name: string | undefined; kind: FieldKind } {
  const colon = text.lastIndexOf(':')
  const name = (colon < 0 ? text : text.slice(0, colon)).trim()
  const kind = KINDS.find((each) => each === (colon < 0 ? 'text' : text.slice(colon + 1).trim()))
  if (kind === undefined) throw wrong(`{${text}} is of no known kind: ${KINDS.join(', ')}.`)
  return { name: name === '' ? undefined : name, kind }
}
