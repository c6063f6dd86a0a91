import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Telemetry } from '../ports.ts'

/** What every telemetry engine must do; `open` gives one whose current database may be written to. */
export function telemetryContract(name: string, open: () => Promise<Telemetry>): void {
  let telemetry: Telemetry
  const table = `contract_${process.pid}`
  const rows = async <T>(query: string, query_params: Record<string, unknown> = {}): Promise<T[]> =>
    (await telemetry.client.query({ query, query_params, format: 'JSONEachRow' })).json<T>()

  before(async () => {
    telemetry = await open()
    await telemetry.client.command({
      query: `create table ${table} (signal UInt32, time DateTime64(6, 'UTC') codec(DoubleDelta, ZSTD),
        value Float64 codec(Gorilla, ZSTD), text String) engine = ReplacingMergeTree order by (signal, time)`,
    })
  })
  after(async () => {
    await telemetry.client.command({ query: `drop table if exists ${table}` })
    await telemetry.close()
  })

  test(`${name}: TSV bytes go in and come back exact, to the microsecond and the last bit`, async () => {
    const lines = [
      '1\t1790000000.123456\t0.1\tplain',
      '1\t1790000000.123457\t-1.7976931348623157e308\ttab\\tnewline\\nbackslash\\\\',
      '2\t1790000000.000001\tnan\tü☃',
      '2\t1790000001.000000\t5e-324\t',
    ]
    await telemetry.insertTsv(table, ['signal', 'time', 'value', 'text'], Buffer.from(`${lines.join('\n')}\n`))
    const found = await rows<{ signal: number; us: number; value: number | null; text: string }>(
      `select signal, toInt64(toUnixTimestamp64Micro(time)) as us, value, text from ${table} order by signal, time
       settings output_format_json_quote_64bit_integers = 0, output_format_json_quote_denormals = 0`,
    )
    assert.deepEqual(found, [
      { signal: 1, us: 1_790_000_000_123_456, value: 0.1, text: 'plain' },
      { signal: 1, us: 1_790_000_000_123_457, value: -Number.MAX_VALUE, text: 'tab\tnewline\nbackslash\\' },
      { signal: 2, us: 1_790_000_000_000_001, value: null, text: 'ü☃' },
      { signal: 2, us: 1_790_000_001_000_000, value: 5e-324, text: '' },
    ])
  })

  test(`${name}: no rows are no error, wrong ones and unknown tables are`, async () => {
    await telemetry.insertTsv(table, ['signal', 'time', 'value', 'text'], new Uint8Array())
    await assert.rejects(telemetry.insertTsv(table, ['signal', 'time', 'value', 'text'], Buffer.from('one\t2\t3\t4\n')))
    await assert.rejects(telemetry.insertTsv('nowhere', ['a'], Buffer.from('1\n')), { code: '60' })
    await assert.rejects(telemetry.insertTsv('x; drop table y', ['a'], Buffer.from('1\n')))
    await assert.rejects(rows('select * from nowhere'), { code: '60', type: 'UNKNOWN_TABLE' })
    assert.deepEqual(await rows(`select toUInt32(count()) as n from ${table}`), [{ n: 4 }])
  })

  test(`${name}: the rows of a query that failed half way never come with another's`, async () => {
    const failing = 'select number, throwIf(number > 200000) as ok from numbers(300000) settings max_block_size = 1000'
    for (let i = 0; i < 5; i++) await assert.rejects(rows(failing))
    for (let i = 0; i < 5; i++) assert.deepEqual(await rows('select toUInt32(7) as mine'), [{ mine: 7 }])
  })

  test(`${name}: parameters of every kind arrive as values, whatever stands in them`, async () => {
    const hostile = `'; drop table ${table}; -- \\' \\\\ \n\t {a:String} \`"`
    const [row] = await rows<Record<string, unknown>>(
      `select {text:String} as text, {text:String} = {same:String} as equal, {number:Float64} as number,
         toUInt32({whole:UInt32} + 1) as whole, toString({big:Int64}) as big, {yes:Bool} as yes, {none:Nullable(String)} as none,
         {numbers:Array(UInt32)} as numbers, {texts:Array(String)} as texts, '{text:String}' as quoted -- {gone:String}
         , toString({time:DateTime64(6, 'UTC')}) as time /* {gone:String} */`,
      {
        text: hostile,
        same: hostile,
        number: -0.1,
        whole: 41,
        big: 9_007_199_254_740_993n,
        yes: true,
        none: null,
        numbers: [1, 2, 3],
        texts: [`a'b`, 'c\\d', `e,f]`, ''],
        time: '2026-11-20 05:36:25.123456',
      },
    )
    assert.deepEqual(row, {
      text: hostile,
      equal: 1,
      number: -0.1,
      whole: 42,
      big: '9007199254740993',
      yes: true,
      none: null,
      numbers: [1, 2, 3],
      texts: [`a'b`, 'c\\d', `e,f]`, ''],
      quoted: '{text:String}',
      time: '2026-11-20 05:36:25.123456',
    })
    assert.deepEqual(
      await rows(`select signal from {table:Identifier} where signal in {s:Array(UInt32)} limit 1`, {
        table,
        s: [2, 9],
      }),
      [{ signal: 2 }],
    )
    await assert.rejects(rows('select {missing:String}', {}))
  })

  test(`${name}: settings hold for their query alone`, async () => {
    const limited = telemetry.client.query({
      query: 'select number from numbers(1000)',
      clickhouse_settings: { max_result_rows: '10', result_overflow_mode: 'throw' },
      format: 'JSONEachRow',
    })
    await assert.rejects(limited, { type: 'TOO_MANY_ROWS_OR_BYTES' })
    assert.equal((await rows('select number from numbers(1000)')).length, 1000)
  })

  test(`${name}: queries and inserts run side by side`, async () => {
    const slow = rows<{ s: number }>('select sleepEachRow(0.05) as s from numbers(10) settings max_block_size = 1')
    const order: string[] = []
    await Promise.all([
      slow.then(() => order.push('slow')),
      rows('select {a:UInt8} as a', { a: 1 }).then(() => order.push('query')),
      telemetry.insertTsv(table, ['signal', 'time'], Buffer.from('7\t1790000000\n')).then(() => order.push('insert')),
    ])
    assert.equal(order.at(-1), 'slow')
  })

  test(`${name}: a caller that goes away is answered at once, and the engine stays well`, async () => {
    const gone = new AbortController()
    const query = telemetry.client.query({
      query: 'select sleepEachRow(0.1) from numbers(5) settings max_block_size = 1',
      format: 'JSONEachRow',
      abort_signal: gone.signal,
    })
    const since = performance.now()
    setTimeout(() => gone.abort(new Error('gone')), 20)
    await assert.rejects(async () => (await query).json())
    assert.ok(performance.now() - since < 400)
    assert.deepEqual(await rows('select 1 as one'), [{ one: 1 }])
    assert.deepEqual(await telemetry.client.ping(), { success: true })
  })

  test(`${name}: a query that takes too long is ended`, async () => {
    const query = 'select sleepEachRow(0.1) from numbers(100) settings max_block_size = 1, max_execution_time = 0.3'
    await assert.rejects(rows(query), { type: 'TIMEOUT_EXCEEDED' })
  })

  test(`${name}: the client's own row inserts work as well`, async () => {
    const values = [{ signal: 8, time: '2026-11-20 05:36:25.123456', value: 1.5, text: `it's` }]
    await telemetry.client.insert({ table, values, format: 'JSONEachRow' })
    await telemetry.client.insert({ table, values: [], format: 'JSONEachRow' })
    assert.deepEqual(await rows(`select value, text from ${table} where signal = 8`), [{ value: 1.5, text: `it's` }])
  })
}
