import { whole } from './arithmetic.ts'
import { ExpressionError } from './errors.ts'
import { type Quantity, UNKNOWN } from './frame.ts'
import type { ASTNode } from './parse.ts'
import { asQuantity, asWord, type Piece, truth } from './pieces.ts'

/** CEL's math extension, as far as rules need it: https://pkg.go.dev/github.com/google/cel-go/ext#Math */
const MATH: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  // CEL rounds halves away from zero; JavaScript rounds them up.
  round: (value) => Math.sign(value) * Math.round(Math.abs(value)),
}

const CHOICES: Readonly<Record<string, (a: number, b: number) => number>> = { greatest: Math.max, least: Math.min }

const STRINGS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
}

const METHOD_NAMES = [
  ...[...Object.keys(MATH), ...Object.keys(CHOICES)].map((name) => `math.${name}(…)`),
  ...[...Object.keys(STRINGS), 'matches', 'size'].map((name) => `text.${name}(…)`),
  ...['all', 'exists', 'exists_one', 'map', 'filter', 'size'].map((name) => `list.${name}(…)`),
]

/** `math.abs(x)`: a function of the math extension. */
export function mathCall(name: string, args: readonly Piece[], nodes: readonly ASTNode[], at: ASTNode): Piece {
  const what = `math.${name}`
  const quantities = args.map((piece, i) => asQuantity(piece, nodes[i]!, what))
  const type = args.every((piece) => piece.type === 'int') && name !== 'sqrt' ? 'int' : 'double'
  const one = Object.hasOwn(MATH, name) ? MATH[name] : undefined
  if (one !== undefined) {
    if (quantities.length !== 1) throw new ExpressionError(`${what} takes one number.`, at.start)
    const [quantity] = quantities as [Quantity]
    return { type, quantity: type === 'int' ? (f) => whole(one(quantity(f))) : (f) => one(quantity(f)) }
  }
  const choice = Object.hasOwn(CHOICES, name) ? CHOICES[name] : undefined
  if (choice === undefined) throw unknownMethod(what, at)
  if (quantities.length === 0) throw new ExpressionError(`${what} takes at least one number.`, at.start)
  return { type, quantity: quantities.reduce((a, b) => (f) => choice(a(f), b(f))) }
}

/** `state.startsWith("run")`: a method of texts. */
export function textCall(
  name: string,
  receiver: Piece,
  args: readonly Piece[],
  nodes: readonly ASTNode[],
  at: ASTNode,
): Piece {
  const holds = Object.hasOwn(STRINGS, name) ? STRINGS[name] : undefined
  if (holds === undefined) throw unknownMethod(name, at)
  if (args.length !== 1) throw new ExpressionError(`${name} takes one text, as state.${name}("run").`, at.start)
  const text = asWord(receiver, at, name)
  const part = asWord(args[0]!, nodes[0]!, name)
  return {
    type: 'bool',
    test: (f) => {
      const a = text(f)
      const b = part(f)
      return a === undefined || b === undefined ? UNKNOWN : truth(holds(a, b))
    },
  }
}

const unknownMethod = (name: string, at: ASTNode): ExpressionError =>
  new ExpressionError(`There is no \`${name}\` in rules. There are: ${METHOD_NAMES.join(', ')}.`, at.start)
