import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { test } from 'node:test'
import { isUnit, MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { readNodeSets } from './read.ts'

const CASES = resolve(import.meta.dirname, '../../testcases')
const REAL = resolve(import.meta.dirname, '../../../../../shared/data/industrial_files/opcua')
const own = (name: string) => ({ name, bytes: readFileSync(join(CASES, name)) })
const pump = own('pump.NodeSet2.xml')
const station = own('station.NodeSet2.xml')
const text = (xml: string) => ({ name: 'x.xml', bytes: Buffer.from(xml) })

test('types become classes with their parts, units and ranges, over files in any order', () => {
  const { classes, notes } = readNodeSets([station, pump])
  assert.deepEqual(readNodeSets([pump, station]).classes.length, classes.length)
  const signals = (name: string) => classes.find((one) => one.name === name)?.signals
  assert.deepEqual(signals('PumpType'), [
    { name: 'Pressure', kind: 'number', unit: 'bar', description: 'At the outlet.', min: 0, max: 16 },
    { name: 'Drive/Running', kind: 'boolean', unit: '1', description: '(optional)' },
    { name: 'Drive/Duty', kind: 'document', unit: '1', description: '(optional)' },
  ])
  assert.deepEqual(
    signals('BigStationType')?.map(({ name }) => name),
    ['Main/Pressure', 'Main/Drive/Running', 'Main/Drive/Duty', 'Level', 'Volume'],
  )
  assert.match(classes.find(({ name }) => name === 'PumpType')?.description ?? '', /^A pump with its motor\. From urn:/)
  assert.ok(notes.some((note) => /1 abstract/.test(note)))
})

test('a file that is missing is named', () => {
  const { notes } = readNodeSets([station])
  assert.ok(notes.some((note) => /station\.NodeSet2\.xml builds on urn:millwright:test:pump/.test(note)))
})

test('what is no NodeSet is refused by name and reason', () => {
  const refused: [string, RegExp][] = [
    ['', /x\.xml is no readable NodeSet2 file/],
    ['<a/>', /root is not UANodeSet/],
    ['<UANodeSet>', /unclosed|x\.xml/],
    ['<!DOCTYPE x [<!ENTITY a "b">]><UANodeSet/>', /document type declaration/],
    ['<UANodeSet><UAObject NodeId="nonsense"/></UANodeSet>', /no node id/],
    [`<UANodeSet>${'<a>'.repeat(300)}`, /more than 200 levels/],
    ['<UANodeSet>&boom;</UANodeSet>', /x\.xml/],
  ]
  for (const [xml, reason] of refused) {
    assert.throws(
      () => readNodeSets([text(xml)]),
      (error: unknown) => error instanceof MillwrightError && reason.test(error.message),
      xml,
    )
  }
  assert.throws(() => readNodeSets([{ name: 'x.xml', bytes: Buffer.from([0xff, 0xfe, 0x3c]) }]), /not UTF-8/)
})

test('types that hold themselves, and each other, end', () => {
  const type = (id: number, part: number) => `
    <UAObjectType NodeId="ns=1;i=${id}" BrowseName="1:T${id}"><References>
      <Reference ReferenceType="i=45" IsForward="false">ns=1;i=${part}</Reference></References></UAObjectType>
    <UAObject NodeId="ns=1;i=${id + 100}" BrowseName="1:P${id}" ParentNodeId="ns=1;i=${id}"><References>
      <Reference ReferenceType="i=40">ns=1;i=${part}</Reference></References></UAObject>
    <UAVariable NodeId="ns=1;i=${id + 200}" BrowseName="1:V" DataType="i=11" ParentNodeId="ns=1;i=${id}"/>`
  const xml = `<UANodeSet><NamespaceUris><Uri>urn:loop</Uri></NamespaceUris><Models><Model ModelUri="urn:loop"/></Models>
    ${type(1, 2)}${type(2, 3)}${type(3, 1)}</UANodeSet>`
  const { classes } = readNodeSets([text(xml)])
  assert.equal(classes.length, 3)
  for (const { signals } of classes) assert.ok(signals.length > 0 && signals.length <= 2000)
})

test('mutated files are read or refused, and never hang', () => {
  const bytes = pump.bytes
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.constantFrom(...Buffer.from('<>/&"= 0ns;')), fc.nat(255))),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
      fc.nat(bytes.length),
      fc.boolean(),
      (changes, end, cut) => {
        const mutated = Buffer.from(cut ? bytes.subarray(0, end) : bytes)
        for (const [at, byte] of changes) if (at < mutated.length) mutated[at] = byte
        try {
          for (const { signals } of readNodeSets([{ name: 'x.xml', bytes: mutated }]).classes) {
            assert.ok(signals.every(({ name }) => name.length > 0 && name.length <= 200))
          }
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      },
    ),
    { numRuns: 300 },
  )
})

const skip = existsSync(REAL) ? false : 'the companion specifications of the OPC Foundation are not on this machine'
test('real companion specifications: DI, Machinery, Robotics, PackML, AutoID', { skip }, () => {
  const files = globSync(`${REAL}/**/*.xml`).map((path) => ({ name: basename(path), bytes: readFileSync(path) }))
  const { classes, notes } = readNodeSets(files)
  const signals = (name: string) => classes.find((one) => one.name === name)?.signals.map((one) => one.name) ?? []
  assert.ok(classes.length >= 40, `${classes.length} classes`)
  assert.ok(signals('MotionDeviceType').includes('ParameterSet/SpeedOverride'))
  assert.ok(signals('AxisType').includes('ParameterSet/ActualPosition'))
  assert.ok(signals('PackMLBaseObjectType').includes('Status/CurMachSpeed'))
  // From a supertype in another file (DI).
  assert.ok(signals('DriveType').includes('DeviceHealth'))
  // From the standard's own state machines.
  assert.ok(signals('MachineryItemState_StateMachineType').includes('CurrentState'))
  const health = classes.find(({ name }) => name === 'DriveType')?.signals.find(({ name }) => name === 'DeviceHealth')
  assert.equal(health?.kind, 'state')
  assert.equal(new Set(classes.map(({ name }) => name)).size, classes.length)
  for (const { signals } of classes) for (const { unit } of signals) assert.ok(isUnit(unit), unit)
  assert.ok(notes.some((note) => note.includes('PADIM')))
})
