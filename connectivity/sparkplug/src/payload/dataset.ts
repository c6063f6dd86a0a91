import { sparkplugErrors } from '../errors.ts'
import type { WireReader } from '../wire/reader.ts'
import { BOUNDS } from './bounds.ts'
import { readScalar } from './scalar.ts'
import { typeName } from './types.ts'

/** A DataSet (section 6.4.13) as the document it is stored as. */
export interface DataSetDocument {
  readonly columns: readonly string[]
  readonly types: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Reads the DataSet between the reader's place and its end. @throws MW-SPB-0001, 0003, 0025 */
export function readDataSet(reader: WireReader, name: string): DataSetDocument {
  const columns: string[] = []
  const types: number[] = []
  const rows: { from: number; to: number }[] = []
  let announced = -1
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) {
      reader.expect(0)
      announced = reader.varint()
    } else if (field === 2) columns.push(reader.text(BOUNDS.nameBytes))
    else if (field === 3) readTypes(reader, types)
    else if (field === 4) {
      reader.expect(2)
      const outer = reader.enter()
      rows.push({ from: reader.at, to: reader.end })
      reader.leave(outer)
    } else reader.skip()
    if (columns.length > BOUNDS.columns || types.length > BOUNDS.columns) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.columns, things: 'columns of a DataSet' })
    }
    if (rows.length * Math.max(columns.length, 1) > BOUNDS.cells) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.cells, things: 'cells of a DataSet' })
    }
  }
  if (types.length !== columns.length || (announced !== -1 && announced !== columns.length)) {
    throw wrong(name, `${announced} columns, ${columns.length} names and ${types.length} types do not agree`)
  }
  const end = reader.end
  const cells = rows.map(({ from, to }) => {
    reader.at = from
    reader.end = to
    return readRow(reader, types, name)
  })
  reader.at = end
  reader.end = end
  return { columns, types: types.map(typeName), rows: cells }
}

function readTypes(reader: WireReader, types: number[]): void {
  if (reader.wire !== 2) {
    types.push(reader.uint32())
    return
  }
  // Packed, as newer protobuf libraries may write it.
  const outer = reader.enter()
  while (reader.at < reader.end && types.length <= BOUNDS.columns) types.push(reader.uint32())
  reader.leave(outer)
}

function readRow(reader: WireReader, types: readonly number[], name: string): unknown[] {
  const row: unknown[] = []
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field !== 1) {
      reader.skip()
      continue
    }
    if (row.length === types.length) throw wrong(name, 'a row has more cells than there are columns')
    reader.expect(2)
    const outer = reader.enter()
    let value: unknown = null
    for (let inner = reader.field(); inner !== 0; inner = reader.field()) {
      value = readScalar(reader, inner - 1, types[row.length]!) ?? null
    }
    row.push(value)
    reader.leave(outer)
  }
  if (row.length !== types.length) throw wrong(name, 'a row has fewer cells than there are columns')
  return row
}

const wrong = (path: string, what: string) => sparkplugErrors.wrongValue({ path, type: 'DataSet', what })
