import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MetricRows } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { PacketGuard } from '../link/packet-guard.ts'
import { guessMapping } from './guess.ts'
import { pathQuery } from './json-path.ts'
import { Mapping } from './mapping.ts'
import { topicPattern } from './pattern.ts'
import { template } from './template.ts'

/** Runs `work`; anything but a MillwrightError is a fault. */
function tame<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof MillwrightError) return undefined
    throw error
  }
}

const level = fc.constantFrom('a', 'b', 'ü', '')
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const NOW = Date.UTC(2026, 0, 1) * 1000

describe('topic patterns', () => {
  it('match what MQTT matches, and name the levels', () => {
    const pattern = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', '+', '{x}'), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, open]) =>
        [...levels.map((part, at) => part.replace('x', `x${at}`)), ...(open ? ['{rest...}'] : [])].join('/'),
      )
    fc.assert(
      fc.property(pattern, topic, (text, name) => {
        const compiled = topicPattern(text, '/topic')
        const parts = compiled.filter.split('/')
        const expected = new RegExp(
          `^${parts.map((part) => (part === '+' ? '[^/]*' : part === '#' ? '.*' : part)).join('/')}$`.replace(
            '/.*$',
            '(/.*)?$',
          ),
        )
        const found = compiled.match(name)
        assert.equal(found !== undefined, expected.test(name), `${text} ${name}`)
        for (const [key, value] of found ?? [])
          if (key !== 'rest') assert.equal(value, name.split('/')[Number(key.slice(1))])
      }),
      { numRuns: 1000 },
    )
  })

  it('are refused in words, whatever they are', () => {
    fc.assert(fc.property(fc.string(), (text) => void tame(() => topicPattern(text, '/topic'))))
    fc.assert(fc.property(fc.string(), (text) => void tame(() => template(text, new Set(['a']), '/t'))))
    fc.assert(fc.property(fc.string(), (text) => void tame(() => pathQuery(text, '/p'))))
    for (const bad of ['', '#/a', 'a+', '{a}/{a}', '{}', '$share/g/a', 'a#', '{rest...}/a']) {
      assert.throws(() => topicPattern(bad, '/topic'), { code: 'MW-BRK-0022' }, bad)
    }
    assert.throws(() => pathQuery('$[?match(@.a, "(a+)+$")]', '/p'), { code: 'MW-BRK-0024' })
    assert.throws(() => pathQuery('$.a[?@.b == $.c]', '/p'), { code: 'MW-BRK-0024' })
    assert.throws(() => pathQuery('$..a..b..c', '/p'), { code: 'MW-BRK-0024' })
    assert.equal(pathQuery("$.a[?@['$'] == '$..']", '/p').singular, false)
    assert.throws(() => new Mapping({ topic: 'a', fields: [{ metric: 'x', value: '$.*' }] }, ''), {
      code: 'MW-BRK-0023',
    })
  })
})

describe('mappings', () => {
  const mappings = [
    new Mapping(
      {
        topic: 'a/{line}',
        device: '{$.id}',
        fields: [
          {
            metric: '{line}.{$.name}',
            value: '$.value',
            type: 'number',
            unit: '{$.unit}',
            time: '$.t',
            timeFormat: 's',
            quality: '$.q',
          },
          { metric: '{key}', value: '$..x' },
          { metric: '{key}.b', value: '$.list[?@.on == true]', type: 'boolean' },
        ],
      },
      '',
    ),
    new Mapping({ topic: '#', payload: 'number' }, ''),
    new Mapping({ topic: '#', payload: 'text' }, ''),
    new Mapping({ topic: '#', payload: 'millwright+json' }, ''),
    new Mapping({ topic: '#', payload: 'senml+cbor', device: '{topic}' }, ''),
  ]
  const rows = new MetricRows()
  const read = (payload: Buffer, name: string) => {
    for (const mapping of mappings) {
      const levels = mapping.pattern.match(name)
      if (levels === undefined) continue
      const refused: MillwrightError[] = []
      const message = { topic: name, payload, retained: false, receivedAt: NOW }
      tame(() => mapping.read(message, levels, rows, (error) => refused.push(error)))
      for (const error of refused) assert.ok(error instanceof MillwrightError)
    }
  }

  it('read any bytes and any JSON without a fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), topic, (bytes, name) => read(Buffer.from(bytes), name)))
    fc.assert(fc.property(fc.json(), topic, (text, name) => read(Buffer.from(text), name)))
    const shaped = fc.record(
      {
        id: fc.jsonValue(),
        name: fc.string(),
        value: fc.jsonValue(),
        unit: fc.jsonValue(),
        t: fc.jsonValue(),
        q: fc.jsonValue(),
        list: fc.jsonValue(),
        x: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(shaped, (value) => read(Buffer.from(JSON.stringify(value)), 'a/l1')),
      { numRuns: 500 },
    )
  })

  it('are guessed from any bytes without a fault', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void guessMapping('a/b', Buffer.from(bytes))))
    fc.assert(
      fc.property(fc.json(), (text) => {
        const mapping = guessMapping('a/b', Buffer.from(text))
        if (mapping !== undefined) new Mapping(mapping, '')
      }),
    )
  })
})

describe('the packet guard', () => {
  it('finds the same, however the bytes are cut', () => {
    const packet = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 300 }))
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (packets, cuts) => {
          const stream = Buffer.concat(
            packets.map(([first, length]) =>
              Buffer.concat([
                Buffer.from(length < 128 ? [first, length] : [first, (length & 127) | 128, length >> 7]),
                Buffer.alloc(length),
              ]),
            ),
          )
          const guard = new PacketGuard(200)
          let found: number | undefined
          for (let at = 0, cut = 0; at < stream.length && found === undefined; cut++) {
            const size = cuts[cut % cuts.length]!
            found = guard.check(stream.subarray(at, at + size))
            at += size
          }
          assert.equal(found, packets.find(([, length]) => length > 200)?.[1])
        },
      ),
    )
  })
})
