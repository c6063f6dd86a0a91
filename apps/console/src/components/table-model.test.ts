import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileName } from './download.ts'
import { fromLines, toLines } from './notation.ts'
import { type Column, sortRows, toCsv } from './table-model.ts'
import { dropView, parseViews, saveView } from './views.ts'

interface Row {
  name: string
  age: number | null
}
const columns: Column<Row>[] = [
  { key: 'name', title: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { key: 'age', title: 'Age', cell: (row) => row.age, sort: (row) => row.age },
]
const rows: Row[] = [
  { name: 'Pump 10', age: 3 },
  { name: 'pump 9', age: null },
  { name: 'Pump 1', age: 7 },
]

it('sorts numbers in names as numbers, and rows without a value last either way', () => {
  const names = (key: string, down: boolean) => sortRows(rows, columns, { key, down }).map((row) => row.name)
  assert.deepEqual(names('name', false), ['Pump 1', 'pump 9', 'Pump 10'])
  assert.deepEqual(names('age', false), ['Pump 10', 'Pump 1', 'pump 9'])
  assert.deepEqual(names('age', true), ['Pump 1', 'Pump 10', 'pump 9'])
  assert.equal(sortRows(rows, columns, undefined), rows)
})

it('writes CSV that no spreadsheet runs', () => {
  const csv = toCsv(
    ['name', 'value'],
    [
      ['a "quoted", one', 1.5],
      ['=HYPERLINK("x")', -2],
      ['-3.5', null],
    ],
  )
  assert.equal(csv, 'name,value\r\n"a ""quoted"", one",1.5\r\n"\'=HYPERLINK(""x"")",-2\r\n-3.5,\r\n')
})

it('keeps views under their names, and leaves out what is damaged', () => {
  const hot = { name: 'Hot', search: '?priority=critical', hidden: ['where'] }
  const views = saveView(saveView([], hot), { ...hot, search: '' })
  assert.deepEqual(views, [{ ...hot, search: '' }])
  assert.deepEqual(parseViews(JSON.stringify([hot, { name: 'x', search: 'javascript:', hidden: [] }, 7])), [hot])
  assert.deepEqual(parseViews('{'), [])
  assert.deepEqual(dropView(views, 'Hot'), [])
})

it('makes file names of any name', () => {
  assert.equal(fileName('Pump P-101: / état', 'csv'), 'Pump-P-101-état.csv')
  assert.equal(fileName('../../..', 'csv'), 'millwright.csv')
})

it('reads pairs as people type them, and says which line is wrong', () => {
  const { pairs, wrong } = fromLines('serial = NW-1\n\nurl=https://x/?a=b')
  assert.deepEqual(pairs, { serial: 'NW-1', url: 'https://x/?a=b' })
  assert.equal(wrong, undefined)
  assert.equal(fromLines('a = 1\nnonsense').wrong, 2)
  assert.deepEqual(fromLines(toLines(pairs)).pairs, pairs)
})
