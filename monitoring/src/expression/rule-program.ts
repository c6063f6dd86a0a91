import { compileCondition } from './compile.ts'
import { ExpressionError } from './errors.ts'
import { parseExpression } from './parse.ts'
import type { KindOf, Program } from './program.ts'
import { Scope } from './scope.ts'

/** The two expressions of a rule. */
export interface RuleExpressions {
  readonly condition: string
  readonly clearCondition: string | null
}

/** Which of a rule's expressions a mistake stands in, and where. */
export class RuleExpressionError extends Error {
  readonly field: keyof RuleExpressions
  readonly position: number

  constructor(field: keyof RuleExpressions, cause: ExpressionError) {
    super(cause.message, { cause })
    this.name = 'RuleExpressionError'
    this.field = field
    this.position = cause.position
  }
}

export interface CompiledRule {
  readonly program: Program
  /** Names it reads that `kindOf` does not know; the program may run only when there are none. */
  readonly unknown: readonly string[]
}

/** Compiles a rule for equipment with these signals. Throws RuleExpressionError. */
export function compileRule(rule: RuleExpressions, kindOf: KindOf): CompiledRule {
  const scope = new Scope(kindOf)
  const condition = compileField('condition', rule.condition, scope)
  const clear = rule.clearCondition === null ? undefined : compileField('clearCondition', rule.clearCondition, scope)
  return { program: scope.program(condition, clear), unknown: scope.unknown }
}

function compileField(field: keyof RuleExpressions, source: string, scope: Scope) {
  try {
    return compileCondition(parseExpression(source), scope)
  } catch (error) {
    if (error instanceof ExpressionError) throw new RuleExpressionError(field, error)
    throw error
  }
}
