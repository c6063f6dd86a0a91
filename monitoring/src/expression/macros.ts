import { ExpressionError } from './errors.ts'
import { type Frame, NO, type Test, type Truth, UNKNOWN, YES } from './frame.ts'
import type { ASTNode } from './parse.ts'
import { asTest, type Item, type Piece } from './pieces.ts'
import type { Scope } from './scope.ts'

/** CEL's macros over lists: https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros */
export const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/**
 * `[a, b, c].exists(x, x > 80.0)`. Lists are written out in the expression, so a macro is compiled once for each of their
 * items: there is no loop at run time, and what it costs is counted like anything else that is written.
 */
export function macro(
  name: string,
  receiver: Piece,
  args: readonly ASTNode[],
  at: ASTNode,
  scope: Scope,
  compile: (node: ASTNode) => Piece,
): Piece {
  if (receiver.type !== 'list') {
    throw new ExpressionError(`${name} needs a list before it, as [a, b].${name}(x, …).`, at.start)
  }
  const [variable, ...bodies] = args
  const most = name === 'map' ? 2 : 1
  if (variable?.op !== 'id' || bodies.length < 1 || bodies.length > most) {
    throw new ExpressionError(`${name} is written as list.${name}(x, …), with a name for the item first.`, at.start)
  }
  const each = (item: Item, body: ASTNode): Item => {
    const before = scope.spent
    const { piece, signal } = scope.bind(variable.args, item, () => ({
      piece: compile(body),
      signal: scope.named(body),
    }))
    return { piece, signal, cost: scope.spent - before, included: item.included }
  }
  const test = (item: Item, body: ASTNode): Test => asTest(each(item, body).piece, body, name)
  const body = bodies.at(-1)!
  const kept = bodies.length === 1 && name !== 'filter' ? receiver.items : filtered(receiver.items, bodies[0]!, test)
  if (name === 'filter') return { type: 'list', items: kept }
  if (name === 'map') return { type: 'list', items: kept.map((item) => each(item, body)) }
  const tests = kept.map((item) => ({ included: item.included, test: test(item, body) }))
  return { type: 'bool', test: name === 'exists_one' ? exactlyOne(tests) : deciding(tests, name === 'all' ? NO : YES) }
}

/** How many items a list has; unknown when it is not known which. */
export const sizeOf =
  (items: readonly Item[]) =>
  (frame: Frame): number => {
    let size = 0
    for (const { included } of items) {
      const counts = included === undefined ? YES : included(frame)
      if (counts === UNKNOWN) return Number.NaN
      size += counts
    }
    return size
  }

function filtered(items: readonly Item[], body: ASTNode, test: (item: Item, body: ASTNode) => Test): Item[] {
  return items.map((item) => {
    const before = item.included
    const keeps = test(item, body)
    const included: Test = before === undefined ? keeps : (f) => both(before(f), f, keeps)
    return { ...item, included }
  })
}

const both = (first: Truth, frame: Frame, second: Test): Truth => (first === YES ? second(frame) : first)

type Kept = { readonly included: Test | undefined; readonly test: Test }

/** `all` (NO decides) and `exists` (YES decides) take the side that decides, whatever is unknown beside it. */
function deciding(tests: readonly Kept[], side: typeof YES | typeof NO): Test {
  return (frame) => {
    let answer: Truth = side === YES ? NO : YES
    let decided = false
    for (const { included, test } of tests) {
      const counts = included === undefined ? YES : included(frame)
      // As in CEL a list of which not all is known is unknown as a whole.
      if (counts === UNKNOWN) return UNKNOWN
      if (counts === NO) continue
      const one = test(frame)
      if (one === side) decided = true
      else if (one === UNKNOWN) answer = UNKNOWN
    }
    return decided ? side : answer
  }
}

/** Unlike the others, unknown as soon as one item is. */
function exactlyOne(tests: readonly Kept[]): Test {
  return (frame) => {
    let found = 0
    for (const { included, test } of tests) {
      const counts = included === undefined ? YES : included(frame)
      const one = counts === YES ? test(frame) : counts
      if (one === UNKNOWN) return UNKNOWN
      found += one
    }
    return found === 1 ? YES : NO
  }
}
