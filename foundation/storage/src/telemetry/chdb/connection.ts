import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type ClickHouseClientConfigOptions, ClickHouseError, parseError } from '@clickhouse/client'
import type { ChdbResult, Session } from 'chdb'
import { withLiterals } from './literals.ts'
import type { Sessions } from './sessions.ts'

/** The contract of `@clickhouse/client`'s own `connection` option. */
type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>
type Params = Parameters<Connection['query']>[0]
type Settings = Params['clickhouse_settings']

/**
 * The engine in this process as a connection of `@clickhouse/client`. chDB brings one (`chdb/connection`); this one
 * runs parameterised queries side by side, does not let one query's settings stay for the next, and passes inserted
 * bytes on as they are. A result is held in memory whole: what may be large is written to a file by the engine.
 */
export function chdbConnection(sessions: Sessions): Connection {
  const run = ({ query, query_params, clickhouse_settings, abort_signal }: Params): Promise<ChdbResult> =>
    typed(async () => {
      const { statement, format } = settingsOf(clickhouse_settings)
      const sql = withLiterals(query, query_params)
      return sessions.query(statement, abort_signal, (session) => session.queryAsync(sql, format ? { format } : {}))
    })
  return {
    async query(params) {
      return { ...answer(params), stream: readable((await run(params)).bytes()) }
    },
    async exec(params) {
      const query = params.values === undefined ? params.query : `${params.query}\n${await body(params.values)}`
      const result = await run({ ...params, query })
      return { ...answer(params), stream: readable(result.bytes()) }
    },
    async command(params) {
      await run(params)
      return answer(params)
    },
    async insert(params) {
      const values = await body(params.values)
      // The engine takes an insert without rows for an error; for the client it is none.
      if (values.trim() !== '') await run({ ...params, query: `${params.query}\n${values}` })
      return answer(params)
    },
    async ping() {
      try {
        await run({ query: 'select 1' })
        return { success: true }
      } catch (error) {
        return { success: false, error: error as Error }
      }
    },
    close: () => sessions.close(),
  }
}

/** Runs work on the engine; its errors become the client's own, with number and name. */
export async function typed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ClickHouseError || !(error instanceof Error)) throw error
    const known = parseError(error.message)
    if (known instanceof ClickHouseError) known.cause = error
    throw known instanceof ClickHouseError ? known : error
  }
}

/**
 * A window is some thousand rows: more threads cost more than they bring. Floats are read to the last bit. A window may
 * touch any number of partitions: late data does.
 */
const INSERT_SETTINGS = {
  async_insert: 0,
  max_threads: 1,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  precise_float_parsing: 1,
  max_partitions_per_insert_block: 0,
}

/** Inserts ready-made bytes without a copy. */
export async function insertBytes(
  session: Session,
  table: string,
  columns: readonly string[],
  values: Uint8Array,
): Promise<void> {
  await typed(() => session.insert({ table, columns, values, format: 'TabSeparated', settings: INSERT_SETTINGS }))
}

/** The client sends these for the HTTP server's sake; the engine does not know them. */
const HTTP_ONLY = /^(wait_end_of_query|send_progress_in_http_headers|http_.*|enable_http_compression)$/

function settingsOf(settings: Settings): { statement: string; format: string | undefined } {
  let format: string | undefined
  const list: string[] = []
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (value === undefined || HTTP_ONLY.test(name)) continue
    if (name === 'default_format') format = String(value)
    else if (/^\w+$/.test(name)) list.push(`${name} = '${String(value).replace(/[\\']/g, '\\$&')}'`)
    else throw new Error(`not a setting's name: ${name}`)
  }
  return { statement: list.length === 0 ? '' : `set ${list.join(', ')}`, format }
}

const body = async (values: string | Readable): Promise<string> =>
  typeof values === 'string' ? values : (await buffer(values)).toString()

const answer = ({ query_id }: Params) => ({
  query_id: query_id ?? randomUUID(),
  response_headers: {},
  http_status_code: 200,
})

function readable(bytes: Uint8Array): Readable {
  const stream = Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)], { objectMode: false })
  // A result that is closed unread is destroyed with an error that nobody waits for.
  stream.on('error', () => undefined)
  return stream
}
