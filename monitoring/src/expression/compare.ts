import { ExpressionError } from './errors.ts'
import { NO, type Quantity, type Test, type Truth, UNKNOWN, YES } from './frame.ts'
import type { ASTNode } from './parse.ts'
import { isNumber, type Piece, truth, typeWords } from './pieces.ts'

export type Order = '<' | '<=' | '>' | '>='

/**
 * Numbers in order. NaN compares false with everything: when neither the comparison nor its opposite holds, a value is
 * missing, and so is the answer. One closure for each operator, and one for a constant on the right, so that the engine
 * sees a plain comparison.
 */
export function compareNumbers(order: Order, a: Quantity, b: Quantity, constant: number | undefined): Test {
  if (constant !== undefined) return compareConstant(order, a, constant)
  switch (order) {
    case '<':
      return (f) => decided(a(f), b(f), (x, y) => x < y)
    case '<=':
      return (f) => decided(a(f), b(f), (x, y) => x <= y)
    case '>':
      return (f) => decided(b(f), a(f), (x, y) => x < y)
    case '>=':
      return (f) => decided(b(f), a(f), (x, y) => x <= y)
  }
}

const decided = (x: number, y: number, holds: (x: number, y: number) => boolean): Truth =>
  Number.isNaN(x) || Number.isNaN(y) ? UNKNOWN : truth(holds(x, y))

function compareConstant(order: Order, a: Quantity, c: number): Test {
  switch (order) {
    case '<':
      return (f) => {
        const x = a(f)
        return x < c ? YES : x >= c ? NO : UNKNOWN
      }
    case '<=':
      return (f) => {
        const x = a(f)
        return x <= c ? YES : x > c ? NO : UNKNOWN
      }
    case '>':
      return (f) => {
        const x = a(f)
        return x > c ? YES : x <= c ? NO : UNKNOWN
      }
    case '>=':
      return (f) => {
        const x = a(f)
        return x >= c ? YES : x < c ? NO : UNKNOWN
      }
  }
}

/** `==` of two pieces of one type; int and double compare as numbers, as CEL does. */
export function equal(left: Piece, right: Piece, at: ASTNode): Test {
  if (left.type === 'any' || right.type === 'any') return () => UNKNOWN
  if (isNumber(left) && isNumber(right)) {
    const { quantity: a } = left as { quantity: Quantity }
    const { quantity: b } = right as { quantity: Quantity }
    return (f) => decided(a(f), b(f), (x, y) => x === y)
  }
  if (left.type === 'bool' && right.type === 'bool') {
    const [a, b] = [left.test, right.test]
    return (f) => {
      const x = a(f)
      const y = b(f)
      return x === UNKNOWN || y === UNKNOWN ? UNKNOWN : truth(x === y)
    }
  }
  if (left.type === 'string' && right.type === 'string') {
    const [a, b] = [left.word, right.word]
    return (f) => {
      const x = a(f)
      const y = b(f)
      return x === undefined || y === undefined ? UNKNOWN : truth(x === y)
    }
  }
  throw new ExpressionError(`${sentenceStart(typeWords(left))} cannot be compared with ${typeWords(right)}.`, at.start)
}

const sentenceStart = (text: string): string => text[0]!.toUpperCase() + text.slice(1)

/** `value in [ … ]`. As in CEL a list with an unknown item is unknown as a whole. */
export function contained(value: Piece, list: Piece, at: ASTNode): Test {
  if (list.type !== 'list') {
    throw new ExpressionError('`in` needs a list on its right, as `state in ["idle", "stopped"]`.', at.start)
  }
  const tests = list.items.map(({ piece, included }) => ({ included, test: equal(value, piece, at) }))
  return (f) => {
    let found: Truth = NO
    for (const { included, test } of tests) {
      const counts = included === undefined ? YES : included(f)
      const one = counts === YES ? test(f) : counts
      if (one === UNKNOWN) return UNKNOWN
      if (one === YES) found = YES
    }
    return found
  }
}
