import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a secret is for, as its first letters: a leaked one can be told, and searched for. */
export type SecretKind = 'mwt' | 'mwd' | 'mwl' | 'mws'

/** A new secret of 256 random bits: `mwt_` and 64 hex digits, safe in URLs, headers and shells. */
export const newSecret = (kind: SecretKind): string => `${kind}_${randomBytes(32).toString('hex')}`

const SHAPES: Record<SecretKind, RegExp> = {
  mwt: /^mwt_[0-9a-f]{64}$/,
  mwd: /^mwd_[0-9a-f]{64}$/,
  mwl: /^mwl_[0-9a-f]{64}$/,
  mws: /^mws_[0-9a-f]{64}$/,
}

/** Whether a text can be such a secret at all; nothing else is hashed or looked up. */
export const isSecret = (kind: SecretKind, text: string): boolean => SHAPES[kind].test(text)

/**
 * SHA-256, hex: what the database keeps in place of a secret. A fast hash is right here, because 256 random bits cannot
 * be guessed; looking a hash up by an index leaks no usable timing, since the caller cannot choose hashes.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex')

/** The CSRF token that goes with a session's secret: bound to it, and never stored. */
export const csrfToken = (sessionSecret: string): string =>
  createHmac('sha256', sessionSecret).update('millwright csrf').digest('hex')

/** Compares in a time that depends on neither text's content. */
export function sameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a, 'utf8').digest()
  const right = createHash('sha256').update(b, 'utf8').digest()
  return timingSafeEqual(left, right)
}
