import { randomBytes } from 'node:crypto'

/** How much of the authority's fingerprint a token carries: 128 bits, enough to pin it. */
const PINNED = 32
const SHAPE = /^mwe_([0-9a-f]{64})_([0-9a-f]{32})$/

/**
 * `mwe_<secret>_<first 32 hex digits of the SHA-256 of the authority's certificate>`: what a device needs to prove itself
 * once, and to know the platform before it trusts its certificate.
 */
export interface EnrolmentToken {
  /** 256 random bits, hex. */
  readonly secret: string
  readonly authority: string
}

export const newEnrolmentToken = (authorityFingerprint: string): EnrolmentToken => ({
  secret: randomBytes(32).toString('hex'),
  authority: authorityFingerprint.slice(0, PINNED),
})

export const formatEnrolmentToken = (token: EnrolmentToken): string => `mwe_${token.secret}_${token.authority}`

/** Undefined when the text is not such a token. */
export function parseEnrolmentToken(text: string): EnrolmentToken | undefined {
  const match = SHAPE.exec(text)
  return match === null ? undefined : { secret: match[1] as string, authority: match[2] as string }
}
