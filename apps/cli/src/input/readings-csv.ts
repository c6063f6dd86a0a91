import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

export interface CsvRow {
  /** Place in the file, the title being line 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** What the columns of a file are. */
export type CsvLayout =
  /** A row for each reading: which signal it is of stands in a column, or nowhere when there is one signal only. */
  | {
      readonly kind: 'long'
      readonly time: number
      readonly value: number
      readonly signal?: number
      readonly name?: number
      readonly quality?: number
      readonly unit?: number
    }
  /** A row for each time, a column for each signal. */
  | {
      readonly kind: 'wide'
      readonly time: number
      readonly columns: readonly { readonly at: number; readonly name: string }[]
    }

/** Rows of a CSV file (RFC 4180; `,` `;` tab or `|` between cells), the titles first. Errors: wrong usage, with the line. */
export async function* readCsv(source: Readable): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t', '|'],
    info: true,
    max_record_size: 16 << 20,
    skip_empty_lines: true,
  })
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      yield { line: info.lines, cells: record }
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('CSV_')) throw usage(text('import.badCsv', { reason: message }))
    throw error
  }
}

const TIME = new Set(['time', 'timestamp', 'ts', 'date', 'datetime'])

/** Reads the titles. Errors: wrong usage, when there is no time or nothing beside it. */
export function layoutOf(titles: readonly string[], timeColumn: string | undefined): CsvLayout {
  const plain = titles.map((title) => title.trim())
  const lower = plain.map((title) => title.toLowerCase())
  const time = timeColumn === undefined ? lower.findIndex((title) => TIME.has(title)) : plain.indexOf(timeColumn)
  if (time < 0) throw usage(text('import.noTime', { titles: plain.join(', ') }))
  const value = lower.indexOf('value')
  if (value >= 0) {
    const places = {
      signal: lower.indexOf('signal'),
      name: lower.indexOf('name'),
      quality: lower.indexOf('quality'),
      unit: lower.indexOf('unit'),
    }
    const found = Object.fromEntries(Object.entries(places).filter(([, at]) => at >= 0))
    return { kind: 'long', time, value, ...found }
  }
  const columns = plain.map((name, at) => ({ at, name })).filter(({ at, name }) => at !== time && name !== '')
  if (columns.length === 0) throw usage(text('import.noValues', { titles: plain.join(', ') }))
  return { kind: 'wide', time, columns }
}
