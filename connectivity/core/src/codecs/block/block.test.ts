import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import type { WideValue } from '../../batch.ts'
import { MetricRows, ROW } from '../rows.ts'
import { BLOCK, BlockEncoder, type BlockSection, decodeBlock, rowProblem } from './index.ts'

const NOW = 1_767_225_600_000_000

interface Row {
  readonly name: string
  readonly kind: number
  readonly time: number
  readonly value: number
  readonly quality: number
  readonly wide: WideValue | undefined
  readonly unit: string | undefined
}

const bits = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((b) => {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, b)
  return view.getFloat64(0)
})
const number = fc.oneof(
  fc.integer().map((n) => n / 100),
  fc.integer({ min: -50, max: 50 }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -(2 ** 53), 0.1, 1 / 3),
  bits.filter(Number.isFinite),
)
const time = fc.oneof(
  fc.integer({ min: 946_684_800_000_000, max: NOW }),
  fc.integer({ min: 0, max: 1_000_000 }).map((n) => NOW - n * 1000),
  fc.integer({ min: 0, max: 1_000 }).map((n) => NOW - n * 1_000_000),
)
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => value.isWellFormed())
const state = text.map((value): WideValue => ({ kind: 'state', value }))
const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: true } as never).filter((value) => {
  const plain = JSON.stringify(value)
  return !plain.includes('__proto__') && !plain.includes('"":') && !/-0(?![.\d])/.test(plain)
})
const document = json.map((value): WideValue => ({ kind: 'document', value: JSON.parse(JSON.stringify(value)) }))
const position = fc
  .record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    altitude: fc.option(fc.double({ min: -500, max: 9000, noNaN: true }), { nil: undefined }),
  })
  .map((place): WideValue => ({ kind: 'position', ...place }))
const waveform = fc
  .record({
    sampleRate: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
    samples: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 }),
  })
  .map(
    (wave): WideValue => ({ kind: 'waveform', sampleRate: wave.sampleRate, samples: Float32Array.from(wave.samples) }),
  )
const content = fc.oneof(
  { weight: 4, arbitrary: number.map((value) => ({ kind: ROW.number, value, wide: undefined })) },
  fc.boolean().map((value) => ({ kind: ROW.boolean, value: value ? 1 : 0, wide: undefined })),
  fc.constant({ kind: ROW.none, value: Number.NaN, wide: undefined }),
  fc.tuple(number, state).map(([value, wide]) => ({ kind: ROW.number, value, wide })),
  fc.oneof(state, document, position, waveform).map((wide) => ({ kind: ROW[wide.kind], value: 0, wide })),
)
const row = fc
  .record({
    name: fc.constantFrom('Temperature', 'Pressure', 'Härte', 'a/b c', 'x'),
    time,
    content,
    quality: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff_ffff })),
    unit: fc.option(fc.constantFrom('Cel', 'bar', 'm3/h'), { nil: undefined, freq: 8 }),
  })
  .map(({ content: { kind, value, wide }, ...rest }): Row => ({ ...rest, kind, value, wide }))
const section = fc.record({
  connection: fc.constantFrom('', 'cnx_01k5zsx0v3m8f3t9q2w7r6y5n4'),
  device: fc.constantFrom('', 'Unit 7'),
  source: fc.constantFrom('', 'ns=2;s=Temperature', 'coils'),
})
const batches = fc.array(fc.record({ section, rows: fc.array(row, { maxLength: 40 }) }), { maxLength: 5 })

function rowsOf(list: readonly Row[]): MetricRows {
  const rows = new MetricRows()
  for (const { name, kind, time: at, value, quality, wide, unit } of list) {
    if (wide === undefined) rows.push(name, kind, value, quality)
    else if (kind === ROW.number) rows.pushNumericText(name, value, wide)
    else rows.pushWide(name, kind, wide)
    rows.quality[rows.length - 1] = quality
    rows.time[rows.length - 1] = at
    if (unit !== undefined) rows.setUnit(rows.length - 1, unit)
  }
  return rows
}

const keyOf = ({ connection, device, source }: BlockSection, name: string) =>
  [connection, device, source, name].join('|')

/** Rows of each signal in their order. */
function collect(into: Map<string, Row[]>, of: BlockSection, rows: MetricRows): void {
  for (let i = 0; i < rows.length; i++) {
    const signal = into.get(keyOf(of, rows.name[i]!)) ?? []
    signal.push({
      name: rows.name[i]!,
      kind: rows.kind[i]!,
      time: rows.time[i]!,
      value: rows.value[i]!,
      quality: rows.quality[i]!,
      wide: rows.wide[i],
      unit: rows.unit[i],
    })
    into.set(keyOf(of, rows.name[i]!), signal)
  }
}

function roundTrip(block: Buffer): Map<string, Row[]> {
  const seen = new Map<string, Row[]>()
  decodeBlock(block, NOW, (of, rows) => collect(seen, of, rows))
  return seen
}

const onlyOurs = (work: () => void): void => {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof MillwrightError, `threw ${error}`)
  }
}

describe('the block of readings', () => {
  it('gives back every row of every kind to the bit, in the order of its signal', () => {
    const compression = fc.constantFrom('fast' as const, 'small' as const, 'deflate' as const)
    fc.assert(
      fc.property(batches, compression, (input, chosen) => {
        const encoder = new BlockEncoder({ compression: chosen })
        const expected = new Map<string, Row[]>()
        for (const batch of input) {
          const rows = rowsOf(batch.rows)
          collect(expected, batch.section, rows)
          encoder.add(batch.section, rows)
        }
        const rows = input.reduce((sum, batch) => sum + batch.rows.length, 0)
        assert.equal(encoder.rows, rows)
        assert.deepStrictEqual(roundTrip(encoder.finish()), expected)
      }),
      { numRuns: 300 },
    )
  })

  it('throws nothing but MillwrightErrors for bytes of any kind, changed blocks, and bodies of any kind', () => {
    const encoder = new BlockEncoder({ compression: 'fast' })
    const sample = fc.sample(row, { numRuns: 60, seed: 7 })
    encoder.add({ connection: '', device: 'a', source: 's' }, rowsOf(sample))
    encoder.add({ connection: 'cnx_x', device: '', source: '' }, rowsOf(sample.slice(0, 9)))
    const block = encoder.finish()
    const body = block.subarray(12)
    const mutation = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
    const decode = (bytes: Uint8Array) => onlyOurs(() => decodeBlock(bytes, NOW, () => undefined))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decode), { numRuns: 300 })
    fc.assert(
      fc.property(mutation, fc.nat(), (changes, cut) => {
        const changed = Buffer.from(body)
        for (const [at, value] of changes) changed[at % changed.length] = value
        // With a right checksum, so that the reader behind it meets the damage.
        decode(enveloped(changed.subarray(0, cut % 3 === 0 ? cut % changed.length : changed.length)))
      }),
      { numRuns: 3_000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decode(enveloped(Buffer.from(bytes)))),
      { numRuns: 1_000 },
    )
  })

  it('never takes a changed byte for other readings', () => {
    const encoder = new BlockEncoder()
    encoder.add({ connection: '', device: '', source: '' }, rowsOf(fc.sample(row, { numRuns: 40, seed: 1 })))
    const block = encoder.finish()
    const expected = roundTrip(block)
    for (let at = 0; at < block.length; at++) {
      const changed = Buffer.from(block)
      changed[at] = changed[at]! ^ 0x10
      // A bit that means nothing to the decompression may change; what comes out must not.
      onlyOurs(() => assert.deepStrictEqual(roundTrip(changed), expected, `byte ${at}`))
    }
  })

  it('unpacks no bomb: not of zeros, not of rows, not of texts', () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024)
    for (const [method, packed] of [
      [2, zstdCompressSync(zeros)],
      [1, deflateRawSync(zeros)],
    ] as const) {
      const lying = Buffer.concat([envelope(method, 1000, 0), packed])
      assert.throws(() => decodeBlock(lying, NOW, () => undefined), MillwrightError)
      const honest = Buffer.concat([envelope(method, zeros.length, 0), packed])
      assert.throws(() => decodeBlock(honest, NOW, () => undefined), MillwrightError)
    }
    // A few bytes say: 500,000 rows of one text of 60 kB.
    const encoder = new BlockEncoder()
    const rows = new MetricRows()
    const value: WideValue = { kind: 'state', value: 'x'.repeat(60_000) }
    for (let i = 0; i < 100_000; i++) {
      rows.pushWide('s', ROW.state, value)
      rows.time[i] = NOW
    }
    encoder.add({ connection: '', device: '', source: '' }, rows)
    assert.throws(() => decodeBlock(encoder.finish(), NOW, () => undefined), /more text than a block may/)
  })

  it('keeps what cannot travel out: not finite, no name, no document', () => {
    const rows = new MetricRows()
    rows.push('good', ROW.number, 1, 0)
    rows.push('nan', ROW.number, Number.NaN, 0)
    rows.push('infinite', ROW.number, Number.POSITIVE_INFINITY, 0)
    rows.push('', ROW.number, 1, 0)
    rows.pushWide('circular', ROW.document, { kind: 'document', value: 12n })
    rows.pushWide('surrogate', ROW.state, { kind: 'state', value: '\ud800' })
    rows.setTime(0, NOW)
    const problems = Array.from({ length: rows.length }, (_, at) => rowProblem(rows, at) !== undefined)
    assert.deepEqual(problems, [false, true, true, true, true, true])
    const encoder = new BlockEncoder()
    assert.throws(() => encoder.add({ connection: '', device: '', source: '' }, rows), MillwrightError)
    assert.equal(encoder.rows, 0)
  })

  it('believes no time before 2000 or a day ahead', () => {
    for (const at of [1, NOW + 2 * 86_400_000_000]) {
      const encoder = new BlockEncoder()
      const rows = rowsOf([
        { name: 'x', kind: ROW.number, time: at, value: 1, quality: 0, wide: undefined, unit: undefined },
      ])
      encoder.add({ connection: '', device: '', source: '' }, rows)
      assert.throws(() => decodeBlock(encoder.finish(), NOW, () => undefined), /CONN|time/)
    }
  })

  it('takes at most 4 bytes a point for noise in six digits, as data loggers write it', (t) => {
    const encoder = new BlockEncoder()
    const rows = new MetricRows()
    const random = seeded(1)
    const noise = () => random() + random() + random() + random() - 2
    // Acceleration, current, pressure, temperature, voltage, flow: level and spread of each.
    const channels = [0.2, 0.02, 1.3, 0.3, 0.05, 0.2, 79.3, 0.05, 231, 8, 32, 0.6] as const
    for (let second = 0; second < 5_000; second++) {
      rows.clear()
      for (let at = 0; at < channels.length; at += 2) {
        const value = channels[at]! + Math.sin(second / 300 + at) * channels[at + 1]! + noise() * channels[at + 1]!
        rows.push(`channel ${at / 2}`, ROW.number, Number(value.toPrecision(6)), 0)
      }
      rows.setTime(0, NOW - 6_000_000_000 + second * 1_000_000)
      encoder.add({ connection: 'cnx_x', device: '', source: 'poll' }, rows)
    }
    const size = encoder.finish().length / encoder.rows
    t.diagnostic(`${size.toFixed(2)} bytes a point`)
    assert.ok(size <= 4, `${size}`)
  })
})

function envelope(method: number, size: number, checksum: number): Buffer {
  const head = Buffer.alloc(12)
  head.write('MB', 'latin1')
  head[2] = 1
  head[3] = method
  head.writeUInt32LE(size, 4)
  head.writeUInt32LE(checksum, 8)
  return head
}

function enveloped(body: Buffer): Buffer {
  return Buffer.concat([envelope(0, body.length, crc32(body)), body]).subarray(0, BLOCK.bytes)
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}
