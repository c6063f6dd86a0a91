import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../historian/engine.ts'
import { historyErrors } from '../historian/errors.ts'
import { type ExportFormat, type ExportQuery, exportStatement, isNumeric, type Statement } from './query.ts'

export type { ExportQuery } from './query.ts'

/** A file on its way: its name, its media type and its bytes as they come. */
export interface FileExport {
  readonly name: string
  readonly type: string
  readonly bytes: AsyncIterable<Uint8Array>
}

const FORMATS: Readonly<Record<ExportFormat, { engine: string; type: string; settings: string }>> = {
  csv: { engine: 'CSVWithNames', type: 'text/csv; charset=utf-8', settings: `format_csv_null_representation = ''` },
  json: { engine: 'JSONEachRow', type: 'application/json', settings: 'output_format_json_array_of_rows = 1' },
  parquet: {
    engine: 'Parquet',
    type: 'application/vnd.apache.parquet',
    settings: 'output_format_parquet_string_as_string = 1',
  },
  arrow: {
    engine: 'Arrow',
    type: 'application/vnd.apache.arrow.file',
    settings: 'output_format_arrow_string_as_string = 1',
  },
}

const SECONDS = 600
const MEMORY = 1_000_000_000

/**
 * Readings as a file, written by the engine and passed on in pieces: never whole in this process's memory. Resolves
 * once the engine has begun without an error.
 */
export async function exportFile(engine: Engine, query: ExportQuery, signal: AbortSignal): Promise<FileExport> {
  const other = query.signals.find((facts) => !isNumeric(facts))
  if (other !== undefined && (query.layout === 'wide' || query.step !== undefined)) {
    throw historyErrors.kindDiffers({
      name: other.name,
      kind: other.kind,
      asked: 'a wide or stepped file',
      path: 'signals',
    })
  }
  const { type } = FORMATS[query.format]
  const statement = exportStatement(query)
  const bytes = engine.telemetry.embedded
    ? await throughFile(engine, statement, query.format, signal)
    : await engine.stream(
        `${statement.sql} settings ${settings(query.format)} format ${FORMATS[query.format].engine}`,
        statement.params,
        { signal, seconds: SECONDS },
      )
  return { name: `readings.${query.format}`, type, bytes }
}

function settings(format: ExportFormat): string {
  return [
    FORMATS[format].settings,
    `max_execution_time = ${SECONDS}`,
    `max_memory_usage = ${MEMORY * 2}`,
    `max_bytes_before_external_group_by = ${MEMORY}`,
    `max_bytes_before_external_sort = ${MEMORY}`,
    'max_threads = 1',
  ].join(', ')
}

/** The engine in this process hands results over whole; so it writes a file, which is passed on and removed. */
async function throughFile(
  engine: Engine,
  statement: Statement,
  format: ExportFormat,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const directory = await mkdtemp(join(tmpdir(), 'millwright-export-'))
  const path = join(directory, 'file')
  try {
    await engine.run(
      `insert into function file('${path}', '${FORMATS[format].engine}') settings ${settings(format)} ${statement.sql}`,
      statement.params,
      { signal },
    )
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
  return passedOn(path, directory)
}

async function* passedOn(path: string, directory: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
