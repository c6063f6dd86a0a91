import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { newId, SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { systemActor } from '../access/system-actor.ts'
import type { Actor } from '../actor.ts'
import { testActor } from '../testing/actors.ts'
import { openTestTrust, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
let tenant: string
let actor: Actor

before(async () => {
  kit = await openTestTrust()
})
after(() => kit.close())

/** Each test has a chain of its own: a tenant nobody has used. */
beforeEach(() => {
  tenant = newId('ten')
  actor = testActor({ tenant, name: 'Ada' })
})

const record = (n: number) => kit.trust.audit.record(actor, 'thing.change', `thing-${n}`, { n })
const tamper = (sql: string, ...params: unknown[]) =>
  kit.database.system(async (run) => {
    // As somebody who owns the database: triggers off, then on again.
    await run.query('alter table audit_entries disable trigger all')
    await run.query(sql, params)
    await run.query('alter table audit_entries enable trigger all')
  })
/** Signing runs by the clock and writes files: wait until the file says so. */
async function signed(sequence: number): Promise<void> {
  await kit.clock.advance(SECOND)
  const path = join(kit.directory, 'audit', `${tenant}.head`)
  const written = async () => JSON.parse(await readFile(path, 'utf8').catch(() => '{}')).sequence === sequence
  await eventually(written)
}

test('entries of many who write at once make one whole chain', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => record(n)))
  const verdict = await kit.trust.audit.verify(actor)
  assert.deepEqual({ ok: verdict.ok, entries: verdict.entries }, { ok: true, entries: 40 })
  const { items } = await kit.trust.audit.list(actor, { limit: 1000 })
  assert.deepEqual(
    items.map(({ sequence }) => sequence),
    Array.from({ length: 40 }, (_, n) => 40 - n),
  )
  assert.equal(items[0]?.hash, verdict.head)
})

test('an entry falls with the transaction it stands in', async () => {
  await record(1)
  await assert.rejects(
    kit.database.tenant(tenant, async (sql) => {
      await kit.trust.audit.record(actor, 'thing.change', 'thing-2', {}, sql)
      throw new Error('the change failed')
    }),
    /the change failed/,
  )
  await record(3)
  const verdict = await kit.trust.audit.verify(actor)
  assert.deepEqual({ ok: verdict.ok, entries: verdict.entries }, { ok: true, entries: 2 })
})

test('pages and filters', async () => {
  for (let n = 0; n < 7; n++) await record(n)
  await kit.trust.audit.record(testActor({ tenant, name: 'Bob' }), 'thing.delete', 'thing-3')
  const pages: number[][] = []
  let cursor: string | undefined
  do {
    const page = await kit.trust.audit.list(actor, { limit: 3, ...(cursor === undefined ? {} : { cursor }) })
    pages.push(page.items.map(({ sequence }) => sequence))
    cursor = page.next
  } while (cursor !== undefined)
  assert.deepEqual(pages, [
    [8, 7, 6],
    [5, 4, 3],
    [2, 1],
  ])
  const targets = async (filter: object) =>
    (await kit.trust.audit.list(actor, filter)).items.map(({ target }) => target)
  assert.deepEqual(await targets({ action: 'thing.delete' }), ['thing-3'])
  assert.equal((await targets({ action: 'thing' })).length, 8)
  assert.deepEqual(await targets({ action: '%' }), [])
  assert.deepEqual(await targets({ actor: 'Bob' }), ['thing-3'])
  assert.deepEqual(await targets({ target: 'thing-3' }), ['thing-3', 'thing-3'])
  assert.deepEqual(await targets({ from: kit.clock.now() + 1 }), [])
  assert.deepEqual(await targets({ target: "x' or 1=1 --\u0000" }), [])
  const cursorOf = (text: string) => Buffer.from(text).toString('base64url')
  for (const cursor of [cursorOf('[1e999]'), cursorOf('[-1.5]'), 'W10']) {
    await assert.rejects(kit.trust.audit.list(actor, { cursor }), { code: 'MW-PAGE-0001' })
  }
})

test('names and details from outside are kept as they are, or made harmless', async () => {
  const evil = `Robert'); drop table audit_entries; -- <script>alert(1)</script> \u0000 \ud800`
  const named = testActor({ tenant, name: evil })
  await kit.trust.audit.record(named, 'thing.change', evil, {
    evil,
    big: 'x'.repeat(1_000_000),
    nan: Number.NaN,
    huge: 1e308,
    tiny: 5e-324,
    negativeZero: -0,
    precise: 0.1 + 0.2,
    large: 2 ** 60,
    date: new Date(0),
    nothing: undefined,
  })
  await kit.trust.audit.record(named, 'thing.change', 'x', { list: Array.from({ length: 200 }, () => 'y'.repeat(500)) })
  const [second, first] = (await kit.trust.audit.list(actor, {})).items
  assert.match(first?.target ?? '', /<script>alert\(1\)<\/script> \ufffd \ufffd$/)
  assert.equal(first?.detail['precise'], 0.1 + 0.2)
  assert.equal(first?.detail['nan'], 'NaN')
  assert.match(String(second?.detail['leftOut']), /more than 16384/)
  assert.equal((await kit.trust.audit.verify(actor)).ok, true)
})

test('only those with audit:read see it, and only their own tenant’s', async () => {
  await record(1)
  const blind = testActor({ tenant, permissions: ['user:read'] })
  await assert.rejects(kit.trust.audit.list(blind, {}), { code: 'MW-ACCESS-0001' })
  await assert.rejects(kit.trust.audit.verify(blind), { code: 'MW-ACCESS-0001' })
  const other = testActor({ tenant: newId('ten') })
  assert.deepEqual(await kit.trust.audit.list(other, {}), { items: [] })
})

test('the database refuses to change, delete or forge entries', async () => {
  await record(1)
  const asTenant = (text: string) => kit.database.tenant(tenant, (sql) => sql.query(text, []))
  await assert.rejects(asTenant(`update audit_entries set actor = 'nobody'`), /permission denied/)
  await assert.rejects(asTenant('delete from audit_entries'), /permission denied/)
  await assert.rejects(asTenant('truncate audit_entries'), /permission denied/)
  await assert.rejects(asTenant('update audit_heads set sequence = 0'), /permission denied/)
  const asOwner = (text: string) => kit.database.system((sql) => sql.query(text, []))
  await assert.rejects(asOwner(`update audit_entries set actor = 'nobody'`), /append-only/)
  await assert.rejects(asOwner('delete from audit_entries'), /append-only/)
  await assert.rejects(asOwner('truncate audit_entries'), /append-only/)
  const forged = `insert into audit_entries select tenant, sequence + 5, time, actor_kind, actor, actor_name, action, target, detail,
    address, previous, hash from audit_entries where tenant = '${tenant}'`
  await assert.rejects(asTenant(forged), /does not follow/)
  assert.equal((await kit.trust.audit.verify(actor)).ok, true)
})

test('a changed, deleted or reordered entry is found where it stands', async () => {
  for (let n = 1; n <= 5; n++) await record(n)
  await tamper(`update audit_entries set detail = '{"n": 99}' where tenant = $1 and sequence = 3`, tenant)
  assert.equal((await kit.trust.audit.verify(actor)).brokenAt, 3)
  await tamper(`update audit_entries set detail = '{"n": 3}' where tenant = $1 and sequence = 3`, tenant)
  assert.equal((await kit.trust.audit.verify(actor)).ok, true)
  await tamper('delete from audit_entries where tenant = $1 and sequence = 2', tenant)
  assert.equal((await kit.trust.audit.verify(actor)).brokenAt, 2)
})

test('a tail that was cut off is found by the head', async () => {
  for (let n = 1; n <= 5; n++) await record(n)
  await tamper('delete from audit_entries where tenant = $1 and sequence > 3', tenant)
  assert.equal((await kit.trust.audit.verify(actor)).brokenAt, 4)
})

test('a tail cut off together with its head is found by the signed head', async () => {
  for (let n = 1; n <= 5; n++) await record(n)
  await signed(5)
  await tamper('delete from audit_entries where tenant = $1 and sequence > 3', tenant)
  await kit.database.system((sql) =>
    sql.query(
      `update audit_heads h set sequence = 3, hash = (select hash from audit_entries e where e.tenant = h.tenant and sequence = 3)
        where tenant = $1`,
      [tenant],
    ),
  )
  assert.deepEqual((await kit.trust.audit.verify(actor)).brokenAt, 4)
  // Entries written afterwards do not hide it, and the evidence is not overwritten.
  for (let n = 6; n <= 9; n++) await record(n)
  await kit.clock.advance(SECOND)
  assert.equal((await kit.trust.audit.verify(actor)).brokenAt, 5)
})

test('a chain rewritten with right hashes is found by the signed head', async () => {
  for (let n = 1; n <= 3; n++) await record(n)
  await signed(3)
  await tamper('delete from audit_entries where tenant = $1', tenant)
  await kit.database.system((sql) => sql.query('delete from audit_heads where tenant = $1', [tenant]))
  for (let n = 1; n <= 3; n++) await kit.trust.audit.record(systemActor(tenant), 'thing.change', `thing-${n}`, { n })
  assert.equal((await kit.trust.audit.verify(actor)).brokenAt, 3)
})

test('a signed head that was edited is refused', async () => {
  await record(1)
  await signed(1)
  const path = join(kit.directory, 'audit', `${tenant}.head`)
  const head = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...head, sequence: 0 }))
  await assert.rejects(kit.trust.audit.verify(actor), { code: 'MW-AUDIT-0001' })
  await writeFile(path, '{')
  await assert.rejects(kit.trust.audit.verify(actor), { code: 'MW-AUDIT-0001' })
})

test('tenants with odd names do not choose the name of a file', async () => {
  tenant = '../../evil'
  actor = testActor({ tenant })
  await record(1)
  await kit.trust.stop()
  const files = await readdir(join(kit.directory, 'audit'))
  assert.ok(files.every((name) => /^(ten_[0-9a-z]{26}|[0-9a-f]{64})\.head$/.test(name)))
})
