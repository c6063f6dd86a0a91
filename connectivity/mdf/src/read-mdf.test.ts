import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { kindOf } from '@millwright/connectivity'
import { decodersOf } from '@millwright/connectivity-can'
import { PickedFile } from '@millwright/connectivity-files'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { MF4, skip } from '../test/industrial.ts'
import { mdfReader } from './read-mdf.ts'
import { type TestChannel, type TestFile, writeMdf } from './testing/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'millwright-mdf-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const START = 1_790_000_000_000_000

interface Row {
  readonly metric: string
  readonly device: string | undefined
  readonly time: number
  readonly value: unknown
  readonly quality: number
  readonly unit: string | undefined
}

async function read(path: string, dbc?: string, position?: string) {
  const databases = dbc === undefined ? [] : [{ dbc }]
  const reader = mdfReader({
    makeDecoders: decodersOf({ databases, metric: 'message.signal', device: 'sender', signalInterval: 0 }),
    hasDatabases: databases.length > 0,
    now: () => 1.9e15,
    toUtc: (local) => local - 3.6e9,
  })
  const file = await PickedFile.open(path)
  const rows: Row[] = []
  const refused: string[] = []
  const positions: { position: string; rows: number }[] = []
  try {
    for await (const batch of reader(file, position)) {
      for (const { device, rows: some } of batch.rows)
        for (let row = 0; row < some.length; row++) {
          const wide = some.wide[row]
          const value =
            wide?.kind === 'state' ? wide.value : kindOf(some.kind[row]!) === undefined ? null : some.value[row]!
          rows.push({
            metric: some.name[row]!,
            device,
            time: some.time[row]!,
            value,
            quality: some.quality[row]!,
            unit: some.unit[row],
          })
        }
      refused.push(...batch.refused.map(({ error }) => error.message))
      positions.push({ position: batch.position, rows: rows.length })
    }
  } finally {
    await file.close()
  }
  const of = (metric: string) => rows.filter((row) => row.metric === metric)
  return { rows, refused, positions, of, values: (metric: string) => of(metric).map(({ value }) => value) }
}
let made = 0
async function written(file: TestFile, dbc?: string) {
  const path = join(directory, `${made++}.mf4`)
  writeFileSync(path, writeMdf(file))
  return read(path, dbc)
}

const time: TestChannel = { name: 'time', type: 2, sync: 1, dataType: 4, byteOffset: 0, bitCount: 64 }
/** Records of a time and whatever `fill` writes behind it. */
function records(count: number, length: number, fill: (record: Buffer, row: number) => void): Buffer {
  const data = Buffer.alloc(count * length)
  for (let row = 0; row < count; row++) {
    const record = data.subarray(row * length, (row + 1) * length)
    record.writeDoubleLE(row / 4, 0)
    fill(record, row)
  }
  return data
}

for (const storage of ['plain', 'list', 'compressed', 'transposed', 'header-list'] as const)
  test(`reads records that are stored ${storage}, with exact times`, async () => {
    const force: TestChannel = {
      name: 'force',
      unit: 'kN',
      dataType: 4,
      byteOffset: 8,
      bitCount: 32,
      conversion: { type: 1, values: [10, 2] },
    }
    const result = await written({
      storage,
      groups: [{ dataBytes: 12, channels: [time, force] }],
      data: records(500, 12, (record, row) => record.writeFloatLE(row / 2, 8)),
    })
    assert.equal(result.rows.length, 500)
    assert.deepEqual(result.rows[3], {
      metric: 'force',
      device: undefined,
      time: START + 750_000,
      value: 13,
      quality: 0,
      unit: 'kN',
    })
    assert.deepEqual(
      result.values('force'),
      Array.from({ length: 500 }, (_, row) => 10 + row),
    )
  })

test('integers of any place, length and byte order are what their bits say', async () => {
  const layout = fc
    .record({
      bitOffset: fc.nat(7),
      byteOffset: fc.integer({ min: 8, max: 15 }),
      bitCount: fc.integer({ min: 1, max: 64 }),
      dataType: fc.constantFrom(0, 1, 2, 3),
    })
    .filter(({ bitOffset, byteOffset, bitCount }) => byteOffset + Math.ceil((bitOffset + bitCount) / 8) <= 24)
  await fc.assert(
    fc.asyncProperty(layout, fc.uint8Array({ minLength: 16, maxLength: 16 }), async (place, bytes) => {
      const { values } = await written({
        groups: [{ dataBytes: 24, channels: [time, { name: 'x', ...place }] }],
        data: records(1, 24, (record) => record.set(bytes, 8)),
      })
      const count = Math.ceil((place.bitOffset + place.bitCount) / 8)
      const part = [...bytes.subarray(place.byteOffset - 8, place.byteOffset - 8 + count)]
      if (place.dataType % 2 === 0) part.reverse()
      const bits = part.reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n) >> BigInt(place.bitOffset)
      const expected = place.dataType >= 2 ? BigInt.asIntN(place.bitCount, bits) : BigInt.asUintN(place.bitCount, bits)
      assert.deepEqual(values('x'), [Number(expected)])
    }),
    { numRuns: 300 },
  )
})

test('conversions: tables, ranges, texts, ratios; what is no value', async () => {
  const channel = (name: string, type: number, values: number[], references?: (string | null)[]): TestChannel => ({
    ...{ name, dataType: 0, byteOffset: 8, bitCount: 8 },
    conversion: { type, values, ...(references === undefined ? {} : { references }) },
  })
  const channels = [
    channel('rational', 2, [0, 2, 1, 0, 0, 4]),
    channel('interpolated', 4, [0, 100, 2, 110, 4, 200]),
    channel('nearest', 5, [0, 100, 2, 110, 4, 200]),
    channel('ranges', 6, [0, 1, 10, 2, 3, 20, -1]),
    channel('texts', 7, [0, 1], ['off', 'on', 'what?']),
    channel('numbers', 7, [5], ['not there', null]),
    channel('rangeTexts', 8, [0, 1, 2, 5], ['low', 'high', null]),
    channel('formula', 3, [], ['2 * X + 1']),
    channel('program', 3, [], ['require(X)']),
    {
      ...channel('mixed', 7, [5], []),
      conversion: { type: 7, values: [5], references: ['broken', { type: 1, values: [0, 10] }] },
    },
  ]
  const { values, refused } = await written({
    groups: [{ dataBytes: 9, channels: [time, ...channels] }],
    data: records(7, 9, (record, row) => record.writeUInt8(row, 8)),
  })
  assert.deepEqual(values('rational'), [0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25])
  assert.deepEqual(values('interpolated'), [100, 105, 110, 155, 200, 200, 200])
  assert.deepEqual(values('nearest'), [100, 110, 110, 200, 200, 200, 200])
  assert.deepEqual(values('ranges'), [10, 10, 20, 20, -1, -1, -1])
  assert.deepEqual(values('texts'), ['off', 'on', 'what?', 'what?', 'what?', 'what?', 'what?'])
  assert.deepEqual(values('rangeTexts'), ['low', 'low', 'high', 'high', 'high', 'high', '6'])
  assert.deepEqual(values('mixed'), [0, 10, 20, 30, 40, null, 60])
  assert.deepEqual(values('formula'), [1, 3, 5, 7, 9, 11, 13])
  assert.deepEqual(values('program'), [])
  assert.deepEqual(
    refused.map((text) => text.replace(/\d+\.mf4/, 'X')),
    ['Of X were left out: program (a formula that cannot be read).'],
  )
})

test('invalidation bits are Bad, each by itself; floats of all sizes, big-endian too', async () => {
  const channels: TestChannel[] = [
    { name: 'a', dataType: 5, byteOffset: 8, bitCount: 64, flags: 2, invalidationBit: 1 },
    { name: 'b', dataType: 4, byteOffset: 16, bitCount: 16, flags: 2, invalidationBit: 9 },
    { name: 'never', dataType: 0, byteOffset: 8, bitCount: 8, flags: 1 },
  ]
  const { of, values } = await written({
    groups: [{ dataBytes: 18, invalidationBytes: 2, channels: [time, ...channels] }],
    data: records(4, 20, (record, row) => {
      record.writeDoubleBE(row + 0.5, 8)
      record.writeUInt16LE(0x3c00 + row * 0x100, 16)
      record[18] = row === 1 ? 2 : 0
      record[19] = row === 2 ? 2 : 0
    }),
  })
  assert.deepEqual(values('a'), [0.5, null, 2.5, 3.5])
  assert.deepEqual(values('b'), [1, 1.25, null, 1.75])
  assert.deepEqual(values('never'), [null, null, null, null])
  assert.equal(of('a')[1]?.quality, 0x80000000)
})

test('texts: fixed, in a block of their own, and in records of their own', async () => {
  const sd = Buffer.concat(
    ['läuft', 'steht'].map((text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)])),
  )
  const channels: TestChannel[] = [
    { name: 'fixed', dataType: 6, byteOffset: 8, bitCount: 32 },
    { name: 'wide', dataType: 8, byteOffset: 8, bitCount: 32 },
    { name: 'elsewhere', type: 1, dataType: 7, byteOffset: 12, bitCount: 64, signalData: sd },
  ]
  const result = await written({
    groups: [{ dataBytes: 20, channels: [time, ...channels] }],
    data: records(3, 20, (record, row) => {
      record.write(row === 0 ? '\xd6l\0x' : 'A\0B\0', 8, 'latin1')
      record.writeUInt32LE([0, 4 + 6, 77][row]!, 12)
    }),
  })
  assert.deepEqual(result.values('fixed'), ['Öl', 'A', 'A'])
  assert.deepEqual(result.values('wide').slice(1), ['AB', 'AB'])
  assert.deepEqual(result.values('elsewhere'), ['läuft', 'steht', null])

  // Unsorted: the value comes behind its record, and two groups take turns.
  const parts: Buffer[] = []
  for (let row = 0; row < 300; row++) {
    const record = Buffer.alloc(16)
    record.writeDoubleLE(row, 0)
    record.writeUInt32LE(row * (4 + 7), 8)
    const other = Buffer.alloc(9)
    other.writeDoubleLE(row, 0)
    other[8] = row
    parts.push(
      Buffer.from([1]),
      record,
      Buffer.from([3]),
      other,
      Buffer.from([2]),
      u32(7),
      Buffer.from(`text${String(row).padStart(3, '0')}`),
    )
  }
  const unsorted = await written({
    recordIdBytes: 1,
    unfinished: true,
    groups: [
      {
        recordId: 1,
        dataBytes: 16,
        channels: [time, { name: 'text', type: 1, dataType: 7, byteOffset: 8, bitCount: 64, signalGroup: 2 }],
      },
      { recordId: 3, dataBytes: 9, channels: [time, { name: 'count', dataType: 0, byteOffset: 8, bitCount: 8 }] },
      { recordId: 2, isVariable: true, dataBytes: 0, channels: [] },
    ],
    // The last record was being written when the power went.
    data: Buffer.concat([...parts, Buffer.from([1, 0, 0, 0])]),
  })
  assert.deepEqual(unsorted.values('text').slice(-1), ['text299'])
  assert.equal(unsorted.values('text').length, 300)
  assert.deepEqual(unsorted.values('count').slice(0, 3), [0, 1, 2])
  assert.deepEqual(unsorted.refused, [])
})

test('the same name in two groups is told apart; a group without time is left out', async () => {
  const angle: TestChannel = { ...time, name: 'angle', sync: 2 }
  const x: TestChannel = { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8 }
  const group = (recordId: number, name: string, master: TestChannel) => ({
    recordId,
    name,
    dataBytes: 9,
    channels: [master, x],
  })
  const record = (id: number) => Buffer.concat([Buffer.from([id]), records(1, 9, (bytes) => bytes.writeUInt8(id, 8))])
  const { rows, refused } = await written({
    recordIdBytes: 1,
    groups: [group(1, 'fast', time), group(2, 'slow', time), group(3, 'crank', angle)],
    data: Buffer.concat([1, 2, 3, 1].map(record)),
  })
  assert.deepEqual(
    rows.map(({ metric, value }) => [metric, value]),
    [
      ['x (fast)', 1],
      ['x (slow)', 2],
      ['x (fast)', 1],
    ],
  )
  assert.match(refused[0]!, /group crank, which has no time/)
})

test('reading goes on at any position it gave, with what is left and nothing else', async () => {
  const path = join(directory, 'resumed.mf4')
  const channels = ['a', 'b', 'c'].map(
    (name, index): TestChannel => ({ name, dataType: 0, byteOffset: 8 + index, bitCount: 8 }),
  )
  writeFileSync(
    path,
    writeMdf({
      groups: [{ dataBytes: 11, channels: [time, ...channels] }],
      data: records(30_000, 11, (record, row) => record.writeUIntBE(row, 8, 3)),
    }),
  )
  const whole = await read(path)
  assert.equal(whole.rows.length, 90_000)
  assert.ok(whole.positions.length > 3)
  for (const { position, rows } of whole.positions) {
    const rest = await read(path, undefined, position)
    assert.deepEqual(rest.rows.at(0), whole.rows[rows])
    assert.equal(rest.rows.length, 90_000 - rows)
  }
})

test('a start in local time is of the zone that is configured', async () => {
  const x: TestChannel = { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8 }
  const { rows } = await written({
    timeFlags: 1,
    startNanoseconds: 1_790_000_000_000_000_999n,
    groups: [{ dataBytes: 9, channels: [time, x] }],
    data: records(1, 9, () => undefined),
  })
  assert.equal(rows[0]?.time, START - 3.6e9 + 1)
})

test('a conversion that refers to itself over and over ends soon', async () => {
  const nested = {
    type: 7,
    values: Array.from({ length: 20 }, (_, key) => key),
    references: Array(21).fill('to be itself') as string[],
  }
  const bytes = writeMdf({
    groups: [
      { dataBytes: 9, channels: [time, { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8, conversion: nested }] },
    ],
    data: records(1, 9, () => undefined),
  })
  const at = bytes.indexOf('##CC')
  for (let reference = 0; reference < 21; reference++) bytes.writeBigUInt64LE(BigInt(at), at + 24 + 8 * (4 + reference))
  const path = join(directory, 'itself.mf4')
  writeFileSync(path, bytes)
  assert.equal((await read(path)).rows.length, 1)
})

test('mutated and cut files end in words, never in anything else', async () => {
  const sample = writeMdf({
    storage: 'header-list',
    groups: [
      {
        dataBytes: 12,
        channels: [
          time,
          {
            name: 'x',
            dataType: 0,
            byteOffset: 8,
            bitCount: 8,
            conversion: { type: 7, values: [1], references: ['a', 'b'] },
          },
        ],
      },
    ],
    data: records(200, 12, () => undefined),
  })
  const path = join(directory, 'mutated.mf4')
  const spots = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(spots, fc.oneof(fc.constant(sample.length), fc.nat(sample.length)), async (changes, length) => {
      const bytes = Buffer.from(sample)
      for (const [at, byte] of changes) bytes[at] = byte
      writeFileSync(path, bytes.subarray(0, length))
      try {
        const { rows } = await read(path)
        assert.ok(rows.length <= 100_000)
      } catch (error) {
        assert.ok(error instanceof MillwrightError, error instanceof Error ? error.stack : String(error))
      }
    }),
    { numRuns: 400 },
  )
})

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Bytes of a frame as signals: their sum is what another program counted. */
const bytesOf = (id: number, extended: boolean) =>
  `BO_ ${extended ? id + 2 ** 31 : id} M: 8 Vector__XXX\n${Array.from({ length: 8 }, (_, byte) => ` SG_ B${byte} : ${8 * byte}|8@1+ (1,0) [0|255] "" Vector__XXX`).join('\n')}\n`

describe('real files', { skip }, () => {
  test('all nine are read', async () => {
    const files = globSync(`${MF4}/**/*.{mf4,MF4}`)
    assert.equal(files.length, 9)
    for (const file of files) await read(file)
  })

  // Frames and sums of their bytes as a program in Python counted them, which walks the records by itself.
  const logs = [
    [
      'css/examples/data-processing/LOG/17BD1DB7/00000006/00000170.MF4',
      0x7ec,
      false,
      1110,
      480_942,
      1_607_975_914_000_000 + 65_786_316_550,
    ],
    [
      'css/examples/data-processing/LOG/2F6913DB/00000004/00000001.MF4',
      0x9,
      false,
      4724,
      4_446_473,
      1_641_469_561_000_000 + 16_024_400,
    ],
    [
      'css/examples/data-processing/LOG/94C49784/00000005/00000002.MF4',
      0x9f11223,
      true,
      2399,
      2_577_829,
      1_616_685_482_000_000 + 57_963_050,
    ],
    [
      'css/examples/other/asammdf-basics/input/00000001.MF4',
      0x18f75e89,
      true,
      4010,
      2_556_303,
      1_701_363_724_000_000 + 1_986_550,
    ],
  ] as const
  for (const [file, id, extended, frames, sum, first] of logs)
    test(`frames of ${basename(file)} (unfinished, unsorted)`, async () => {
      const { rows, values } = await read(join(MF4, file), bytesOf(id, extended))
      assert.equal(values('M.B0').length, frames)
      assert.equal(
        rows.reduce((total, { value }) => total + (value as number), 0),
        sum,
      )
      assert.equal(rows[0]?.time, first)
    })

  test('frames that no database knows are told, and what is not there is not', async () => {
    const file = join(MF4, 'css/examples/data-processing/LOG/17BD1DB7/00000006/00000170.MF4')
    assert.deepEqual((await read(file, bytesOf(5, false))).refused, [
      'Of 00000170.MF4 were left out: all 2010 CAN frames, which no database knows.',
    ])
    assert.deepEqual((await read(file)).refused, [
      'Of 00000170.MF4 were left out: 2010 CAN frames, for which there is no database.',
    ])
    assert.deepEqual((await read(file, bytesOf(0x7ec, false))).refused, [])
  })

  test('a truck that stands, by the J1939 database beside its log', async () => {
    const folder = join(MF4, 'css/examples/other/asammdf-basics/input')
    const dbc = readFileSync(join(folder, 'CSS-Electronics-SAE-J1939-DEMO.dbc'), 'utf8')
    const { of } = await read(join(folder, '00000001.MF4'), dbc)
    assert.equal(of('EEC1.EngineSpeed').length, 3993)
    assert.ok(
      of('EEC1.EngineSpeed').every(
        ({ value, device, unit }) => value === 0 && device === 'address 0' && unit === '{rev}/min',
      ),
    )
    assert.equal(of('CCVS1.WheelBasedVehicleSpeed').length, 3993)
  })

  test('conversions of the demonstration file give what their names say', async () => {
    const { values } = await read(join(MF4, 'asammdf/test/asammdf/gui/resources/ASAP2_Demo_V171.mf4'))
    const all = (metric: string) => values(`ASAM.M.SCALAR.${metric}`) as (number | string | null)[]
    const identical = all('UBYTE.IDENTICAL')
    assert.equal(identical.length, 12_402)
    assert.equal(Math.max(...(all('SWORD.IDENTICAL') as number[])), 999)
    const status = all('UBYTE.RAT_FUNC.DIV_10') as number[]
    assert.deepEqual([Math.min(...status), Math.max(...status)], [0, 25.5])
    const plus4 = all('UBYTE.FORM_X_PLUS_4') as number[]
    assert.deepEqual([Math.min(...plus4), Math.max(...plus4)], [4, 259])
    assert.ok((all('UBYTE.TAB_INTP_NO_DEFAULT_VALUE') as number[]).every((value) => value >= 100 && value <= 111))
    assert.deepEqual([...new Set(all('UBYTE.VTAB_RANGE_DEFAULT_VALUE'))].slice(0, 4), [
      'out of range value',
      'Zero_to_one',
      'two_to_three',
      'four_to_seven',
    ])
    assert.deepEqual([...new Set(all('UBYTE.TAB_VERB_DEFAULT_VALUE'))].sort(), [
      'SawTooth',
      'Sinus',
      'Square',
      'unknown signal type',
    ])
  })
})
