import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { encode } from 'cborg'
import fc from 'fast-check'
import type { TelemetryFormat } from '../intake/model.ts'
import { BOUNDS, EARLIEST, FURTHEST_AHEAD } from './bounds.ts'
import { createDecoders } from './codecs.ts'
import { isName } from './names.ts'
import { MetricRows, ROW } from './rows.ts'

const NOW = 1_767_225_600_000_000
const decoders = createDecoders()
const rows = new MetricRows()
const decode = (format: TelemetryFormat, payload: Uint8Array) => decoders[format](payload, NOW, rows)

// ---- what devices may send

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => isName(text) && text.isWellFormed())
const senmlName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9\-:./_]{0,20}$/)
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => value.isWellFormed())
const time = fc
  .integer({ min: EARLIEST / 1000, max: (NOW + FURTHEST_AHEAD) / 1000 })
  .map((ms) => ms * 1000 + 123)
  .filter((t) => t <= NOW + FURTHEST_AHEAD)
const json = fc
  .jsonValue({ maxDepth: 5 })
  .filter((value) => !JSON.stringify(value).includes('"__proto__"') && wellNamed(value))
const document = fc
  .dictionary(name, json, { maxKeys: 4, noNullPrototype: true })
  .filter((d) => !('samples' in d) && !('latitude' in d))
const wave = fc.record({
  sampleRate: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
  samples: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
})
const position = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})
const metric = fc.oneof(number, fc.boolean(), text, fc.constant(null), document, wave, position)
const values = fc.dictionary(name, metric, { maxKeys: 12, noNullPrototype: true })

function wellNamed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(
    ([key, inner]) => (Array.isArray(value) || (isName(key) && key.isWellFormed())) && wellNamed(inner),
  )
}

/** JSON as other serialisers write it: white space, escapes, exponents. */
const written = (value: unknown, style: number): string => {
  const plain = JSON.stringify(value)
  if (style === 1) return JSON.stringify(value, undefined, '\t')
  if (style === 2)
    return plain.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return plain
}
const style = fc.integer({ min: 0, max: 2 })

/** What a row says, as the value that was sent. */
function cell(row: number): unknown {
  const code = rows.kind[row]
  if (code === ROW.number) return rows.value[row]
  if (code === ROW.boolean) return rows.value[row] === 1
  if (code === ROW.none) return null
  const wide = rows.wide[row]!
  if (wide.kind === 'state' || wide.kind === 'document') return wide.value
  if (wide.kind === 'waveform') return { sampleRate: wide.sampleRate, samples: [...wide.samples] }
  return { latitude: wide.latitude, longitude: wide.longitude }
}

const same = (found: unknown, sent: unknown) => assert.equal(JSON.stringify(found), JSON.stringify(sent))

describe('decoders, whatever is sent', () => {
  it('Millwright JSON: what is sent is what is read', () => {
    const message = fc.record({ time, values }, { requiredKeys: ['values'] })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), style, (messages, how) => {
        decode('millwright+json', Buffer.from(written(messages, how)))
        const sent = messages.flatMap((m) =>
          Object.entries(m.values).map(([key, value]) => ({ key, value, time: m.time ?? NOW })),
        )
        assert.equal(rows.length, sent.length)
        for (const [row, { key, value, time: at }] of sent.entries()) {
          assert.equal(rows.name[row], key)
          assert.equal(rows.time[row], at)
          same(cell(row), value)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('numbers are read as JSON.parse reads them, to the last bit', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?$/)
    fc.assert(
      fc.property(
        fc.oneof(digits, number.map(String), fc.float({ noNaN: true, noDefaultInfinity: true }).map(String)),
        (sent) => {
          const expected = JSON.parse(sent) as number
          const payload = Buffer.from(`{"values":{"a":${sent}}}`)
          if (Number.isFinite(expected)) {
            decode('millwright+json', payload)
            assert.ok(Object.is(rows.value[0], expected), `${sent}: ${rows.value[0]} is not ${expected}`)
          } else assert.throws(() => decode('millwright+json', payload), { code: 'MW-CONN-0005' })
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('ThingsBoard telemetry: what is sent is what is read', () => {
    const plain = values.filter(
      (v) =>
        !('ts' in v) &&
        !('values' in v) &&
        Object.values(v).every((x) => typeof x !== 'string' || !/^-?[\d.]+$/.test(x)),
    )
    const message = fc.oneof(
      plain,
      fc.record({ ts: fc.integer({ min: EARLIEST / 1000, max: NOW / 1000 }), values: plain }),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.boolean(), style, (messages, valuesFirst, how) => {
        const turned = messages.map((m) => (valuesFirst && 'ts' in m ? { values: m.values, ts: m.ts } : m))
        decode('thingsboard+json', Buffer.from(written(turned, how)))
        const sent = messages.flatMap((m) =>
          'ts' in m
            ? Object.entries(m.values as object).map((e) => [...e, (m.ts as number) * 1000])
            : Object.entries(m).map((e) => [...e, NOW]),
        )
        assert.equal(rows.length, sent.length)
        for (const [row, [key, value, at]] of sent.entries()) {
          assert.deepEqual([rows.name[row], rows.time[row]], [key, at])
          same(cell(row), value)
        }
      }),
      { numRuns: 300 },
    )
  })

  const record = fc.record(
    {
      n: senmlName,
      t: fc.integer({ min: EARLIEST / 1e6, max: NOW / 1e6 }),
      value: fc.oneof(
        number.map((v) => ({ v })),
        fc.boolean().map((vb) => ({ vb })),
        text.map((vs) => ({ vs })),
      ),
    },
    { requiredKeys: ['n', 'value'] },
  )
  const pack = fc.record({ bn: fc.option(senmlName, { nil: undefined }), records: fc.array(record, { maxLength: 8 }) })
  const LABELS: Record<string, number> = { bn: -2, n: 0, v: 2, vs: 3, vb: 4, t: 6 }

  for (const format of ['senml+json', 'senml+cbor'] as const) {
    it(`${format}: what is sent is what is read`, () => {
      fc.assert(
        fc.property(pack, style, ({ bn, records }, how) => {
          const sent = records.map(({ n, t, value }, i) => ({
            ...(i === 0 && bn !== undefined ? { bn } : {}),
            n,
            ...(t === undefined ? {} : { t }),
            ...value,
          }))
          const numbered = sent.map((r) => new Map(Object.entries(r).map(([key, value]) => [LABELS[key]!, value])))
          decode(format, format === 'senml+json' ? Buffer.from(written(sent, how)) : encode(numbered))
          assert.equal(rows.length, records.length)
          for (const [row, { n, t, value }] of records.entries()) {
            assert.equal(rows.name[row], (bn ?? '') + n)
            assert.equal(rows.time[row], t === undefined ? NOW : t * 1e6)
            same(cell(row), Object.values(value)[0])
          }
        }),
        { numRuns: 300 },
      )
    })
  }
})

// ---- what nobody should send

/** Reads it or says what is wrong, soon and within bounds; anything else is a fault of ours. */
function survives(format: TelemetryFormat, payload: Uint8Array): void {
  const began = performance.now()
  try {
    decode(format, payload)
    assert.ok(rows.length <= BOUNDS.rows)
    for (let row = 0; row < rows.length; row++) {
      assert.ok(isName(rows.name[row]!) || format.startsWith('senml'), 'names are names')
      assert.ok(rows.time[row]! >= EARLIEST && rows.time[row]! <= NOW + FURTHEST_AHEAD, 'times are believable')
      assert.ok(Number.isFinite(rows.value[row]) || rows.kind[row] === ROW.none, 'numbers are finite')
    }
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
    assert.match(error.code, /^MW-CONN-00[0-3]\d$/)
    assert.ok(error.path?.startsWith('/'), `${error.code} says where: ${error.path}`)
  }
  assert.ok(performance.now() - began < 2_000, 'it took too long')
}

const SEEDS: Record<TelemetryFormat, Buffer[]> = {
  'millwright+json': [
    '{"time":1767225500123456,"values":{"temperature":61.25,"on":true,"mode":"A\\u00e9","x":null},"units":{"temperature":"Cel"}}',
    '[{"values":{"w":{"sampleRate":25600,"samples":[0,1.5,-2e-3]},"p":{"latitude":1,"longitude":2}}}]',
  ].map((text) => Buffer.from(text)),
  'senml+json': [
    '[{"bn":"urn:dev:1:","bt":1767225500,"bu":"V","n":"v","v":1.5},{"n":"s","vs":"x","t":-1},{"n":"d","vd":"aGk"}]',
  ].map((text) => Buffer.from(text)),
  'senml+cbor': [
    Buffer.from(
      encode([
        new Map<number, unknown>([
          [-2, 'urn:'],
          [-3, 1_767_225_500.5],
          [0, 'a'],
          [2, 1.1],
        ]),
        new Map<number, unknown>([
          [0, 'b'],
          [8, Uint8Array.of(1, 2)],
        ]),
      ]),
    ),
  ],
  'thingsboard+json': ['{"ts":1451649600512,"values":{"a":"1.5","b":{"c":[1,2]}}}', '[{"a":1},{"b":"x"}]'].map((text) =>
    Buffer.from(text),
  ),
}

for (const format of Object.keys(SEEDS) as TelemetryFormat[]) {
  describe(`${format}, hostile`, () => {
    it('survives random bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), (payload) => survives(format, payload)),
        { numRuns: 2000 },
      )
    })

    it('survives mutations of valid payloads', () => {
      const mutation = fc.record({
        seed: fc.nat(SEEDS[format].length - 1),
        edits: fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            cut: fc.nat(6),
            put: fc.uint8Array({ maxLength: 6 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      })
      fc.assert(
        fc.property(mutation, ({ seed, edits }) => {
          let payload = SEEDS[format][seed]!
          for (const { at, cut, put } of edits) {
            const from = Math.floor(at * payload.length)
            payload = Buffer.concat([payload.subarray(0, from), put, payload.subarray(from + cut)])
          }
          survives(format, payload)
        }),
        { numRuns: 3000 },
      )
    })

    it('survives text built of its own words', () => {
      const words = [
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"a"',
        '"values"',
        '"time"',
        '"ts"',
        '"n"',
        '"v"',
        '"bn"',
        '1',
        '-',
        '1e999',
        'true',
        'null',
        'NaN',
        '"\\ud800"',
        '"\\u0061"',
        ' ',
        '\n',
        '"',
      ]
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) =>
          survives(format, Buffer.from(parts.join(''))),
        ),
        { numRuns: 2000 },
      )
    })

    it('survives a megabyte of anything it might unfold', () => {
      const large = ['[', '{"a":', '"', '1', ' ', '[[', '{}', '{"a":1},', '\u00e9', '\\u0061', '-1e1,'].map((unit) =>
        Buffer.from(unit.repeat(Math.floor(BOUNDS.payloadBytes / unit.length))),
      )
      const binary = [0x81, 0x9f, 0xa1, 0xbf, 0x5f, 0x7f, 0xc4, 0x9b, 0x00].map((byte) =>
        Buffer.alloc(BOUNDS.payloadBytes, byte),
      )
      for (const payload of [...large, ...binary]) {
        survives(format, payload)
        survives(format, Buffer.concat([Buffer.from('['), payload.subarray(1)]))
        survives(format, Buffer.concat([Buffer.from('{"values":{"a":'), payload.subarray(15)]))
      }
    })
  })
}

describe('the key table', () => {
  it('stays right when a device sends more names than it holds', () => {
    for (let round = 0; round < 8; round++) {
      const many = Object.fromEntries(Array.from({ length: BOUNDS.metrics }, (_, i) => [`m${round}_${i}`, i]))
      decode(
        'millwright+json',
        Buffer.from(JSON.stringify({ values: many, units: { m0_0: 'm' } }).replace('"m0_0":"m"', `"m${round}_0":"m"`)),
      )
      assert.equal(rows.length, BOUNDS.metrics)
      assert.equal(rows.name[BOUNDS.metrics - 1], `m${round}_${BOUNDS.metrics - 1}`)
      const twice = `{"values":{${Object.keys(many)
        .map((key) => `"${key}":1`)
        .slice(0, 4999)
        .join(',')},"m${round}_7":1}}`
      assert.throws(() => decode('millwright+json', Buffer.from(twice)), { code: 'MW-CONN-0004' })
    }
  })
})
