/** A linear program (or a mixed-integer one), built row by row; minimised. */
export class Program {
  readonly cost: number[] = []
  readonly lower: number[] = []
  readonly upper: number[] = []
  readonly integer: number[] = []
  readonly rowLower: number[] = []
  readonly rowUpper: number[] = []
  readonly starts: number[] = [0]
  readonly indices: number[] = []
  readonly values: number[] = []

  /** @returns the variable's number */
  variable(cost: number, lower: number, upper: number, integer = false): number {
    this.cost.push(cost)
    this.lower.push(lower)
    this.upper.push(upper)
    this.integer.push(integer ? 1 : 0)
    return this.cost.length - 1
  }

  /** lower ≤ Σ coefficient × variable ≤ upper. @returns the row's number */
  row(lower: number, upper: number, terms: readonly (readonly [number, number])[]): number {
    this.rowLower.push(lower)
    this.rowUpper.push(upper)
    for (const [variable, coefficient] of terms) {
      this.indices.push(variable)
      this.values.push(coefficient)
    }
    this.starts.push(this.indices.length)
    return this.rowLower.length - 1
  }
}
