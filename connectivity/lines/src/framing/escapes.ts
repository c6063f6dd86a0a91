import { linesErrors } from '../errors.ts'

const NAMED: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' }

/** `\r \n \t \0 \\ \x1b` become what they stand for. Throws a MillwrightError with `path`. */
export function controlText(text: string, path: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.?)/gs, (all, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    const named = NAMED[code]
    if (named === undefined)
      throw linesErrors.configuration({
        path,
        what: `${all} stands for nothing: use \\r, \\n, \\t, \\0, \\x1b or \\\\.`,
      })
    return named
  })
}
