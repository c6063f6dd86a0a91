import { text } from 'node:stream/consumers'
import type { Telemetry } from '@millwright/storage'
import { historyErrors } from './errors.ts'

/** Bounds of one query. */
export interface QueryLimits {
  /** Seconds of work in the engine. */
  readonly seconds?: number
  readonly rows?: number
  readonly signal?: AbortSignal
  /** Threads in the engine; background work takes one, so that readings and viewers go first. */
  readonly threads?: number
}

export type Params = Readonly<Record<string, unknown>>

/** The engine's format JSONColumnsWithMetadata. */
interface ColumnsReply {
  readonly meta: readonly { readonly name: string }[]
  readonly data: Readonly<Record<string, unknown[]>>
}

const DEFAULT_SECONDS = 15
const DEFAULT_ROWS = 1_000_000
const MEMORY_BYTES = 2_000_000_000

/** The engine's error numbers for files that are missing, cut short or changed. */
const DAMAGE = new Set([32, 33, 40, 79, 107, 226, 228, 246, 271, 740])

export const isDamage = (cause: unknown): boolean => DAMAGE.has(Number((cause as { code?: unknown }).code))

/** Queries with bounds on the telemetry engine, and its errors in our words. */
export class Engine {
  readonly telemetry: Telemetry
  /** Told when a query met damaged files. */
  onDamage: () => void = () => undefined

  constructor(telemetry: Telemetry) {
    this.telemetry = telemetry
  }

  /** Runs a `select` and answers its columns, in the order of the select list; int64 as numbers, NaN as null. */
  async columns<Columns extends unknown[][]>(
    sql: string,
    params: Params = {},
    limits: QueryLimits = {},
  ): Promise<Columns> {
    const bounds = [
      'output_format_json_quote_64bit_integers = 0',
      'output_format_json_quote_denormals = 0',
      `max_result_rows = ${limits.rows ?? DEFAULT_ROWS}`,
      `result_overflow_mode = 'throw'`,
      ...this.#bounds(limits),
    ]
    return this.#guarded(limits, async () => {
      const reply = await this.telemetry.client.exec({
        query: `${sql} settings ${bounds.join(', ')} format JSONColumnsWithMetadata`,
        query_params: { ...params },
        ...(limits.signal === undefined ? {} : { abort_signal: limits.signal }),
      })
      const { meta, data } = lastDocument(await text(reply.stream))
      // Without rows there are no columns in `data`, only in `meta`.
      return meta.map(({ name }) => data[name] ?? []) as Columns
    })
  }

  /** Reads a table through against its checksums; answers the parts that failed, and why. */
  async check(table: string): Promise<{ part: string; message: string }[]> {
    const reply = await this.telemetry.client.exec({ query: `check table ${table} format JSONColumnsWithMetadata` })
    const { data } = lastDocument(await text(reply.stream))
    const rows = (data['part_path'] ?? []).map((part, i) => ({
      part: String(part),
      message: String(data['message']?.[i]),
      passed: data['is_passed']?.[i] === 1,
    }))
    return rows.filter(({ passed }) => !passed)
  }

  /** Runs a statement that answers nothing: `insert into … select`, DDL. */
  async run(sql: string, params: Params = {}, limits: QueryLimits = {}): Promise<void> {
    const bounds =
      limits.seconds === undefined && limits.threads === undefined ? '' : ` settings ${this.#bounds(limits).join(', ')}`
    await this.#guarded(limits, () =>
      this.telemetry.client.command({ query: `${sql}${bounds}`, query_params: { ...params } }),
    )
  }

  /** Runs a `select` that ends in its own `format` and answers the bytes as they come. */
  async stream(sql: string, params: Params, limits: QueryLimits): Promise<AsyncIterable<Uint8Array>> {
    return this.#guarded(limits, async () => {
      const reply = await this.telemetry.client.exec({
        query: sql,
        query_params: { ...params },
        ...(limits.signal === undefined ? {} : { abort_signal: limits.signal }),
      })
      return reply.stream
    })
  }

  insert(table: string, columns: readonly string[], rows: Uint8Array): Promise<void> {
    return this.telemetry.insertTsv(table, columns, rows)
  }

  #bounds(limits: QueryLimits): string[] {
    return [
      `max_execution_time = ${limits.seconds ?? DEFAULT_SECONDS}`,
      `max_memory_usage = ${MEMORY_BYTES}`,
      `max_bytes_before_external_group_by = ${MEMORY_BYTES / 2}`,
      `max_bytes_before_external_sort = ${MEMORY_BYTES / 2}`,
      ...(limits.threads === undefined ? [] : [`max_threads = ${limits.threads}`]),
    ]
  }

  async #guarded<T>(limits: QueryLimits, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (limits.signal?.aborted === true) throw historyErrors.clientGone({ cause })
      if (isDamage(cause)) {
        this.onDamage()
        throw historyErrors.damaged({ cause })
      }
      throw engineError(cause, limits)
    }
  }
}

const DOCUMENT_START = '{\n\t"meta":'

/**
 * The reply to this query. chDB (3.4) leaves what a failed query had written already in its session and puts it in front
 * of the next reply, which may be somebody else's: only the last document is ours. Text values cannot imitate its start,
 * because JSON escapes their line ends.
 */
function lastDocument(text: string): ColumnsReply {
  return JSON.parse(text.slice(text.lastIndexOf(DOCUMENT_START))) as ColumnsReply
}

/** ClickHouse's error numbers: 158/396 rows, 159/160 time, 241 memory. */
function engineError(cause: unknown, limits: QueryLimits): Error {
  const code = Number((cause as { code?: unknown }).code)
  const seconds = limits.seconds ?? DEFAULT_SECONDS
  if (code === 158 || code === 396 || code === 241) return historyErrors.resultTooLarge({ cause })
  if (code === 159 || code === 160) return historyErrors.tooSlow({ seconds, cause })
  return historyErrors.engine({ reason: reasonOf(cause), cause })
}

/** The engine's own sentence, without its error number and stack. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.replace(/^Code: \d+\. DB::Exception: /, '').slice(0, 500)
}
