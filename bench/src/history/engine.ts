import { createHistorian, type Historian, type HistorianSignals, type SignalFacts } from '@millwright/data'
import { createBus, createLog, systemClock } from '@millwright/foundation'
import type { Telemetry } from '@millwright/storage'

/** The product's historian on an open engine, for its schema and its rollup pass; every key is a number kept for 400 days. */
export function historianOn(telemetry: Telemetry): Historian {
  const log = createLog({ level: 'warn' })
  return createHistorian({ telemetry, bus: createBus(log), clock: systemClock, log, signals: plainSignals })
}

const plainSignals: HistorianSignals = {
  byKey: (key) => factsOf(key),
  byId: () => undefined,
  under: () => [],
  ofTenant: () => [],
}

const factsOf = (key: number): SignalFacts => ({
  key,
  id: `sig_${key}`,
  tenant: 'ten_bench',
  path: [],
  name: `signal ${key}`,
  kind: 'number',
  unit: '1',
  equipment: null,
  device: null,
  min: null,
  max: null,
  maxRate: null,
  staleAfter: null,
  flatAfter: null,
  retention: 'standard',
  simulated: false,
})

/** Waits until the engine has merged what it wants to merge. */
export async function merged(telemetry: Telemetry): Promise<void> {
  for (;;) {
    const [row] = await rowsOf(telemetry, 'select count() as running from system.merges')
    if (row!['running'] === 0) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** What tables take on disk, with all their files. */
export async function diskUse(
  telemetry: Telemetry,
  tables: readonly string[],
): Promise<{ bytes: number; rows: number; parts: number }> {
  const list = tables.map((table) => `'${table}'`).join(', ')
  const [row] = await rowsOf(
    telemetry,
    `select sum(bytes_on_disk) as bytes, sum(rows) as rows, count() as parts from system.parts
     where active and database = currentDatabase() and table in (${list})`,
  )
  return { bytes: row!['bytes']!, rows: row!['rows']!, parts: row!['parts']! }
}

async function rowsOf(telemetry: Telemetry, query: string): Promise<Record<string, number>[]> {
  const reply = await telemetry.client.query({ query, format: 'JSONEachRow' })
  const rows = await reply.json<Record<string, number | string>>()
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])))
}
