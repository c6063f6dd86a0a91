import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { encodePayload, type OutMetric, type OutValue } from '../payload/encode.ts'
import { readEnvelope } from '../payload/envelope.ts'
import { TYPE } from '../payload/types.ts'
import { valueFor } from '../payload/value-for.ts'
import { parseState } from '../state.ts'
import { parseTopic, topicOf } from '../topic.ts'
import { MetricDecoder } from './decoder.ts'
import { DeviceState } from './device-state.ts'
import { Sequence } from './sequence.ts'

const NOW = Date.UTC(2026, 0, 1) * 1000
const CASES = new URL('../../testcases/', import.meta.url)
const samples = readdirSync(CASES)
  .filter((name) => name.endsWith('.hex'))
  .map((name) => Buffer.from(readFileSync(new URL(name, CASES), 'utf8').replaceAll('\n', ''), 'hex'))

/** Births, then data and a death of the same bytes: nothing but MillwrightErrors may come out. */
function decode(bytes: Buffer): void {
  const decoder = new MetricDecoder({ templatesAs: 'documents', storeTransient: true, refuse: () => undefined })
  const device = new DeviceState('d', 'g/d')
  const templates = new Map()
  try {
    const envelope = readEnvelope(bytes)
    decoder.birth(envelope, device, templates, NOW)
    for (let row = 0; row < decoder.rows.length; row++) {
      assert.ok(decoder.rows.name[row]!.length > 0 && decoder.rows.name[row]!.length <= 200)
      assert.ok(Number.isInteger(decoder.rows.time[row]))
    }
    decoder.data(envelope, device, templates, NOW, 0)
    decoder.death(envelope, device)
  } catch (error) {
    if (!(error instanceof MillwrightError)) throw error
  }
}

describe('the decoder', () => {
  it('takes any bytes without a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decode(Buffer.from(bytes))),
      { numRuns: 2000 },
    )
  })

  it('takes real payloads that were cut, mutated and doubled without a fault', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom(...samples), edits, fc.nat(), (sample, changes, cut) => {
        const bytes = Buffer.from(sample)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        decode(bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length))
      }),
      { numRuns: 3000 },
    )
  })

  it('stops at templates within templates, and at bombs', () => {
    let nested = Buffer.from([0x0a, 1, 0x61, 0x20, 19])
    for (let i = 0; i < 40; i++) {
      const template = Buffer.concat([Buffer.from([0x12, ...varint(nested.length)]), nested])
      nested = Buffer.concat([Buffer.from([0x0a, 1, 0x61, 0x20, 19, 0x92, 1, ...varint(template.length)]), template])
    }
    decode(Buffer.concat([Buffer.from([0x12, ...varint(nested.length)]), nested]))
    // 8 MiB of zeros in a few kilobytes, and a little more.
    const zlib = process.getBuiltinModule('node:zlib')
    const body = zlib.deflateSync(Buffer.alloc(9 * 1024 * 1024))
    const uuid = Buffer.from('SPBV1.0_COMPRESSED')
    const bomb = Buffer.concat([
      Buffer.from([0x22, uuid.length]),
      uuid,
      Buffer.from([0x2a, ...varint(body.length)]),
      body,
    ])
    assert.throws(() => readEnvelope(bomb), { code: 'MW-SPB-0005' })
  })

  it('gives back what the encoder was given', () => {
    const integers = Object.values(TYPE).filter(
      (type) => type >= TYPE.Int8 && type <= TYPE.UInt32 && type !== TYPE.Int64,
    )
    const number = fc.constantFrom(...integers).chain((type) => {
      const bits = [8, 16, 32, 64, 8, 16, 32][type - 1]!
      const signed = type <= TYPE.Int64
      const least = signed ? -(2 ** (bits - 1)) : 0
      const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1
      return fc.integer({ min: least, max: most }).map((value): [number, OutValue] => [type, value])
    })
    const value = fc.oneof(
      number,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((given): [number, OutValue] => [TYPE.Double, given]),
      fc.boolean().map((given): [number, OutValue] => [TYPE.Boolean, given]),
      fc.string({ unit: 'grapheme' }).map((given): [number, OutValue] => [TYPE.String, given]),
      fc.maxSafeInteger().map((given): [number, OutValue] => [TYPE.Int64, BigInt(given)]),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const metrics = values.map(
          ([type, given], at): OutMetric => ({ name: `m${at}`, alias: at, time: NOW, type, value: given }),
        )
        const decoder = new MetricDecoder({
          templatesAs: 'members',
          storeTransient: false,
          refuse: (_b, _d, error) => assert.fail(error),
        })
        const device = new DeviceState('d', 'g/d')
        const envelope = readEnvelope(encodePayload(NOW, 7, metrics))
        assert.equal(envelope.sequence, 7)
        decoder.birth(envelope, device, new Map(), NOW)
        const named = [...decoder.rows.value.subarray(0, values.length)]
        for (const [at, [type, given]] of values.entries()) {
          const wide = decoder.rows.wide[at]
          if (type === TYPE.String) assert.deepEqual(wide, { kind: 'state', value: given })
          else assert.equal(named[at], Number(given))
        }
        // By alias alone, as data come.
        const data = metrics.map(({ name: _, ...rest }) => rest)
        decoder.data(readEnvelope(encodePayload(NOW, 8, data)), device, new Map(), NOW, 0)
        assert.equal(decoder.unknown, 0)
        assert.deepEqual([...decoder.rows.value.subarray(0, values.length)], named)
      }),
      { numRuns: 300 },
    )
  })
})

describe('values to be written', () => {
  it('fit their type or are refused in words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(TYPE)), fc.jsonValue(), (type, given) => {
        const made = valueFor(type, given)
        assert.ok('value' in made || made.problem.startsWith('expected'))
        if ('value' in made) decode(encodePayload(NOW, 0, [{ name: 'a', time: NOW, type, value: made.value }]))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('topics and states', () => {
  it('are read back, and never throw', () => {
    fc.assert(
      fc.property(fc.string(), (topic) => {
        const parsed = parseTopic(topic)
        if (parsed !== undefined) assert.equal(topicOf(parsed), topic)
      }),
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseState(Buffer.from(bytes))))
    assert.deepEqual(parseState(Buffer.from('OFFLINE')), { online: false, timestamp: undefined })
    assert.equal(parseTopic('spBv1.0/g/DDATA/n'), undefined)
  })
})

describe('the sequence', () => {
  it('gives every message once, in order, when what is late comes at all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 600, size: 'max' }), (delays) => {
        const sent = delays.map((delay, at) => ({ at, due: at + delay }))
        const order = sent.toSorted((a, b) => a.due - b.due || a.at - b.at)
        const sequence = new Sequence<number>()
        const got: number[] = []
        sequence.begin(255)
        for (const { at } of order) {
          const how = sequence.offer(at & 255, at, 10)
          if (how === 'due') got.push(at)
          else assert.equal(how, 'held')
          for (let next = sequence.takeDue(); next !== undefined; next = sequence.takeDue()) got.push(next)
        }
        assert.deepEqual(
          got,
          sent.map(({ at }) => at),
        )
      }),
    )
  })
})

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]
}
