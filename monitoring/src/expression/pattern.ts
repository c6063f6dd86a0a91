import { RE2JS, RE2JSException } from 're2js'
import { ExpressionError } from './errors.ts'
import { type Test, UNKNOWN, type Word } from './frame.ts'
import type { ASTNode } from './parse.ts'
import { asWord, type Piece, truth } from './pieces.ts'

/**
 * A pattern is matched in time linear in the text (RE2's automata, https://swtch.com/~rsc/regexp/regexp3.html), times
 * the size of the compiled pattern: with both bounded, so is what a match costs.
 */
const PATTERN_LIMITS = { characters: 200, instructions: 200, text: 1000 } as const

/** `state.matches("^run(ning)?$")`: whether the pattern, RE2's syntax as CEL has it, is found anywhere in the text. */
export function matches(receiver: Piece, args: readonly ASTNode[], at: ASTNode): Test {
  const [argument, ...more] = args
  if (argument?.op !== 'value' || typeof argument.args !== 'string' || more.length > 0) {
    throw new ExpressionError('matches takes a pattern as a text literal, as state.matches("^run").', at.start)
  }
  const pattern = compiled(argument.args, argument)
  return remembered(asWord(receiver, at, 'matches'), (text) => pattern.matcher(text).find())
}

function compiled(source: string, at: ASTNode): RE2JS {
  const { characters, instructions } = PATTERN_LIMITS
  const tooLarge = () =>
    new ExpressionError(
      `The pattern is too large: ${characters} characters and ${instructions} steps are allowed.`,
      at.start,
    )
  if (source.length > characters) throw tooLarge()
  try {
    const pattern = RE2JS.compile(source)
    if (pattern.programSize() > instructions) throw tooLarge()
    return pattern
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw new ExpressionError(`The pattern cannot be read: ${error.message}.`, at.start)
  }
}

/** States change seldom: the last answer is kept. A text longer than any state should be is unknown. */
function remembered(word: Word, holds: (text: string) => boolean): Test {
  let last: string | undefined
  let answer = truth(false)
  return (frame) => {
    const text = word(frame)
    if (text === undefined || text.length > PATTERN_LIMITS.text) return UNKNOWN
    if (text !== last) {
      answer = truth(holds(text))
      last = text
    }
    return answer
  }
}
