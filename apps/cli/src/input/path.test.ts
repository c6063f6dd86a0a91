import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exactly, formatPath, parsePath, pathMatches, roughly, withoutCommon } from './path.ts'

/** Names as the platform takes them: anything on one line that is not empty. */
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '')
const names = fc.array(name, { minLength: 1, maxLength: 6 })

test('any names make a path that reads as these names', () => {
  fc.assert(
    fc.property(names, (given) => {
      assert.deepEqual(parsePath(formatPath(given)), { names: given, rooted: false })
      assert.deepEqual(parsePath(`/${formatPath(given)}`), { names: given, rooted: true })
    }),
  )
})

test('any text is a path or wrong usage', () => {
  fc.assert(
    fc.property(fc.string(), (given) => {
      try {
        assert.ok(parsePath(given).names.length > 0)
      } catch (error) {
        assert.equal((error as { exit?: number }).exit, 2)
      }
    }),
  )
  for (const wrong of ['', '/', '//', 'a//b', ' ', 'a/ /b']) assert.throws(() => parsePath(wrong), { exit: 2 }, wrong)
  assert.deepEqual(parsePath('a/b/').names, ['a', 'b'])
  assert.deepEqual(parsePath('a\\/b/c\\d').names, ['a/b', 'c\\d'])
})

test('a path fits what it is the end of, a rooted one only the whole', () => {
  fc.assert(
    fc.property(names, fc.nat(), (full, cut) => {
      const end = full.slice(cut % full.length)
      assert.ok(pathMatches({ names: end, rooted: false }, full, exactly))
      assert.equal(pathMatches({ names: end, rooted: true }, full, exactly), end.length === full.length)
      assert.ok(!pathMatches({ names: ['x', ...full], rooted: false }, full, exactly))
    }),
  )
  assert.ok(pathMatches(parsePath('p-101'), ['North', 'P-101'], roughly))
  assert.ok(!pathMatches(parsePath('p-101'), ['North', 'P-101'], exactly))
})

test('paths without what they share still fit, and keep their last names', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 2 }), (all, keep) => {
      const full = new Map(all.map((one, i) => [String(i), formatPath(one)]))
      for (const [id, short] of withoutCommon(full, keep)) {
        const original = parsePath(full.get(id)!).names
        const left = parsePath(short).names
        assert.ok(pathMatches({ names: left, rooted: false }, original, exactly))
        assert.ok(left.length >= Math.min(keep, original.length))
      }
    }),
  )
  const short = withoutCommon(
    new Map([
      ['1', 'N/L/P-1/t'],
      ['2', 'N/L/P-2/t'],
    ]),
    2,
  )
  assert.deepEqual([...short.values()], ['P-1/t', 'P-2/t'])
})
