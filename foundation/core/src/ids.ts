import { randomBytes } from 'node:crypto'

/**
 * Public ids: a prefix that names the kind and 26 Crockford base32 characters, the ULID layout
 * (48 bits of milliseconds, 80 random bits), lower case. They sort by the time they were made.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export type IdPrefix =
  | 'ten'
  | 'usr'
  | 'rol'
  | 'grt'
  | 'tok'
  | 'shr'
  | 'ses'
  | 'lnk'
  | 'aud'
  | 'dev'
  | 'enr'
  | 'crt'
  | 'cmd'
  | 'cnx'
  | 'dlq'
  | 'ast'
  | 'cls'
  | 'sig'
  | 'rul'
  | 'alm'
  | 'svc'
  | 'job'
  | 'epi'
  | 'lbl'
  | 'evt'

/** @param nowMs milliseconds since the epoch; @param random 10 random bytes (given in tests) */
export function newId(prefix: IdPrefix, nowMs: number = Date.now(), random: Uint8Array = randomBytes(10)): string {
  let time = ''
  let rest = nowMs
  for (let i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let tail = ''
  let bits = 0
  let held = 0
  for (const byte of random) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      tail += ALPHABET[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return `${prefix}_${time}${tail}`
}

/** The JSON-schema pattern of an id with this prefix. */
export const idPattern = (prefix: IdPrefix): string => `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`
