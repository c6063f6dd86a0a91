import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDocumentPairs } from './pairs.ts'
import { kindOf, readValue } from './reading-values.ts'
import { layoutOf, readCsv } from './readings-csv.ts'

const rowsOf = async (text: string) => {
  const rows: string[][] = []
  // In pieces of a few bytes: a cell may be cut anywhere, also within a character.
  const bytes = Buffer.from(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) => bytes.subarray(i * 3, i * 3 + 3))
  for await (const { cells } of readCsv(Readable.from(pieces, { objectMode: false }))) rows.push([...cells])
  return rows
}

test('files of spreadsheets are read as they are: marks, separators, quotes, line ends', async () => {
  assert.deepEqual(await rowsOf('\ufefftime;value\r\n1;"a ""b""; °C"\r\n'), [
    ['time', 'value'],
    ['1', 'a "b"; °C'],
  ])
  assert.deepEqual(await rowsOf('time\tvalue\n1\t2\n\n'), [
    ['time', 'value'],
    ['1', '2'],
  ])
  await assert.rejects(rowsOf('time,value\n1,2,3\n'), { exit: 2 })
  await assert.rejects(rowsOf('time,value\n1,"open\n'), { exit: 2 })
})

test('titles say what the columns are', () => {
  assert.deepEqual(layoutOf(['time', 'signal', 'name', 'unit', 'value', 'quality'], undefined), {
    kind: 'long',
    time: 0,
    signal: 1,
    name: 2,
    unit: 3,
    value: 4,
    quality: 5,
  })
  assert.deepEqual(layoutOf(['Timestamp', 'flow', ' rpm '], undefined), {
    kind: 'wide',
    time: 0,
    columns: [
      { at: 1, name: 'flow' },
      { at: 2, name: 'rpm' },
    ],
  })
  assert.equal(layoutOf(['when', 'flow'], 'when').time, 0)
  assert.throws(() => layoutOf(['when', 'flow'], undefined), { exit: 2 })
  assert.throws(() => layoutOf(['time'], undefined), { exit: 2 })
})

test('every number is read as the same number, nothing else as one', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(readValue(String(value), 'number'), value === 0 ? Number(String(value)) : value)
    }),
  )
  for (const none of ['', ' ', 'NaN', 'null']) assert.equal(readValue(none, 'number'), null)
  for (const wrong of ['1,5', '0x10', 'Infinity', '1e400', '1_000', 'abc', 'true']) {
    assert.equal(readValue(wrong, 'number'), undefined, wrong)
  }
  assert.deepEqual(
    ['true', 'FALSE', '1', '0', '2'].map((cell) => readValue(cell, 'boolean')),
    [true, false, true, false, undefined],
  )
})

test('the kind of a new signal is what its values look like', () => {
  assert.equal(kindOf(['1', '2.5', '']), 'number')
  assert.equal(kindOf(['true', 'false']), 'boolean')
  assert.equal(kindOf(['running', '7']), 'state')
  assert.equal(kindOf(['{"sampleRate":100,"samples":[1]}']), 'waveform')
  assert.equal(kindOf(['{"latitude":1,"longitude":2}']), 'position')
  assert.equal(kindOf(['{"a":1}']), 'document')
  assert.equal(kindOf([]), 'number')
})

test('pairs make documents, and cannot reach what is not theirs', () => {
  assert.deepEqual(readDocumentPairs(['a.b=1', 'a.c=x', 'd=null', 'e={"f":[1]}', 'g=']), {
    a: { b: 1, c: 'x' },
    d: null,
    e: { f: [1] },
    g: '',
  })
  const document = readDocumentPairs(['__proto__.polluted=1', 'constructor.prototype.polluted=1'])
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  assert.deepEqual(Object.keys(document), ['__proto__', 'constructor'])
  assert.throws(() => readDocumentPairs(['a']), { exit: 2 })
})
