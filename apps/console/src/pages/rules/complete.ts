import { FUNCTIONS } from './functions.ts'

export interface Known {
  readonly name: string
  readonly detail: string
}

export interface Completion {
  readonly label: string
  readonly detail: string
  /** What replaces the word; `|` is where the caret goes. */
  readonly insert: string
}

/** The word that the caret stands at the end of, and where it begins. Nothing within a text literal. */
export function wordBefore(text: string, caret: number): { word: string; start: number } | undefined {
  const before = text.slice(0, caret)
  const quotes = before.match(/"/g)?.length ?? 0
  if (quotes % 2 === 1) return undefined
  const word = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? ''
  return { word, start: caret - word.length }
}

const IDENTIFIER = /^[A-Za-z_]\w*$/
const RESERVED = new Set([
  'in',
  'true',
  'false',
  'null',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])

/** How a signal is written in an expression: its name, or `signal("…")` where that is no CEL identifier. */
export const written = (name: string): string =>
  IDENTIFIER.test(name) && !RESERVED.has(name) ? name : `signal(${JSON.stringify(name)})`

/** Signals first, then functions, that begin with (or, further down, hold) what was typed. */
export function completions(word: string, signals: readonly Known[], most = 8): Completion[] {
  const needle = word.toLowerCase()
  if (needle === '') return []
  const all: Completion[] = [
    ...signals.map((signal) => ({ label: signal.name, detail: signal.detail, insert: written(signal.name) })),
    ...FUNCTIONS.map((one) => ({ label: one.usage, detail: '', insert: one.insert })),
  ]
  const starts = all.filter((one) => one.label.toLowerCase().startsWith(needle))
  const holds = all.filter((one) => !starts.includes(one) && one.label.toLowerCase().includes(needle))
  const found = [...starts, ...holds].slice(0, most)
  // A word that is complete needs no list.
  return found.length === 1 && found[0]!.insert === word ? [] : found
}

/** The text with a completion in place of the word before the caret, and where the caret then stands. */
export function applyCompletion(text: string, caret: number, completion: Completion): { text: string; caret: number } {
  const { start } = wordBefore(text, caret) ?? { start: caret }
  const at = completion.insert.indexOf('|')
  const insert = completion.insert.replace('|', '')
  return { text: text.slice(0, start) + insert + text.slice(caret), caret: start + (at === -1 ? insert.length : at) }
}
