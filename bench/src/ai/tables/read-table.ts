import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

/** A CSV file with a head, column by column, as text. */
export function readColumns(file: string): ReadonlyMap<string, readonly string[]> {
  const rows = parse(readFileSync(file), { bom: true, skip_empty_lines: true, trim: true }) as string[][]
  const [head, ...body] = rows
  return new Map(head!.map((name, at) => [name, body.map((row) => row[at]!)]))
}

/** As numbers; what is none becomes NaN. */
export const numbers = (texts: readonly string[]): Float64Array =>
  Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)))
