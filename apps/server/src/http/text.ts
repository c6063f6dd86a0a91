import { apiErrors } from './problems.ts'

/** Deeper than any schema of the API reaches; stored documents have tighter bounds of their own. */
const MOST_LEVELS = 64

/**
 * Refuses text that the engines cannot keep, wherever it stands in a request: with NUL characters or halves of surrogate
 * pairs. Schemas bound how long a text is, JSON lets it hold anything.
 * @throws MW-API-0001 (400) with the path of the first one
 */
export function checkText(value: unknown, path: string, levels = MOST_LEVELS): void {
  if (typeof value === 'string') checkCharacters(value, path)
  if (typeof value !== 'object' || value === null) return
  if (levels === 0) throw apiErrors.invalid({ what: `${path} is nested more than ${MOST_LEVELS} levels deep.`, path })
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      if (typeof item === 'string' || typeof item === 'object') checkText(item, `${path}/${i}`, levels - 1)
    }
    return
  }
  for (const [key, item] of Object.entries(value)) {
    checkCharacters(key, path)
    checkText(item, `${path}/${key}`, levels - 1)
  }
}

function checkCharacters(text: string, path: string): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw apiErrors.invalid({ what: `${path} holds a NUL or a broken character; take it out.`, path })
  }
}
