import { type Arithmetic, arithmetic, constant, negative } from './arithmetic.ts'
import { compareNumbers, contained, equal, type Order } from './compare.ts'
import { ExpressionError } from './errors.ts'
import { NO, type Quantity, type Test, UNKNOWN, YES } from './frame.ts'
import { RULE_FUNCTIONS, size } from './functions.ts'
import { MACROS, macro } from './macros.ts'
import { mathCall, textCall } from './methods.ts'
import type { ASTNode } from './parse.ts'
import { matches } from './pattern.ts'
import { asQuantity, asTest, type Item, type Piece, type SignalReference, truth, typeWords } from './pieces.ts'
import type { Scope } from './scope.ts'

/**
 * Compiles a parsed condition to a closure. Only what is known to end at once has a way through here: macros over
 * lists that are written out, patterns that match in linear time, and the calls of the tables. Throws ExpressionError at the place of the mistake.
 */
export function compileCondition(node: ASTNode, scope: Scope): Test {
  return asTest(compileNode(node, scope), node, 'A rule')
}

function compileNode(node: ASTNode, scope: Scope): Piece {
  scope.spend(1, node)
  const compile = (inner: ASTNode): Piece => compileNode(inner, scope)
  switch (node.op) {
    case 'value':
      return literal(node.args, node)
    case 'id':
      return named(node.args, node, scope)
    case '&&':
    case '||':
      return logical(node.op, compile(node.args[0]), compile(node.args[1]), node)
    case '!_':
      return not(compile(node.args), node)
    case '-_':
      return negative(compile(node.args), node)
    case '?:':
      return choice(compile(node.args[0]), compile(node.args[1]), compile(node.args[2]), node)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(node.op, compile(node.args[0]), compile(node.args[1]), node)
    case '==':
      return { type: 'bool', test: equal(compile(node.args[0]), compile(node.args[1]), node) }
    case '!=':
      return not({ type: 'bool', test: equal(compile(node.args[0]), compile(node.args[1]), node) }, node)
    case 'in':
      return { type: 'bool', test: isContained(node.args[0], node.args[1], node, scope) }
    case 'list':
      return { type: 'list', items: node.args.map((item) => itemOf(item, scope)) }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(node.op satisfies Arithmetic, compile(node.args[0]), compile(node.args[1]), node)
    case 'call':
      return call(node.args[0], node.args[1], node, scope)
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2], node, scope)
    default:
      throw new ExpressionError(
        `\`${node.op}\` has no meaning in rules. A signal whose name is no plain word is written signal("Its Name").`,
        node.start,
      )
  }
}

function literal(value: unknown, at: ASTNode): Piece {
  if (typeof value === 'number') return constant('double', value)
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new ExpressionError(`${value} is too large for a whole number.`, at.start)
    return constant('int', number)
  }
  if (typeof value === 'string') return { type: 'string', word: () => value, literal: value }
  if (typeof value === 'boolean') return { type: 'bool', test: () => truth(value) }
  if (value === null) {
    throw new ExpressionError('A signal is never null; ask noData(signal, "30s") whether it has a reading.', at.start)
  }
  throw new ExpressionError(
    'Bytes and unsigned numbers have no meaning in rules: write a plain number or a text.',
    at.start,
  )
}

/** What a plain name stands for: the item of a macro, or a signal's value. */
function named(name: string, at: ASTNode, scope: Scope): Piece {
  const item = scope.bound(name)
  if (item === undefined) return signalValue(scope.named(at)!)
  scope.spend(item.cost, at)
  return item.piece
}

function itemOf(node: ASTNode, scope: Scope): Item {
  const before = scope.spent
  const piece = compileNode(node, scope)
  const signal = node.op === 'id' || node.op === 'call' ? scope.named(node) : undefined
  return { piece, signal, cost: scope.spent - before }
}

/** The value is compared with each item anew. */
function isContained(value: ASTNode, list: ASTNode, at: ASTNode, scope: Scope): Test {
  const { piece, cost } = itemOf(value, scope)
  const items = compileNode(list, scope)
  if (items.type === 'list') scope.spend(cost * items.items.length, at)
  return contained(piece, items, at)
}

function signalValue({ index, kind, name }: SignalReference): Piece {
  switch (kind) {
    case undefined:
      return { type: 'any' }
    case 'number':
      return { type: 'double', quantity: ({ signals }) => signals[index]!.value }
    case 'boolean':
      return {
        type: 'bool',
        test: ({ signals }) => {
          const { value } = signals[index]!
          return Number.isNaN(value) ? UNKNOWN : truth(value !== 0)
        },
      }
    case 'state':
      return { type: 'string', word: ({ signals }) => signals[index]!.text }
    default:
      return { type: 'signal', kind, name }
  }
}

function logical(operator: '&&' | '||', left: Piece, right: Piece, at: ASTNode): Piece {
  const what = `\`${operator}\``
  const a = asTest(left, at, what)
  const b = asTest(right, at, what)
  const deciding = operator === '&&' ? NO : YES
  const other = operator === '&&' ? YES : NO
  return {
    type: 'bool',
    test: (f) => {
      const x = a(f)
      if (x === deciding) return deciding
      const y = b(f)
      if (y === deciding) return deciding
      return x === UNKNOWN || y === UNKNOWN ? UNKNOWN : other
    },
  }
}

function not(piece: Piece, at: ASTNode): Piece {
  const test = asTest(piece, at, '`!`')
  return {
    type: 'bool',
    test: (f) => {
      const x = test(f)
      return x === UNKNOWN ? UNKNOWN : x === YES ? NO : YES
    },
  }
}

function ordered(order: Order, left: Piece, right: Piece, at: ASTNode): Piece {
  if (left.type === 'string' || right.type === 'string') {
    throw new ExpressionError('Texts have no order in rules; compare them with `==`, `!=` or `in`.', at.start)
  }
  const a = asQuantity(left, at, `\`${order}\``)
  const b = asQuantity(right, at, `\`${order}\``)
  return { type: 'bool', test: compareNumbers(order, a, b, 'constant' in right ? right.constant : undefined) }
}

function choice(condition: Piece, yes: Piece, no: Piece, at: ASTNode): Piece {
  const test = asTest(condition, at, '`?:`')
  const pick = <T>(a: (f: Parameters<Quantity>[0]) => T, b: (f: Parameters<Quantity>[0]) => T, unknown: T) => {
    return (f: Parameters<Quantity>[0]): T => {
      const x = test(f)
      return x === UNKNOWN ? unknown : x === YES ? a(f) : b(f)
    }
  }
  if (yes.type === 'any' || no.type === 'any') return { type: 'any' }
  if (yes.type === 'bool' && no.type === 'bool') return { type: 'bool', test: pick(yes.test, no.test, UNKNOWN) }
  if (yes.type === 'string' && no.type === 'string') {
    return { type: 'string', word: pick(yes.word, no.word, undefined) }
  }
  if ((yes.type === 'int' || yes.type === 'double') && (no.type === 'int' || no.type === 'double')) {
    const type = yes.type === no.type ? yes.type : 'double'
    return { type, quantity: pick(yes.quantity, no.quantity, Number.NaN) }
  }
  throw new ExpressionError(
    `Both answers of \`?:\` must be alike; these are ${typeWords(yes)} and ${typeWords(no)}.`,
    at.start,
  )
}

function call(name: string, args: readonly ASTNode[], node: ASTNode, scope: Scope): Piece {
  const reference = scope.named(node)
  if (reference !== undefined) return signalValue(reference)
  const known = RULE_FUNCTIONS.get(name)
  if (known === undefined) {
    const usages = [...RULE_FUNCTIONS.values()].map(({ usage }) => usage)
    throw new ExpressionError(`There is no function \`${name}\` in rules. There are: ${usages.join(', ')}.`, node.start)
  }
  return known.compile({
    name,
    node,
    args,
    scope,
    compile: (inner) => compileNode(inner, scope),
    signal: (argument) => {
      const signal = argument === undefined ? undefined : scope.named(argument)
      if (signal !== undefined) return signal
      throw new ExpressionError(`${name} needs a signal's name first: ${known.usage}.`, argument?.start ?? node.start)
    },
  })
}

function method(name: string, receiver: ASTNode, args: readonly ASTNode[], node: ASTNode, scope: Scope): Piece {
  const compile = (inner: ASTNode): Piece => compileNode(inner, scope)
  if (receiver.op === 'id' && receiver.args === 'math') return mathCall(name, args.map(compile), args, node)
  if (MACROS.has(name)) return macro(name, compile(receiver), args, node, scope, compile)
  if (name === 'matches') return { type: 'bool', test: matches(compile(receiver), args, node) }
  if (name === 'size' && args.length === 0) return size(compile(receiver), receiver)
  return textCall(name, compile(receiver), args.map(compile), args, node)
}
