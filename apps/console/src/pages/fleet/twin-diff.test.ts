import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readable } from '../../components/base64.ts'
import { parseJson } from '../../components/parse-json.ts'
import { mergePatch, same, twinRows } from './twin-diff.ts'

describe('twin', () => {
  it('sets both sides against each other, leaf by leaf', () => {
    const rows = twinRows(
      { mode: 'auto', limits: { high: 80, low: 5 } },
      { mode: 'auto', limits: { high: 75 }, firmware: '2.4' },
    )
    assert.deepEqual(
      rows.map((row) => [row.path, row.desired, row.reported, row.differs]),
      [
        ['firmware', undefined, '2.4', false],
        ['limits.high', 80, 75, true],
        ['limits.low', 5, undefined, true],
        ['mode', 'auto', 'auto', false],
      ],
    )
  })

  it('does not mind the order of keys, and minds that of lists', () => {
    assert.ok(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }))
    assert.ok(!same([1, 2], [2, 1]))
    assert.ok(!same({}, { a: undefined }))
  })

  it('merges as RFC 7396 says', () => {
    const target = {
      title: 'Goodbye!',
      author: { givenName: 'John', familyName: 'Doe' },
      tags: ['example'],
      content: 'x',
    }
    const patch = { title: 'Hello!', phone: '+01', author: { familyName: null }, tags: ['sample'] }
    assert.deepEqual(mergePatch(target, patch), {
      title: 'Hello!',
      author: { givenName: 'John' },
      tags: ['sample'],
      content: 'x',
      phone: '+01',
    })
  })

  it('shows no difference between a document and itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>
        assert.ok(twinRows(document, copy).every((row) => !row.differs))
      }),
    )
  })
})

it('shows payloads as text where they are text, set out where they are JSON, and as hex otherwise', () => {
  assert.equal(readable(btoa('{"a":1}')), '{\n  "a": 1\n}')
  assert.equal(readable(btoa('plain')), 'plain')
  assert.equal(readable(btoa('\xff\x00')), 'ff 00')
})

it('takes nothing typed for no value, and tells what is wrong otherwise', () => {
  assert.deepEqual(parseJson('  '), { value: undefined, error: undefined })
  assert.deepEqual(parseJson('{"speed": 1200}').value, { speed: 1200 })
  assert.match(parseJson('{speed}').error ?? '', /JSON/)
})
