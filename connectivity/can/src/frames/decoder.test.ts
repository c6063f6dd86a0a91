import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { kindOf } from '@millwright/connectivity'
import fc from 'fast-check'
import { INDUSTRIAL, skip } from '../../test/industrial.ts'
import type { DbcSignal } from '../dbc/model.ts'
import { dbcText, parseDbc } from '../dbc/parse.ts'
import type { FrameMapping } from './compile.ts'
import { FrameDecoder, groupOf } from './decoder.ts'
import { bytesNeeded, extractor, FrameBytes } from './extract.ts'

const mapping: FrameMapping = { metric: 'signal', device: 'sender', interval: 0 }
const machine = readFileSync(new URL('../../testcases/machine.dbc', import.meta.url), 'utf8')
const frame = new FrameBytes()

function decoderOf(text: string, how: Partial<FrameMapping> = {}) {
  const decoder = new FrameDecoder([parseDbc(text)], { ...mapping, ...how })
  const decode = (id: number, hex: string, { extended = id > 0x7ff, time = 1e15 } = {}) => {
    decoder.clear()
    const data = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    data.copy(frame.bytes)
    frame.finish(data.length)
    decoder.decode(id, extended, frame, time)
    return Object.fromEntries(
      [...decoder.devices].flatMap(({ rows }) =>
        Array.from({ length: rows.length }, (_, row) => {
          const wide = rows.wide[row]
          return [
            rows.name[row]!,
            wide?.kind === 'state' ? wide.value : kindOf(rows.kind[row]!) === undefined ? null : rows.value[row]!,
          ]
        }),
      ),
    )
  }
  return { decoder, decode }
}
const real = (name: string) => dbcText(readFileSync(`${INDUSTRIAL}/dbc/cantools/${name}`))

/** Bit by bit, as the format's description says it. */
function slowly({ start, length, littleEndian, signed }: DbcSignal, bytes: Uint8Array): bigint {
  let value = 0n
  let at = start
  for (let bit = 0; bit < length; bit++) {
    const one = BigInt((bytes[at >>> 3]! >>> (at & 7)) & 1)
    if (littleEndian) {
      value |= one << BigInt(bit)
      at++
    } else {
      value = (value << 1n) | one
      at = (at & 7) === 0 ? at + 15 : at - 1
    }
  }
  return signed ? BigInt.asIntN(length, value) : value
}

const anySignal = fc
  .record({
    start: fc.nat(511),
    length: fc.integer({ min: 1, max: 64 }),
    littleEndian: fc.boolean(),
    signed: fc.boolean(),
  })
  .map((place) => ({ ...place, float: 0 }) as DbcSignal)
  .filter((signal) => bytesNeeded(signal) <= 64)

test('any signal at any place is what its bits say', () => {
  fc.assert(
    fc.property(anySignal, fc.uint8Array({ minLength: 64, maxLength: 64 }), (signal, bytes) => {
      frame.bytes.set(bytes)
      frame.finish(64)
      assert.equal(extractor(signal)(frame), Number(slowly(signal, bytes)))
    }),
    { numRuns: 3000 },
  )
})

test('decodes states, scales, floats, both byte orders, and what stands for no value', () => {
  const { decode } = decoderOf(machine)
  // Checked by hand.
  assert.deepEqual(decode(256, '01 64 00 3C 5A 50 00 00'), { Mode: 'Automatic', Force: -50, Oil: 20, Angle: 144.5 })
  assert.deepEqual(decode(256, '02 00 80 FF 00 00 00 00'), { Mode: 'Fault', Force: -16_484, Oil: null, Angle: 0 })
  assert.deepEqual(decode(256, '05 00 00 FE'), { Mode: '5', Force: -100, Oil: null })
  const wide = Buffer.alloc(64)
  wide.writeFloatLE(12.5, 0)
  wide.writeBigInt64LE(-5n, 8)
  wide.writeDoubleLE(Math.PI, 16)
  wide[63] = 7
  const { Flow, Total, Precise, Last } = decode(257, wide.toString('hex'))
  assert.deepEqual([Flow, Total, Precise, Last], [12.5, -5, Math.PI, 7])
  assert.deepEqual(decode(999, '00'), {})
})

test('multiplexed signals are there when their multiplexors say so, over levels and ranges', () => {
  const { decode } = decoderOf(machine)
  assert.deepEqual(decode(512, '00 01 AA'), { Selector: 0, Zero: 'On' })
  assert.deepEqual(decode(512, '01 01 AA'), { Selector: 1, Inner: 1 })
  for (const inner of [2, 3, 7]) assert.deepEqual(decode(512, `010${inner}32`), { Selector: 1, Inner: inner, Deep: 50 })
  // What is left of an earlier frame decides nothing.
  assert.deepEqual(decode(512, '00 02 AA'), { Selector: 0, Zero: '2' })
})

test('J1939: by parameter group, whatever the priority and the sender; error and not available are no value', () => {
  const { decode, decoder } = decoderOf(machine)
  assert.deepEqual(decode(0x18fef121, 'FF 00 64 F0 FF FF FF FF'), { Speed: 100, Brake: null })
  assert.deepEqual(decode(0x0cfef105, 'FF FF FF D0 FF FF FF FF'), { Speed: null, Brake: 1 })
  assert.deepEqual(decode(0x18fef105, 'FF 00 FE E0 FF FF FF FF'), { Speed: null, Brake: null })
  assert.deepEqual(
    [...decoder.devices].map(({ device }) => device),
    ['Press', 'Pump', undefined, 'address 5'].filter((name) => name !== undefined),
  )
  assert.deepEqual([groupOf(0x18fef121), groupOf(0x18ea2105), groupOf(0x1dea2105)], [0xfef1, 0xea00, 0x1ea00])
})

const LONG = `VERSION ""
BU_: Engine
BO_ 2566834714 Long: 20 Engine
 SG_ First : 0|8@1+ (1,0) [0|250] "" Engine
 SG_ Across : 48|16@1+ (1,0) [0|64255] "rpm" Engine
 SG_ Last : 152|8@1+ (1,0) [0|250] "" Engine
BA_DEF_ "ProtocolType" STRING ;
BA_DEF_DEF_ "ProtocolType" "J1939";
`

test('J1939: messages of several frames, announced to all or agreed between two, in between others', () => {
  const { decode, decoder } = decoderOf(LONG)
  const whole = { First: 1, Across: 0x0807, Last: 20 }
  // Broadcast by 0x21 (BAM: 20 bytes in 3 packets of group 0xFECA), and at once by 0x22 to 0x30 (RTS), whose answers are heard too.
  assert.deepEqual(decode(0x18ecff21, '20 14 00 03 FF CA FE 00'), {})
  assert.deepEqual(decode(0x18ec3022, '10 14 00 03 FF CA FE 00'), {})
  assert.deepEqual(decode(0x18ec2230, '11 03 01 FF FF CA FE 00'), {})
  assert.deepEqual(decode(0x18ebff21, '01 01 02 03 04 05 06 07'), {})
  assert.deepEqual(decode(0x18eb3022, '02 08 09 0A 0B 0C 0D 0E'), {})
  assert.deepEqual(decode(0x18ebff21, '02 08 09 0A 0B 0C 0D 0E'), {})
  assert.deepEqual(decode(0x18eb3022, '01 01 02 03 04 05 06 07'), {})
  assert.deepEqual(decode(0x18eb3022, '01 01 02 03 04 05 06 07'), {})
  assert.deepEqual(decode(0x18eb3022, '03 0F 10 11 12 13 14 FF'), whole)
  assert.deepEqual(decode(0x18ebff21, '03 0F 10 11 12 13 14 FF'), whole)
  assert.deepEqual(
    [...decoder.devices].map(({ device }) => device),
    ['address 34', 'address 33'],
  )
  assert.equal(decoder.counters.broken_transfers, 0)
})

test('J1939: a transfer that is cut, given up, too slow or lies about its length gives nothing, and is counted', () => {
  const { decode, decoder } = decoderOf(LONG)
  const packets = (from: number, more: object = {}) => [
    decode(0x18ebff21, '01 01 02 03 04 05 06 07', more),
    decode(0x18ebff21, '02 08 09 0A 0B 0C 0D 0E', more),
    decode(0x18ebff21, '03 0F 10 11 12 13 14 FF', { ...more, time: from }),
  ]
  const nothing = [{}, {}, {}]
  assert.deepEqual(packets(1e15), nothing)
  decode(0x18ecff21, '20 14 00 02 FF CA FE 00')
  assert.deepEqual(packets(1e15), nothing)
  decode(0x18ecff21, '20 14 00 03 FF CA FE 00')
  assert.deepEqual(packets(1e15 + 2e6), nothing)
  decode(0x18ecff21, '20 14 00 03 FF CA FE 00')
  decode(0x18ecff21, 'FF 01 FF FF FF CA FE 00')
  assert.deepEqual(packets(1e15), nothing)
  assert.equal(decoder.counters.broken_transfers, 2)
})

test('J1939: any message comes out of its packets as it went in', () => {
  const { decode } = decoderOf(LONG.replace('Long: 20', 'Long: 1785').replace('152|8', '14272|8'))
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1785, maxLength: 1785 }), fc.nat(0xfd), (data, from) => {
      const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
      decode(0x1cecff00 | from, hex(Uint8Array.of(32, 1785 & 255, 1785 >> 8, 255, 255, 0xca, 0xfe, 0)))
      let last = {}
      for (let n = 1; n <= 255; n++) {
        last = decode(0x1cebff00 | from, hex(Uint8Array.of(n, ...data.subarray((n - 1) * 7, n * 7))))
      }
      const byte = (at: number) => (data[at]! >= 0xfe ? null : data[at]! > 0xfa ? undefined : data[at]!)
      const { First, Last } = last as Record<string, number | null>
      for (const [value, at] of [
        [First, 0],
        [Last, 1784],
      ] as const)
        if (byte(at) !== undefined) assert.equal(value, byte(at))
    }),
    { numRuns: 20 },
  )
})

test('a signal is read at most once an interval, each source by itself', () => {
  const { decode } = decoderOf(machine, { interval: 1e6 })
  const at = (seconds: number) =>
    Object.keys(decode(0x18fef121, 'FF0064C0FFFFFFFF', { time: 1e15 + seconds * 1e6 })).length
  assert.deepEqual([at(0), at(0.5), at(0.999), at(1), at(1.5), at(2)], [2, 0, 0, 2, 0, 2])
  assert.equal(Object.keys(decode(0x18fef122, 'FF0064C0FFFFFFFF', { time: 1e15 + 0.1e6 })).length, 2)
})

test('agrees with cantools on its own files (numbers of its tests and README)', { skip }, () => {
  const motohawk = decoderOf(real('motohawk.dbc'))
  assert.deepEqual(motohawk.decode(0x1f0, '80 4A 0F 00 00 00 00 00'), {
    Enable: 'Enabled',
    AverageRadius: 0,
    Temperature: 255.92,
  })
  assert.deepEqual(motohawk.decode(496, 'c0 06 e0 00 00 00 00 00'), {
    Enable: 'Enabled',
    AverageRadius: 3.2,
    Temperature: 250.55,
  })
  assert.deepEqual(motohawk.decode(496, '01 00 20 00 00 00 00 00'), {
    Enable: 'Disabled',
    AverageRadius: 0,
    Temperature: 229.53,
  })

  const padding = decoderOf(real('padding_bit_order.dbc'))
  assert.deepEqual(padding.decode(1, '82c9000002c90000'), { B: 1, A: 0x2c9, D: 0, C: 0x2c9 })
  assert.deepEqual(padding.decode(2, '9305000092050000'), { E: 1, F: 0x2c9, G: 0, H: 0x2c9 })
  assert.deepEqual(padding.decode(3, '2103000000000000'), { I: 1, J: 2, K: 3 })
  assert.deepEqual(padding.decode(4, '0123456789abcdef'), { L: Number(0x0123456789abcdefn) })
  assert.deepEqual(padding.decode(5, 'efcdab8967452301'), { M: Number(0x0123456789abcdefn) })

  const ledge = decoderOf(real('socialledge.dbc'))
  const zeros = { SENSOR_SONARS_left: 0, SENSOR_SONARS_middle: 0, SENSOR_SONARS_right: 0, SENSOR_SONARS_rear: 0 }
  assert.deepEqual(ledge.decode(0xc8, 'F0 00 00 00 00 00 00 00'), {
    SENSOR_SONARS_mux: 0,
    SENSOR_SONARS_err_count: 15,
    ...zeros,
  })
  assert.deepEqual(ledge.decode(0x1f4, '01 02 03 04'), {
    IO_DEBUG_test_unsigned: 1,
    IO_DEBUG_test_enum: 'IO_DEBUG_test2_enum_two',
    IO_DEBUG_test_signed: 3,
    IO_DEBUG_test_float: 2,
  })

  const bits = (...names: string[]) => Object.fromEntries(names.map((name) => [`BIT_${name}`, 1]))
  const multiplex = decoderOf(real('multiplex.dbc'))
  const id = 2148676694 - 2 ** 31
  const extended = true
  assert.deepEqual(multiplex.decode(id, '20008c0100000000', { extended }), {
    Multiplexor: 8,
    ...bits('C', 'G', 'J', 'L'),
  })
  assert.deepEqual(multiplex.decode(id, '60008c35c3000000', { extended }), {
    Multiplexor: 24,
    ...bits('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L'),
  })
})
