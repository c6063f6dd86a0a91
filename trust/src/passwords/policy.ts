import { passwordErrors } from './errors.ts'

/**
 * What a new password must be: long, and not made of what everybody knows about its owner (NIST SP 800-63B: length
 * counts, rules about kinds of characters do not). Throws a typed error that says what to change.
 */
export function checkNewPassword(password: string, owner: { email: string; name: string }): void {
  const path = 'next'
  const characters = [...password.normalize('NFKC')]
  if (characters.length < 12) throw passwordErrors.tooShort({ path })
  if (password.length > 200) throw passwordErrors.tooLong({ path })
  const plain = password.normalize('NFKC').toLowerCase()
  if (new Set(plain).size < 5) throw passwordErrors.tooSimple({ path, why: 'it repeats a few characters' })
  if (isRun(characters)) throw passwordErrors.tooSimple({ path, why: 'it only counts up or down' })
  const words = [owner.email.split('@')[0] ?? '', owner.name, 'millwright', 'password']
  for (const word of words) {
    const known = word.toLowerCase()
    // A known word may be part of a longer phrase, but not most of it.
    if (known.length >= 4 && plain.includes(known) && plain.length - known.length < 8) {
      throw passwordErrors.tooSimple({ path, why: 'most of it is a name or a word that anybody would try' })
    }
  }
}

function isRun(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  const steps = codes.slice(1).filter((code, i) => Math.abs(code - (codes[i] ?? 0)) === 1)
  return steps.length >= codes.length - 2
}
