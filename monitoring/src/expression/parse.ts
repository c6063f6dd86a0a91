import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { ExpressionError } from './errors.ts'

export type { ASTNode }

/** Bounds on what is written: with no loops at run time, they bound what an evaluation can cost. */
export const EXPRESSION_LIMITS = {
  characters: 2000,
  nodes: 250,
  depth: 24,
  listItems: 100,
  arguments: 8,
  /** Closures that one evaluation may run: a macro runs its body once for each item of its list. */
  cost: 2000,
  /** Windows, `trueFor` and `noData` of one rule together: each costs a little at every reading. */
  windows: 32,
} as const

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: {
    maxAstNodes: EXPRESSION_LIMITS.nodes,
    maxDepth: EXPRESSION_LIMITS.depth,
    maxListElements: EXPRESSION_LIMITS.listItems,
    maxMapEntries: 0,
    maxCallArguments: EXPRESSION_LIMITS.arguments,
  },
})

/** Parses CEL within the bounds. Throws ExpressionError for anything that is not CEL or is too large. */
export function parseExpression(source: string): ASTNode {
  if (source.trim() === '') throw new ExpressionError('The expression is empty.', 0)
  if (source.length > EXPRESSION_LIMITS.characters) {
    throw new ExpressionError(
      `The expression has ${source.length} characters; ${EXPRESSION_LIMITS.characters} are allowed. Split it into several rules.`,
      EXPRESSION_LIMITS.characters,
    )
  }
  try {
    return environment.parse(source).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const at = Math.min(error.range?.start ?? 0, source.length)
    throw new ExpressionError(sentence(error.summary), at)
  }
}

/** The parser's words, for a person who writes rules rather than parsers. */
function sentence(summary: string): string {
  if (summary.includes('EOF')) return 'The expression ends too early: something is missing here.'
  if (/maxAstNodes|maxDepth|maxListElements|maxMapEntries|maxCallArguments/.test(summary)) {
    return `The expression is too large (${summary}). Split it into several rules.`
  }
  return `${summary.replace(/\.$/, '')}.`
}
