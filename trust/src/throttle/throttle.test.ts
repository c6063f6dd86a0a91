import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { DAY, MINUTE, type MillwrightError, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { trustMigrations } from '../migrations.ts'
import { type Bucket, createThrottle, type Throttle, waitAfter } from './throttle.ts'

let database: Database
let clock: VirtualClock
let throttle: Throttle

before(async () => {
  database = await memoryDatabase(trustMigrations)
})
after(() => database.close())
beforeEach(async () => {
  clock = new VirtualClock()
  throttle = createThrottle({ database, clock })
  await database.system((sql) => sql.query('delete from sign_in_failures', []))
})

const account: Bucket = { pace: 'account', name: 'ada@plant.example' }
const from = (n: number): Bucket => ({ pace: 'address', name: `192.0.2.${n}` })

/** Seconds to wait, or 0 when the attempt was let through (and failed). */
async function tried(...buckets: Bucket[]): Promise<number> {
  try {
    await throttle.begin(buckets)
    return 0
  } catch (error) {
    const { code, status, details } = error as MillwrightError
    assert.equal(code, 'MW-THROTTLE-0001')
    assert.equal(status, 429)
    return details['retryAfter'] as number
  }
}

test('after five failures each wait is twice the one before, up to five minutes', async () => {
  for (let i = 0; i < 5; i++) assert.equal(await tried(account), 0)
  const waits: number[] = []
  for (let i = 0; i < 12; i++) {
    assert.equal(await tried(account), 0)
    const wait = await tried(account)
    waits.push(wait)
    await clock.advance(wait * SECOND - 1)
    assert.equal(await tried(account), 1)
    await clock.advance(1)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
})

test('a burst is counted before any of it is answered', async () => {
  const waits = await Promise.all(Array.from({ length: 20 }, (_, n) => tried(account, from(n))))
  assert.equal(waits.filter((wait) => wait === 0).length, 6)
})

test('one address that tries many accounts is slowed down, others are not', async () => {
  for (let i = 0; i < 21; i++) assert.equal(await tried({ pace: 'account', name: `user-${i}` }, from(1)), 0)
  assert.equal(await tried({ pace: 'account', name: 'user-99' }, from(1)), 1)
  assert.equal(await tried({ pace: 'account', name: 'user-99' }, from(2)), 0)
})

test('an attempt that is held back at one count does not raise the other', async () => {
  for (let i = 0; i < 6; i++) await tried(account, from(1))
  for (let i = 0; i < 50; i++) assert.equal(await tried(account, from(1)), 1)
  const rows = await database.system((sql) =>
    sql.query<{ failures: number }>(`select failures from sign_in_failures where key like 'address:%'`, []),
  )
  assert.deepEqual(rows, [{ failures: 6 }])
})

test('success clears the account; the address keeps what it failed elsewhere', async () => {
  for (let i = 0; i < 20; i++) await tried({ pace: 'account', name: `user-${i}` }, from(1))
  for (let i = 0; i < 4; i++) await tried(account)
  const attempt = await throttle.begin([account, from(1)])
  await attempt.succeeded()
  for (let i = 0; i < 5; i++) assert.equal(await tried(account), 0)
  assert.equal(await tried({ pace: 'account', name: 'user-98' }, from(1)), 0)
  assert.equal(await tried({ pace: 'account', name: 'user-99' }, from(1)), 1)
})

test('strangers who hammer an account do not hold up its owner where they signed in before', async () => {
  for (let i = 0; i < 30; i++) {
    await tried(account, from(i))
    await clock.advance(10 * MINUTE)
  }
  assert.equal(await tried(account, from(99)), 0)
  assert.equal(await tried(account, from(98)), 300)
  assert.equal(await tried({ pace: 'owner', name: 'ada@plant.example 198.51.100.7' }), 0)
})

test('the count survives a restart and is forgotten after a day', async () => {
  for (let i = 0; i < 8; i++) await tried(account)
  throttle = createThrottle({ database, clock })
  assert.equal(await tried(account), 1)
  await clock.advance(DAY + 1)
  for (let i = 0; i < 5; i++) assert.equal(await tried(account), 0)
})

test('memory is bounded: the oldest go, what was typed is not kept', async () => {
  await tried({ pace: 'account', name: 'my secret typed into the wrong field' })
  await database.system((sql) =>
    sql.query(
      `insert into sign_in_failures (key, failures, updated_at, blocked_until)
        select 'address:' || n, 1, $1::bigint + n, 0 from generate_series(1, 50100) n`,
      [clock.now()],
    ),
  )
  await throttle.tidy()
  const [row] = await database.system((sql) =>
    sql.query<{ n: number; oldest: number }>(
      'select count(*)::int as n, min(updated_at) as oldest from sign_in_failures',
      [],
    ),
  )
  assert.equal(row?.n, 50_000)
  assert.equal(row?.oldest, clock.now() + 101)
  const typed = await database.system((sql) =>
    sql.query(`select 1 from sign_in_failures where key like '%secret%'`, []),
  )
  assert.deepEqual(typed, [])
})

test('waits grow without end in view and never past the bound', () => {
  const pace = { free: 5, longest: 5 * MINUTE }
  assert.equal(waitAfter(5, pace), 0)
  assert.equal(waitAfter(6, pace), SECOND)
  assert.equal(waitAfter(1_000_000, pace), 5 * MINUTE)
})
