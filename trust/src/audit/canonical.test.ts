import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '@millwright/contracts'
import fc from 'fast-check'
import { canonicalJson, cleanText, type Json, loggable } from './canonical.ts'
import { ChainWalk, entryHash, GENESIS } from './chain.ts'

test('canonical JSON parses to the value it was made of', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value as Json)
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('canonical JSON does not depend on the order of fields', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.infiniteStream(fc.nat()), (fields, order) => {
      const shuffled = Object.entries(fields)
        .map((entry) => ({ entry, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ entry }) => entry)
      assert.equal(canonicalJson(Object.fromEntries(shuffled) as Json), canonicalJson(fields as Json))
    }),
  )
})

test('canonical JSON sorts as RFC 8785 shows it', () => {
  // Section 3.2.3: by UTF-16 code units, so that a surrogate pair stands before U+FB33.
  const given = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
  const order = Object.values(JSON.parse(`[${canonicalJson(given).replace(/"(?:[^"\\]|\\.)*":|[{}]/g, '')}]`))
  assert.deepEqual(order, [2, 4, 6, 7, 1, 5, 3])
})

test('whatever is logged becomes JSON that the database can hold, and never throws', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      (value) => {
        const made = loggable(value)
        const text = canonicalJson(made)
        assert.deepEqual(loggable(JSON.parse(text)), made)
        assert.ok(!text.includes('\\u0000'))
        assert.ok(text.isWellFormed())
      },
    ),
  )
})

test('fields named after parts of objects are fields like others', () => {
  const made = loggable(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'))
  assert.equal(canonicalJson(made), '{"__proto__":{"polluted":true},"constructor":1}')
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

test('text is cut and cleaned', () => {
  assert.equal(cleanText('a\u0000b\ud800'), 'a\ufffdb\ufffd')
  assert.equal(cleanText('x'.repeat(3000)).length, 2001)
  assert.ok(cleanText(`${'x'.repeat(1999)}\u{1f600}`).isWellFormed())
})

const entryArbitrary = fc.record({
  time: fc.nat(),
  actorKind: fc.constantFrom('user' as const, 'device' as const),
  actor: fc.string(),
  actorName: fc.string(),
  action: fc.string(),
  target: fc.string(),
  detail: fc.dictionary(fc.string(), fc.jsonValue()),
})

interface Link {
  readonly entry: AuditEntry
  readonly previous: string
}

test('a chain holds as written, and no field of any entry can change', () => {
  fc.assert(
    fc.property(fc.array(entryArbitrary, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (bodies, at, what) => {
      let previous = GENESIS
      const chain = bodies.map((body, i) => {
        const entry = { sequence: i + 1, ...body }
        const hash = entryHash('ten_a', previous, entry)
        const link = { entry: { ...entry, hash }, previous }
        previous = hash
        return link
      })
      const walk = (tenant: string, links: readonly Link[]) => {
        const walking = new ChainWalk(tenant)
        links.every(({ entry, previous }) => walking.step(entry, previous))
        return walking.brokenAt
      }
      assert.equal(walk('ten_a', chain), undefined)
      assert.equal(walk('ten_b', chain), 1)
      const i = at % chain.length
      const changes = [
        { time: (chain[i]?.entry.time ?? 0) + 1 },
        { actor: `${chain[i]?.entry.actor}!` },
        { actorName: `${chain[i]?.entry.actorName}!` },
        { action: `${chain[i]?.entry.action}!` },
        { target: `${chain[i]?.entry.target}!` },
        { detail: { ...chain[i]?.entry.detail, added: 1 } },
        { address: '192.0.2.1' },
        { actorKind: 'system' as const },
      ]
      const changed: Link[] = chain.map((link, n) =>
        n === i ? { ...link, entry: { ...link.entry, ...changes[what % changes.length] } } : link,
      )
      assert.equal(walk('ten_a', changed), i + 1)
    }),
  )
})
