import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { matches, parsePattern } from './pattern.ts'
import { escapeName, formatNodeRef, parseNodeId, parsePath, parseTarget, withIndex, withUri } from './target.ts'

const namespaces = ['http://opcfoundation.org/UA/', 'urn:server', 'urn:a;b%c']

test('node ids of every kind are read and written back', () => {
  for (const text of [
    'i=85',
    'ns=2;s=Motor.Speed;x=1',
    'ns=65535;i=4294967295',
    'ns=1;g=72962B91-FA75-4AE6-8D28-B404DC7DAF63',
    'ns=3;b=AQL/',
    'nsu=urn:a%3Bb%25c;s=ü',
  ]) {
    assert.equal(formatNodeRef(parseNodeId(text)), text)
  }
  assert.equal(formatNodeRef(parseNodeId(' i=007 ')), 'i=7')
  assert.equal(withIndex(parseNodeId('nsu=urn:a%3Bb%25c;s=x'), namespaces).namespace, 2)
  assert.equal(formatNodeRef(withUri(parseNodeId('ns=2;s=x'), namespaces)), 'nsu=urn:a%3Bb%25c;s=x')
  assert.throws(() => withIndex(parseNodeId('nsu=urn:none;s=x'), namespaces), /no namespace urn:none/)
  for (const text of ['', 'i=', 'i=-1', 'i=4294967296', 'ns=70000;i=1', 'ns=2', 's', 'x=1', 'g=1', 'b=?', 'nsu=;i=1']) {
    assert.throws(() => parseNodeId(text, '/nodes/0/node'), { code: 'MW-OPCUA-0001', path: '/nodes/0/node' })
  }
})

test('browse paths know namespaces and escaped characters', () => {
  assert.deepEqual(parsePath('/Objects/2:Line &/ 1/A&:B&&C'), [
    { namespace: undefined, name: 'Objects' },
    { namespace: 2, name: 'Line / 1' },
    { namespace: undefined, name: 'A:B&C' },
  ])
  for (const text of ['', 'Objects', '/', '//', '/a//b', '/a&']) assert.throws(() => parsePath(text), MillwrightError)
})

test('a name that is escaped is one step of a path', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), (name) => {
      assert.deepEqual(parsePath(`/${escapeName(name)}`), [{ namespace: undefined, name }])
    }),
  )
})

test('any text is a target or is refused by name', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `ns=2;${text}`),
        fc.string().map((text) => `/${text}`),
      ),
      (text) => {
        try {
          const target = parseTarget(text)
          if (target.kind === 'node') assert.deepEqual(parseNodeId(formatNodeRef(target.node)), target.node)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      },
    ),
  )
})

test('patterns match names and any number of names', () => {
  const fits = (pattern: string, ...names: string[]) => matches(parsePattern(pattern), names)
  assert.ok(fits('Motor*/Speed', 'Motor 1', 'Speed'))
  assert.ok(fits('**/Speed', 'Speed'))
  assert.ok(fits('**/Speed', 'a', 'b', 'Speed'))
  assert.ok(fits('Line ?/**', 'Line 1'))
  assert.ok(fits('**', 'anything', 'at', 'all'))
  assert.ok(fits('a*b*c', 'a-b--b-c'))
  assert.ok(!fits('Motor*/Speed', 'Pump', 'Speed'))
  assert.ok(!fits('Speed', 'a', 'Speed'))
  assert.ok(!fits('Line ?', 'Line 12'))
  for (const text of ['', 'a//b', 'a**b', '**x']) assert.throws(() => parsePattern(text), MillwrightError)
})

test('a pattern does what a slow expression says it should', () => {
  const part = fc.stringMatching(/^[ab*?]{1,5}$/).filter((text) => !text.includes('**'))
  fc.assert(
    fc.property(part, fc.stringMatching(/^[abc]{0,6}$/), (pattern, name) => {
      const slow = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      assert.equal(matches(parsePattern(pattern), [name]), slow.test(name))
    }),
  )
})

test('many stars take no time', () => {
  const start = performance.now()
  assert.ok(!matches(parsePattern(`${'*a'.repeat(100)}*b`), ['a'.repeat(500)]))
  assert.ok(performance.now() - start < 1000)
})
