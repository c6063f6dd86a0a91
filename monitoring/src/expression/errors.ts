/** What is wrong with an expression, and where. Shown to the person who writes it; never thrown during evaluation. */
export class ExpressionError extends Error {
  /** Character offset in the expression. */
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.name = 'ExpressionError'
    this.position = position
  }
}
