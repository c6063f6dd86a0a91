/** What is wrong in a file, and where: the sentence begins with the line, as an editor counts it. */
export class RowError extends Error {
  readonly line: number

  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`)
    this.name = 'RowError'
    this.line = line
  }
}

/** A cell in a sentence: short, on one line. */
export function shown(cell: string): string {
  const flat = cell.replace(/\s+/g, ' ')
  return `“${flat.length > 60 ? `${flat.slice(0, 60)}…` : flat}”`
}
