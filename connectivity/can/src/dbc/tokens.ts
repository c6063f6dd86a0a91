import { canErrors } from '../errors.ts'

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'sign'
  readonly text: string
  /** From 1. */
  readonly line: number
  /** Nothing stands before it on its line, not even space. */
  readonly atMargin: boolean
}

const MAX_TOKENS = 2_000_000
/** Some tools leave zeros or a byte order mark behind. */
const SPACE = /[\s\0\ufeff]/u
const WORD = /[A-Za-z_][A-Za-z0-9_.-]*/y
const NUMBER = /[+-]?(?:0x[0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y
const TEXT = /"((?:\\"|[^"])*)"/y

/** Splits a CAN database into words, numbers, texts and signs. */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  let line = 1
  let lineStart = 0
  let at = 0
  const take = (expression: RegExp) => {
    expression.lastIndex = at
    return expression.exec(text)
  }
  while (at < text.length) {
    const character = text[at]!
    if (character === '\n') {
      line++
      lineStart = ++at
      continue
    }
    if (SPACE.test(character)) {
      at++
      continue
    }
    if (character === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
      continue
    }
    if (found.length >= MAX_TOKENS) throw canErrors.dbcTooMany({ things: 'words', limit: MAX_TOKENS })
    const atMargin = at === lineStart
    const add = (kind: Token['kind'], length: number, token: string) => {
      found.push({ kind, text: token, line, atMargin })
      at += length
    }
    if (character === '"') {
      const quoted = take(TEXT)
      if (quoted === null) throw canErrors.dbcSyntax({ line, what: 'a text has no closing quote' })
      const [whole, inner] = quoted as unknown as [string, string]
      const lines = whole.split('\n').length - 1
      add('text', whole.length, inner.includes('\\"') ? inner.replaceAll('\\"', '"') : inner)
      line += lines
      if (lines > 0) lineStart = -1
      continue
    }
    const number = take(NUMBER)
    if (number !== null) {
      add('number', number[0].length, number[0])
      continue
    }
    const word = take(WORD)
    if (word !== null) add('word', word[0].length, word[0])
    else add('sign', 1, character)
  }
  return found
}
