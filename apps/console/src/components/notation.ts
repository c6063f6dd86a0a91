/** Key-value pairs as lines of `key = value`, the way people type them. */
export function toLines(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n')
}

/** The pairs of such lines; empty lines are skipped. `wrong` is the number of the first line without "=". */
export function fromLines(text: string): { pairs: Record<string, string>; wrong: number | undefined } {
  const pairs: Record<string, string> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = line.indexOf('=')
    if (at < 1) return { pairs, wrong: index + 1 }
    pairs[line.slice(0, at).trim()] = line.slice(at + 1).trim()
  }
  return { pairs, wrong: undefined }
}
