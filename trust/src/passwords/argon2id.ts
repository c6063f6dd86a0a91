import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { passwordErrors } from './errors.ts'

/** OWASP Password Storage Cheat Sheet, argon2id (RFC 9106): 19 MiB, 2 passes, 1 lane. About 25 ms on one core. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const TAG_BYTES = 32
const SALT_BYTES = 16

const derive = promisify(argon2)

/** Hashing holds 19 MiB and a core for each password: so many at once, so many waiting, then "busy". */
const AT_ONCE = 2
const MAX_WAITING = 64
let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw passwordErrors.busy({ retryAfter: 2 })
    // Whoever finishes hands its place on, so that `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running++
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

interface Hashed {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tag: Buffer
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** Takes a PHC string apart; undefined when it is not one of argon2id's. */
export function parsePhc(text: string): Hashed | undefined {
  const match = PHC.exec(text)
  if (match === null) return undefined
  const [, memory, passes, parallelism, salt, tag] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** One person's password is one text, however a keyboard composes it (NIST SP 800-63B, 5.1.1.2). */
const bytesOf = (password: string) => Buffer.from(password.normalize('NFKC'), 'utf8')

/** @returns a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$…$…` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const parameters = { ...COST, message: bytesOf(password), nonce: salt, tagLength: TAG_BYTES }
  const tag = await inTurn(() => derive('argon2id', parameters))
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Stands in for the hash of an account that does not exist or has no password: it costs the same and never fits. */
const NOBODY: Hashed = { ...COST, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) }

/**
 * Whether the password fits. Without a stored hash the work is done all the same, so that the time taken does not tell
 * whether the account exists.
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const hashed = (typeof stored === 'string' ? parsePhc(stored) : undefined) ?? NOBODY
  const { memory, passes, parallelism, salt, tag } = hashed
  const parameters = { memory, passes, parallelism, message: bytesOf(password), nonce: salt, tagLength: tag.length }
  const made = await inTurn(() => derive('argon2id', parameters))
  return timingSafeEqual(made, tag) && hashed !== NOBODY
}

/** Whether a hash was made with other costs than today's: hash again at the next sign-in. */
export function isOutdated(stored: string): boolean {
  const hashed = parsePhc(stored)
  if (hashed === undefined) return true
  return hashed.memory !== COST.memory || hashed.passes !== COST.passes || hashed.parallelism !== COST.parallelism
}
