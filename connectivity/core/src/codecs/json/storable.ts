import { connectivityErrors } from '../../errors.ts'

/**
 * Checks a JSON value that comes from a person or a device before it is stored: its depth, and that no text holds what
 * PostgreSQL's jsonb cannot (NUL, half surrogates) or a JavaScript object should not (`__proto__`).
 * @param path of the value, for the error
 */
export function checkStorable(value: unknown, depth: number, path: string): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw connectivityErrors.wrongType({ path, expected: 'text without NUL or broken characters' })
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (depth === 0) throw connectivityErrors.documentTooDeep({ path })
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || key.includes('\0') || !key.isWellFormed()) {
      throw connectivityErrors.invalidName({ path: `${path}/${key}` })
    }
    checkStorable(inner, depth - 1, `${path}/${key}`)
  }
}
