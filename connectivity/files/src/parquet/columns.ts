import type { FileMetaData, SchemaElement } from 'hyparquet'

/** A column of plain values. */
export interface ParquetColumn {
  readonly name: string
  readonly isTime: boolean
  /** Its times are of a zone that the file does not name. */
  readonly isLocal: boolean
}

const TIMES = new Set(['TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS', 'DATE', 'TIME_MILLIS', 'TIME_MICROS'])

/** Columns at the top that hold no lists or structures. */
export function plainColumns({ schema }: FileMetaData): ParquetColumn[] {
  const columns: ParquetColumn[] = []
  const root = schema[0]?.num_children ?? 0
  let at = 1
  for (let child = 0; child < root && at < schema.length; child++) {
    const element = schema[at]!
    const next = behind(schema, at)
    if (next === at + 1 && element.type !== undefined && element.repetition_type !== 'REPEATED')
      columns.push(columnOf(element))
    at = next
  }
  return columns
}

function columnOf({ name, logical_type: logical, converted_type: converted, type }: SchemaElement): ParquetColumn {
  const isTime =
    logical?.type === 'TIMESTAMP' ||
    logical?.type === 'DATE' ||
    logical?.type === 'TIME' ||
    type === 'INT96' ||
    TIMES.has(converted ?? '')
  return { name, isTime, isLocal: logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC }
}

/** Where the element after this one and all below it stands. */
function behind(schema: readonly SchemaElement[], at: number): number {
  let next = at + 1
  for (let child = schema[at]?.num_children ?? 0; child > 0 && next < schema.length; child--)
    next = behind(schema, next)
  return next
}
