import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Telemetry } from '@millwright/storage'
import { historyErrors } from './errors.ts'

/** Steps of the telemetry schema, in order; a step is never changed after a release, only followed by another. */
const STEPS = ['0001_readings']

/**
 * Partitions: class `short` by week, the others by month, so that retention drops whole partitions and an import of
 * years of history still touches only a few dozen of them.
 */
const PERIOD = `(class, toUInt32(toYYYYMMDD(if(class = 1, toMonday(fromUnixTimestamp64Micro(time, 'UTC')),
  toStartOfMonth(fromUnixTimestamp64Micro(time, 'UTC'))))))`

/**
 * Fills a step's places. On one node the engines stand as written. A cluster needs `Replicated…` engines over
 * `{shard}`/`{replica}` macros, `on cluster`, and a Distributed table in front: this is the one place to say so.
 */
const filled = (sql: string): string =>
  sql.replaceAll('{{period}}', PERIOD).replace(/\{\{(\w*MergeTree(?:\(\w+\))?)\}\}/g, '$1')

const statements = (sql: string): string[] =>
  sql
    .replace(/^\s*--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')

/** Applies what is missing of the telemetry schema. Safe to call again, and after a crash half way. */
export async function migrateTelemetry(telemetry: Telemetry): Promise<void> {
  await telemetry.client.command({
    query: `create table if not exists telemetry_steps (id String, checksum String, applied DateTime default now())
      engine = MergeTree order by id`,
  })
  const reply = await telemetry.client.query({
    query: 'select id, checksum from telemetry_steps',
    format: 'JSONEachRow',
  })
  const applied = new Map((await reply.json<{ id: string; checksum: string }>()).map((row) => [row.id, row.checksum]))
  for (const id of STEPS) {
    const text = stepText(id)
    const checksum = createHash('sha256').update(text).digest('hex')
    const found = applied.get(id)
    if (found !== undefined && found !== checksum) throw historyErrors.schemaChanged({ id })
    if (found !== undefined) continue
    for (const statement of statements(filled(text))) await telemetry.client.command({ query: statement })
    await telemetry.insertTsv('telemetry_steps', ['id', 'checksum'], Buffer.from(`${id}\t${checksum}\n`))
  }
  await checkTables(telemetry)
}

/** A table whose definition is gone would otherwise be found out by the first query that needs it. */
async function checkTables(telemetry: Telemetry): Promise<void> {
  const reply = await telemetry.client.query({
    query: 'select name from system.tables where database = currentDatabase()',
    format: 'JSONEachRow',
  })
  const there = new Set((await reply.json<{ name: string }>()).map(({ name }) => name))
  const wanted = STEPS.flatMap((id) =>
    [...stepText(id).matchAll(/create table if not exists (\w+)/g)].map((made) => made[1]!),
  )
  const missing = wanted.filter((name) => !there.has(name))
  if (missing.length > 0) throw historyErrors.tablesMissing({ tables: missing.join(', ') })
}

const stepText = (id: string): string =>
  readFileSync(new URL(`../../migrations/telemetry/${id}.sql`, import.meta.url), 'utf8')
