import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { isUnit, MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { INDUSTRIAL, skip } from '../../test/industrial.ts'
import { dbcText, parseDbc } from './parse.ts'
import { unitOfDbc } from './units.ts'

const machine = readFileSync(new URL('../../testcases/machine.dbc', import.meta.url), 'utf8')

test('reads messages, signals, attributes, tables, comments and extended multiplexing', () => {
  const { messages, nodes, notes } = parseDbc(machine)
  assert.deepEqual(notes, [])
  assert.deepEqual(nodes, [
    { name: 'Press', address: undefined },
    { name: 'Pump', address: 33 },
    { name: 'Panel', address: undefined },
  ])
  const [status, wide, page, ccvs] = messages
  assert.deepEqual(
    [status?.id, status?.extended, status?.sender, status?.cycle, status?.fd, status?.comment],
    [256, false, 'Press', 100, false, 'What the press does; each 100 ms\nand on change'],
  )
  const force = status!.signals[1]!
  assert.deepEqual([force.start, force.length, force.signed, force.factor, force.offset], [8, 16, true, 0.5, -100])
  assert.equal(force.comment, 'At the ram, "filtered"')
  assert.equal(status!.signals[0]!.values?.get(1), 'Automatic')
  assert.deepEqual([wide!.fd, wide!.signals[0]!.float, wide!.signals[2]!.float], [true, 32, 64])
  const deep = page!.signals.find(({ name }) => name === 'Deep')
  assert.deepEqual(deep?.multiplexed, {
    by: 'Inner',
    ranges: [
      [2, 3],
      [7, 7],
    ],
  })
  assert.deepEqual(page!.signals[1]!.multiplexed, { by: 'Selector', ranges: [[0, 0]] })
  assert.equal(page!.signals[1]!.values?.get(1), 'On')
  assert.deepEqual([ccvs!.id, ccvs!.extended, ccvs!.j1939, ccvs!.sender], [0x18fef100, true, true, undefined])
  assert.equal(ccvs!.signals[0]!.spn, 84)
})

test('reads every real database, message by message and signal by signal', { skip }, (t) => {
  const files = globSync(`${INDUSTRIAL}/**/*.{dbc,DBC}`)
  assert.equal(files.length, 90)
  let signals = 0
  for (const file of files) {
    const text = dbcText(readFileSync(file))
    const { messages, notes } = parseDbc(text)
    // Counted by their lines, without the message that stands for signals of none.
    const sections = text
      .split(/^\s*BO_ +(?=\d+)/m)
      .slice(1)
      .filter((section) => !/^\d+ +VECTOR__INDEPENDENT/.test(section))
    const lost = notes.filter((note) => /is left out/.test(note)).length
    const counted = sections.length
    const countedSignals = sections.join('').match(/^\s*SG_ +\w+/gm)?.length ?? 0
    const found = messages.reduce((sum, message) => sum + message.signals.length, 0)
    if (!basename(file).startsWith('issue_199')) {
      assert.equal(messages.length, counted, file)
      assert.equal(found + lost, countedSignals, file)
    } else assert.equal(messages.length + lost, counted, `${file}: identifiers beyond 11 bits without the mark of 29`)
    signals += found
  }
  t.diagnostic(`90 databases, ${signals} signals`)
})

test('knows encodings', { skip }, () => {
  const text = dbcText(readFileSync(`${INDUSTRIAL}/dbc/cantools/cp1252.dbc`))
  assert.match(text, /€‚ƒ„…†‡ˆ‰Š‹Œ/)
  assert.match(dbcText(Buffer.from('CM_ "Öl";')), /Öl/)
  assert.match(dbcText(Buffer.from('CM_ "Öl";', 'latin1')), /Öl/)
})

test('units become UCUM codes, or none', () => {
  const known: Record<string, string | undefined> = {
    ...{ '°C': 'Cel', degC: 'Cel', C: 'Cel', 'deg C': 'Cel', degK: 'K', rpm: '{rev}/min', 'N*m': 'N.m', Nm: 'N.m' },
    ...{
      kph: 'km/h',
      mph: '[mi_i]/h',
      'm/s': 'm/s',
      degrees: 'deg',
      '%': '%',
      Bar: 'bar',
      MPa: 'MPa',
      mPa: 'mPa',
      mV: 'mV',
    },
    ...{
      MV: 'MV',
      'deg/s': 'deg/s',
      kPa: 'kPa',
      g: undefined,
      '': undefined,
      'Not Applicable': undefined,
      ASCII: undefined,
    },
    ...{ constructor: undefined, V: 'V', s: 's', '-': '1' },
  }
  for (const [text, code] of Object.entries(known)) assert.equal(unitOfDbc(text), code, text)
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), (text) => {
      const code = unitOfDbc(text)
      assert.ok(code === undefined || isUnit(code))
    }),
  )
})

test('what cannot be read is said with its line', () => {
  const says = (text: string, what: RegExp) => assert.throws(() => parseDbc(text), what)
  says('BO_ 1 A: 8 B\n SG_ x : 0|8@1+ (1,0) [0|0 "" C', /Line 2 of the CAN database: "" stands where \] is expected/)
  says('BO_ 1 A: 8 B\n\n SG_ x : 0|8@2+ (1,0) [0|0] "" C', /Line 3.*neither @0 nor @1/)
  says('SG_ x : 0|8@1+ (1,0) [0|0] "" C', /before the first message/)
  says('CM_ "open', /Line 1.*no closing quote/)
  says('BO_ 1 A', /ends within a statement/)
})

test('a hostile database ends soon', () => {
  const line = (index: number) => ` SG_ s${index} m0 : 0|8@1+ (1,0) [0|0] "" X\n`
  const signals = Array.from({ length: 50_000 }, (_, index) => line(index)).join('')
  assert.throws(() => parseDbc(`BO_ 1 A: 8 B\n${signals}`), /more than 4096 signals in a message/)
  assert.throws(() => parseDbc('('.repeat(3_000_000)), /more than 2000000 words/)
  assert.throws(() => dbcText(Buffer.alloc(9 << 20)), { status: 413 })
})

test('mutated databases are read or refused with words', () => {
  fc.assert(
    fc.property(fc.nat(machine.length), fc.nat(30), fc.string({ maxLength: 6 }), (at, cut, put) => {
      try {
        parseDbc(machine.slice(0, at) + put + machine.slice(at + cut))
      } catch (error) {
        assert.ok(error instanceof MillwrightError, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
