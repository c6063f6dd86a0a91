import { createHash } from 'node:crypto'
import { type Clock, DAY, MINUTE, SECOND } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { throttleErrors } from './errors.ts'

/** How soon guessing gets slow: after `free` failures each further one doubles the wait, up to `longest` (µs). */
interface Pace {
  readonly free: number
  readonly longest: number
}

const PACES = {
  /** Strangers who try one account. */
  account: { free: 5, longest: 5 * MINUTE },
  /** The same account from where it was signed in before. */
  owner: { free: 5, longest: 5 * MINUTE },
  /** One address that tries any accounts: an office behind one address has more typing errors than a person. */
  address: { free: 20, longest: 15 * MINUTE },
} satisfies Record<string, Pace>

export interface Bucket {
  readonly pace: keyof typeof PACES
  /** The account, the address, or both. */
  readonly name: string
}

/** A failure is forgotten after this time without another. */
const FORGET = DAY
const MOST_ROWS = 50_000
const TIDY_EVERY = 500

export interface Attempt {
  /** Takes the attempt back from the count, and forgets the failures of the account. */
  succeeded(): Promise<void>
}

export interface Throttle {
  /** Counts an attempt as failed before it is made, so that a burst cannot overtake the count; throws MW-THROTTLE-0001 (429). */
  begin(buckets: readonly Bucket[]): Promise<Attempt>
  /** Forgets old failures, and the oldest beyond a bound. */
  tidy(): Promise<void>
}

/** What was typed is not kept: people type passwords into the wrong field. */
const keyOf = (bucket: Bucket) =>
  `${bucket.pace}:${createHash('sha256').update(bucket.name, 'utf8').digest('base64url').slice(0, 32)}`

export function createThrottle({ database, clock }: { database: Database; clock: Clock }): Throttle {
  let calls = 0

  async function count(sql: Sql, bucket: Bucket, now: number): Promise<void> {
    const key = keyOf(bucket)
    const [row] = await sql.query<{ failures: number }>(
      `insert into sign_in_failures as f (key, failures, updated_at, blocked_until) values ($1, 1, $2::bigint, 0)
         on conflict (key) do update set
           failures = case when f.updated_at < $3::bigint then 1 else f.failures + 1 end, updated_at = $2::bigint
         where f.blocked_until <= $2::bigint
       returning failures`,
      [key, now, now - FORGET],
    )
    if (row === undefined) {
      const [held] = await sql.query<{ blocked_until: number }>(
        'select blocked_until from sign_in_failures where key = $1',
        [key],
      )
      const retryAfter = Math.max(1, Math.ceil(((held?.blocked_until ?? now) - now) / SECOND))
      throw throttleErrors.tooMany({ seconds: retryAfter, retryAfter })
    }
    const wait = waitAfter(row.failures, PACES[bucket.pace])
    if (wait > 0) {
      await sql.query('update sign_in_failures set blocked_until = $2 where key = $1', [key, now + wait])
    }
  }

  const throttle: Throttle = {
    async begin(buckets) {
      if (++calls % TIDY_EVERY === 0) await throttle.tidy()
      // Always in the same order: two attempts that share buckets must not wait for each other.
      const ordered = [...buckets].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      const now = clock.now()
      await database.system(async (sql) => {
        for (const bucket of ordered) await count(sql, bucket, now)
      })
      return {
        succeeded: () =>
          database.system(async (sql) => {
            for (const bucket of ordered) {
              const key = keyOf(bucket)
              // The address keeps its other failures: an attacker's own account must not clear them.
              if (bucket.pace !== 'address') await sql.query('delete from sign_in_failures where key = $1', [key])
              else {
                await sql.query(
                  'update sign_in_failures set failures = failures - 1, blocked_until = 0 where key = $1 and failures > 0',
                  [key],
                )
              }
            }
          }),
      }
    },

    async tidy() {
      await database.system(async (sql) => {
        await sql.query('delete from sign_in_failures where updated_at < $1', [clock.now() - FORGET])
        await sql.query(
          'delete from sign_in_failures where key in (select key from sign_in_failures order by updated_at desc offset $1)',
          [MOST_ROWS],
        )
      })
    },
  }
  return throttle
}

/** µs to wait after so many failures: none, then 1 s, 2 s, 4 s … */
export function waitAfter(failures: number, pace: Pace): number {
  const over = failures - pace.free
  return over <= 0 ? 0 : Math.min(pace.longest, SECOND * 2 ** Math.min(over - 1, 30))
}
