import { ExpressionError } from './errors.ts'
import { NO, type Quantity, type Test, UNKNOWN, type Word, YES } from './frame.ts'
import type { ASTNode } from './parse.ts'

/**
 * A compiled part of an expression with its CEL type. `int` and `double` are both JavaScript numbers here; `any` stands
 * for a signal that the equipment does not have: it fits everywhere and is never run.
 */
export type Piece =
  | { readonly type: 'double' | 'int'; readonly quantity: Quantity; readonly constant?: number }
  | { readonly type: 'bool'; readonly test: Test }
  | { readonly type: 'string'; readonly word: Word; readonly literal?: string }
  | { readonly type: 'list'; readonly items: readonly Item[] }
  | { readonly type: 'any' }
  /** A signal of a kind that has no value in CEL: only its age, quality and count can be asked for. */
  | { readonly type: 'signal'; readonly kind: string; readonly name: string }

/** A signal by its place in the program. */
export interface SignalReference {
  readonly index: number
  readonly name: string
  readonly kind: string | undefined
}

/** An item of a list. */
export interface Item {
  readonly piece: Piece
  /** The signal it names, for functions that take one. */
  readonly signal: SignalReference | undefined
  /** What evaluating it once costs, in closures. */
  readonly cost: number
  /** Whether it is in the list at all, after a `filter`; absent: always. */
  readonly included?: Test | undefined
}

const nothing: Quantity = () => Number.NaN

const TYPE_WORDS: Readonly<Record<Piece['type'], string>> = {
  double: 'a number',
  int: 'a whole number',
  bool: 'a condition (true or false)',
  string: 'a text',
  list: 'a list',
  any: 'a signal',
  signal: 'a signal without a single value',
}

/** The piece's type in words, for an error. */
export function typeWords(piece: Piece): string {
  return piece.type === 'signal' ? `the ${piece.kind} signal "${piece.name}"` : TYPE_WORDS[piece.type]
}

export const isNumber = (piece: Piece): boolean =>
  piece.type === 'double' || piece.type === 'int' || piece.type === 'any'

/** The piece as a condition, or an error at its place. */
export function asTest(piece: Piece, at: ASTNode, what: string): Test {
  if (piece.type === 'bool') return piece.test
  if (piece.type === 'any') return () => UNKNOWN
  throw new ExpressionError(`${what} needs a condition (true or false), but this is ${typeWords(piece)}.`, at.start)
}

/** The piece as a number, or an error at its place. */
export function asQuantity(piece: Piece, at: ASTNode, what: string): Quantity {
  if (piece.type === 'double' || piece.type === 'int') return piece.quantity
  if (piece.type === 'any') return nothing
  throw new ExpressionError(`${what} needs a number, but this is ${typeWords(piece)}.`, at.start)
}

/** The piece as a text, or an error at its place. */
export function asWord(piece: Piece, at: ASTNode, what: string): Word {
  if (piece.type === 'string') return piece.word
  if (piece.type === 'any') return () => undefined
  throw new ExpressionError(`${what} needs a text, but this is ${typeWords(piece)}.`, at.start)
}

export const truth = (value: boolean): typeof YES | typeof NO => (value ? YES : NO)
