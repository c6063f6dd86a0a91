import { ExpressionError } from './errors.ts'
import type { Quantity } from './frame.ts'
import type { ASTNode } from './parse.ts'
import { asQuantity, type Piece, typeWords } from './pieces.ts'

export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/**
 * CEL arithmetic: double with double, int with int (`/` cuts, overflow and division by zero are errors: here unknown).
 * Where CEL refuses int with double, the int is taken as a double: `temperature * 2` means what it says.
 */
export function arithmetic(operator: Arithmetic, left: Piece, right: Piece, at: ASTNode): Piece {
  const what = `\`${operator}\``
  const a = asQuantity(left, at, what)
  const b = asQuantity(right, at, what)
  if (left.type === 'int' && right.type === 'int') return { type: 'int', quantity: wholeNumbers(operator, a, b) }
  if (operator === '%') {
    throw new ExpressionError(
      `\`%\` is for whole numbers, but this is ${typeWords(left)} and ${typeWords(right)}.`,
      at.start,
    )
  }
  return { type: 'double', quantity: doubles(operator, a, b) }
}

function doubles(operator: Exclude<Arithmetic, '%'>, a: Quantity, b: Quantity): Quantity {
  switch (operator) {
    case '+':
      return (f) => a(f) + b(f)
    case '-':
      return (f) => a(f) - b(f)
    case '*':
      return (f) => a(f) * b(f)
    case '/':
      return (f) => a(f) / b(f)
  }
}

function wholeNumbers(operator: Arithmetic, a: Quantity, b: Quantity): Quantity {
  switch (operator) {
    case '+':
      return (f) => whole(a(f) + b(f))
    case '-':
      return (f) => whole(a(f) - b(f))
    case '*':
      return (f) => whole(a(f) * b(f))
    case '/':
      return (f) => whole(Math.trunc(a(f) / b(f)))
    case '%':
      return (f) => whole(a(f) % b(f))
  }
}

/** Beyond 2^53 a JavaScript number is no exact whole number any more: the overflow CEL has at 2^63. `+ 0` undoes -0. */
export const whole = (value: number): number => (Number.isSafeInteger(value) ? value + 0 : Number.NaN)

export function negative(piece: Piece, at: ASTNode): Piece {
  const quantity = asQuantity(piece, at, '`-`')
  if (piece.type === 'int') {
    const minus: Quantity = (f) => whole(-quantity(f))
    return piece.constant === undefined ? { type: 'int', quantity: minus } : constant('int', whole(-piece.constant))
  }
  const known = piece.type === 'double' ? piece.constant : undefined
  return known === undefined ? { type: 'double', quantity: (f) => -quantity(f) } : constant('double', -known)
}

export const constant = (type: 'int' | 'double', value: number): Piece => ({
  type,
  quantity: () => value,
  constant: value,
})
