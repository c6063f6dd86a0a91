import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { MF4, skip } from '../test/industrial.ts'
import { read } from '../test/reading.ts'

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
